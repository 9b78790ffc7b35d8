"""What the worker does with assessments on its own: tell people what is new, and
forget uploads that nobody saved.

Each mail is a row that is there once a day and person, so it may run late, twice, or
twice at the same moment.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Digest, UploadedSheet
from assessments.queries.digest import News, news_for, people_with_news, window_of
from organisations.emails import stop_path
from organisations.models import MailPreference, User
from organisations.steps import post_mail


logger = logging.getLogger(__name__)


def end_the_day(now: datetime, until: float | None = None) -> bool:
    """Tell people what is new, and forget what was uploaded long ago.

    Shape: whether all is done, by a time of the monotonic clock.
    Effects: mails; uploads are gone, which their authors still have as files.
    """
    is_whole = send_digests(now, until)
    try:
        UploadedSheet.objects.old(now).delete()
    except Exception:
        logger.exception("The daily run could not forget old spreadsheets")
        return False
    return is_whole


def send_digests(now: datetime, until: float | None = None) -> bool:
    """Tell each person once a day what is new for her, if anything is.

    Shape: whether all were told; `until` is a time of the monotonic clock at which to
    stop. What fails is logged, and the others go on.
    Effects: mails.
    """
    for key in people_with_news(now):
        if until is not None and time.monotonic() > until:
            return False
        try:
            _tell(key, now)
        except IntegrityError:
            continue  # Somebody else told her in the same moment.
        except Exception:
            logger.exception("The mail of what is new failed for person %s", key)
    return True


@transaction.atomic(durable=True)
def _tell(key: int, now: datetime) -> None:
    # Held, so that who comes at the same moment reads what we have done.
    person = User.objects.select_for_update().get(pk=key)
    today = timezone.localdate(now)
    if Digest.objects.filter(person=person, day=today).exists():
        return
    window = window_of(person, now)
    news = news_for(person, window)
    if not news:
        return
    Digest.objects.create(person=person, day=today, told_until=window.until)
    kind = MailPreference.Kind.DIGEST
    post_mail(
        template="digest",
        to=person.email,
        context={"news": _words(news), "stop": stop_path(person, kind)},
        at=now,
    )


def _words(news: Sequence[News]) -> str:
    """Say what is new, each standard with its address and its assessment once above."""
    lines: list[str] = []
    above = ""
    for each in news:
        heading = f"{each.organisation}, {each.assessment}"
        if heading != above:
            lines += [heading, ""]
            above = heading
        lines += [each.standard, *each.said, settings.PUBLIC_ADDRESS + each.address]
        lines.append("")
    return "\n".join(lines).strip()
