"""How many reports may be asked for, and how long what is made is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.timezone import localtime


HOUR = timedelta(hours=1)
# Archives have a count of their own: no report stands in the way of what is theirs,
# nor an archive in the way of a report. Each holds all there is, so few will do.
ARCHIVES_AN_HOUR = 3
# One of each kind. Where fewer are left within the hour we say so beforehand.
FULL_SET = 7
# The page of a report looks again by itself for so long. What takes longer we mail.
PAGE_WAITS = timedelta(minutes=2)
SHORTEST_LOOK, LONGEST_LOOK = 5, 30
FAILED_KEPT_FOR = timedelta(days=30)
# A draft of which there is a newer one. A record of a locked view is kept.
OLD_DRAFT_KEPT_FOR = timedelta(days=90)
# Names and private evidence: not for longer than it takes to fetch it.
ARCHIVE_KEPT_FOR = timedelta(days=7)


def next_look(ahead: int) -> int:
    """Say after how many seconds a page that waits may look again.

    Shape: more often when its turn is near, so that many who wait do not take the
    time that making their reports needs.
    """
    return min(LONGEST_LOOK, max(SHORTEST_LOOK, ahead // 3))


class TooMany(Exception):
    """An organisation has asked for as many as it may; a sentence for the person."""

    def __init__(self, again_at: datetime, *, asked_for: str) -> None:
        again = _named_minute(again_at)
        super().__init__(
            f"Your organisation has asked for {asked_for} in "
            f"the last hour. We make no more than that. "
            f"You can ask again at {again:%H:%M}."
        )
        self.again_at = again_at


@dataclass(frozen=True)
class Room:
    """How many more reports may be asked for now, and when there is room for more."""

    left: int
    more_at: datetime | None

    @property
    def is_short(self) -> bool:
        return self.left < FULL_SET and self.more_at is not None


def room_for(asked: Sequence[datetime]) -> Room:
    """Say how much room an organisation has that asked then.

    Shape: within the last hour, the newest first.
    """
    most: int = settings.REPORTS_AN_HOUR
    if not asked:
        return Room(most, None)
    oldest = asked[min(len(asked), most) - 1]
    return Room(max(0, most - len(asked)), _named_minute(oldest + HOUR))


def _named_minute(moment: datetime) -> datetime:
    # The minute that is named has begun by then.
    return localtime(moment + timedelta(seconds=59))


def check_can_ask(asked: Sequence[datetime]) -> None:
    """Let an organisation ask for one more report.

    Shape: when it asked within the last hour, the newest first.
    Raises: TooMany.
    """
    most = settings.REPORTS_AN_HOUR
    if len(asked) >= most:
        raise TooMany(asked[most - 1] + HOUR, asked_for=f"{most} reports")


def check_can_take_out(asked: Sequence[datetime]) -> None:
    """Let an organisation ask for one more archive.

    Shape: when it asked within the last hour, the newest first.
    Raises: TooMany.
    """
    most = ARCHIVES_AN_HOUR
    if len(asked) >= most:
        raise TooMany(asked[most - 1] + HOUR, asked_for=f"{most} archives")
