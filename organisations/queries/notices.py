"""What stewards say to everybody: for every page, and for the list in the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError

from organisations.models import Notice


KEY = "organisations.notices"
# Another process, with a cache of its own, sees a new notice within a minute.
KEPT_FOR = timedelta(minutes=1)
AT_MOST = 2


@dataclass(frozen=True)
class ShownNotice:
    text: str
    starts_at: datetime
    ends_at: datetime | None

    def is_shown(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True)
class NoticeLine:
    notice: Notice
    state: str
    is_over: bool


def shown_notices(now: datetime) -> tuple[ShownNotice, ...]:
    """Give what stands above every page, the newest first, at most two.

    Shape: nothing when the database is away: a notice never costs somebody the page.
    """
    known: tuple[ShownNotice, ...] | None = cache.get(KEY)
    if known is None:
        try:
            known = _read(now)
        except DatabaseError:
            return ()
        cache.set(KEY, known, KEPT_FOR.total_seconds())
    return tuple(notice for notice in known if notice.is_shown(now))[:AT_MOST]


def forget_notices() -> None:
    """Let the next page read the notices anew."""
    cache.delete(KEY)


def notice_lines(now: datetime) -> tuple[NoticeLine, ...]:
    """List every notice for the console, the newest first, in one query."""
    notices = Notice.objects.select_related("made_by").order_by("-starts_at", "-pk")
    return tuple(_line(notice, now) for notice in notices[:100])


def _read(now: datetime) -> tuple[ShownNotice, ...]:
    """Read what is or will be shown while it is kept."""
    notices = Notice.objects.filter(starts_at__lte=now + KEPT_FOR).not_over(now)
    return tuple(
        ShownNotice(text=n.text, starts_at=n.starts_at, ends_at=n.ends_at)
        for n in notices.order_by("-starts_at", "-pk")
    )


def _line(notice: Notice, now: datetime) -> NoticeLine:
    is_over = notice.is_over(now)
    if is_over:
        state = "Over"
    else:
        state = "Shown now" if notice.starts_at <= now else "Not shown yet"
    return NoticeLine(notice=notice, state=state, is_over=is_over)
