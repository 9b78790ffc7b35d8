"""What has to happen once a day: reminders, stages that lapse, old drafts that go.

Whatever it does is a row that can be there once, or an UPDATE that names what was
before. So it may run late, twice, or twice at the same moment. See docs/stages.md.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from organisations.access import forget_old_kept
from organisations.models import (
    DailyRun,
    MailPreference,
    Milestone,
    Organisation,
    Reminder,
)
from organisations.rules import milestone_reminder_due, reminder_due
from organisations.steps import lapse, tell_leads

from .outbox import LEASE, Bell
from .sign_ups import forget_old_drafts


logger = logging.getLogger(__name__)

ASSESSMENT = "assessment"
Kind = MailPreference.Kind
# Nobody's phone rings at midnight, and no clock is changed in these hours.
BEGINS = clock(6)
# Less than a worker may work at one thing (settings.py).
WORKING_SECONDS = 60
AGAIN_AFTER = LEASE.total_seconds()

Gone = set[tuple[str, date, int]]
Row = TypeVar("Row", Milestone, Reminder)


@dataclass(frozen=True)
class Result:
    """What a run came to. Without `is_whole`, the rest waits for the next one."""

    lapsed: int = 0
    reminded: int = 0
    forgotten: int = 0
    failed: int = 0
    is_whole: bool = True


@dataclass(frozen=True)
class Due:
    """A reminder that should have gone by today; `text` is a milestone's."""

    subject: str
    due_on: date
    months: int
    text: str = ""


def daily_bell(ring: Callable[[int], object]) -> Bell:
    """Make the bell that rings for the day's run until somebody has finished it."""
    return Bell(_waiting, ring, again_after=AGAIN_AFTER)


def daily_run(now: datetime, *, until: float | None = None) -> Result:
    """Send the reminders that are due, let stages lapse, and forget old sign-ups.

    What was kept of people who were signed out goes as well, a day after.
    Shape: one transaction for each organisation; what fails is logged, and the
    others go on. `until` is a time of the monotonic clock at which to stop.
    Effects: mails, stages, audit events "lapsed" and "forgotten".
    """
    done = {"lapsed": 0, "reminded": 0, "failed": 0, "": 0}
    for organisation_id in _with_something_due(timezone.localdate(now)):
        if until is not None and time.monotonic() > until:
            return _result(done, is_whole=False)
        try:
            done[_look_after(organisation_id, now)] += 1
        except Exception:
            logger.exception(
                "The daily run failed for organisation %s", organisation_id
            )
            done["failed"] += 1
    try:
        done["forgotten"] = forget_old_drafts(now)
        forget_old_kept(now)
    except Exception:
        logger.exception("The daily run could not forget what is old")
        done["failed"] += 1
    return _result(done, is_whole=True)


def nothing_more(now: datetime, until: float) -> bool:
    """Do nothing after the daily run, which is then whole."""
    return True


def run_the_day(
    now: datetime, *, also: Callable[[datetime, float], bool] = nothing_more
) -> Result | None:
    """Do the daily run unless somebody else has it, or has finished it today.

    Shape: None when there is nothing to do. `also` is what a higher app does after
    it, once a day as well; it says whether it is whole. A run that dies, or is not
    whole, is taken up again by the next.
    """
    today = timezone.localdate(now)
    if not _claim(today, now):
        return None
    until = time.monotonic() + WORKING_SECONDS
    result = daily_run(now, until=until)
    mine = DailyRun.objects.filter(day=today)
    if result.is_whole and also(now, until):
        mine.update(finished_at=now)
        logger.info("The daily run is done: %s", result)
    else:
        mine.update(lease_until=now)
    return result


def _result(done: dict[str, int], *, is_whole: bool) -> Result:
    counts = {name: count for name, count in done.items() if name}
    return Result(**counts, is_whole=is_whole)


def _waiting(now: datetime) -> list[tuple[int, int]]:
    """Say that today's run waits, in the shape that a Bell asks for."""
    local = timezone.localtime(now)
    if local.time() < BEGINS:
        return []
    runs = DailyRun.objects.filter(day=local.date()).exclude(
        finished_at=None, lease_until__lte=now
    )
    return [] if runs.exists() else [(local.toordinal(), 0)]


def _claim(today: date, now: datetime) -> bool:
    lease_until = now + LEASE
    _, is_mine = DailyRun.objects.get_or_create(
        day=today, defaults={"lease_until": lease_until}
    )
    free = DailyRun.objects.filter(day=today, finished_at=None, lease_until__lte=now)
    return is_mine or bool(free.update(lease_until=lease_until))


def _with_something_due(today: date) -> list[int]:
    """Find whom to look after, in three queries however many there are."""
    organisations = Organisation.objects.going_on().order_by("pk")
    here = {"organisation__in": organisations.values("pk")}
    milestones = _by_organisation(Milestone.objects.open().filter(**here))
    gone = _by_organisation(Reminder.objects.filter(**here))
    return [
        organisation.pk
        for organisation in organisations
        if organisation.is_late(today)
        or _due(
            organisation,
            milestones[organisation.pk],
            _keys(gone[organisation.pk]),
            today,
        )
    ]


def _by_organisation(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.organisation_id].append(row)
    return grouped


def _keys(reminders: Iterable[Reminder]) -> Gone:
    return {(gone.subject, gone.due_on, gone.months) for gone in reminders}


def _due(
    organisation: Organisation,
    milestones: Iterable[Milestone],
    gone: Gone,
    today: date,
) -> list[Due]:
    """List the reminders that should have gone by today and have not."""
    assert organisation.due_on is not None
    assert organisation.stage_since is not None
    months = reminder_due(
        organisation.due_on, since=organisation.stage_since, today=today
    )
    found = [] if months is None else [Due(ASSESSMENT, organisation.due_on, months)]
    for milestone in milestones:
        months = milestone_reminder_due(milestone, today)
        if months is not None:
            subject = str(milestone.public_id)
            found.append(Due(subject, milestone.due_on, months, milestone.text))
    return [due for due in found if (due.subject, due.due_on, due.months) not in gone]


def _look_after(organisation_id: int, now: datetime) -> str:
    """Let one organisation lapse, or remind it. Say which, or nothing."""
    with transaction.atomic(durable=True):
        # Held, so that who comes at the same moment reads what we have done.
        organisation = (
            Organisation.objects.going_on()
            .select_for_update()
            .filter(pk=organisation_id)
            .first()
        )
        if organisation is None:
            return ""
        if lapse(organisation=organisation, at=now):
            due_on = date_format(organisation.due_on or "", "j F Y")
            _tell(organisation, "lapsed", {"due_on": due_on}, Kind.NEWS, now)
            return "lapsed"
        return "reminded" if _remind(organisation, now) else ""


def _remind(organisation: Organisation, now: datetime) -> bool:
    milestones = Milestone.objects.of(organisation).open().order_by("due_on", "pk")
    gone = _keys(Reminder.objects.filter(organisation=organisation))
    due = _due(organisation, milestones, gone, timezone.localdate(now))
    if not due:
        return False
    Reminder.objects.bulk_create(
        Reminder(
            organisation=organisation,
            subject=each.subject,
            due_on=each.due_on,
            months=each.months,
            sent_at=now,
        )
        for each in due
    )
    _tell(organisation, "reminder", _words(due), Kind.REMINDERS, now)
    return True


def _words(due: Sequence[Due]) -> dict[str, str]:
    """Say what a reminder is of, each milestone on a line of its own."""
    dates = [date_format(d.due_on, "j F Y") for d in due if d.subject == ASSESSMENT]
    of_milestones = [each for each in due if each.subject != ASSESSMENT]
    return {
        "publish_by": "".join(dates),
        "coming": _lines(each for each in of_milestones if each.months),
        "missed": _lines(each for each in of_milestones if not each.months),
    }


def _lines(due: Iterable[Due]) -> str:
    return "\n".join(f"{date_format(d.due_on, 'j F Y')}: {d.text}" for d in due)


def _tell(
    organisation: Organisation,
    template: str,
    context: dict[str, str],
    kind: str,
    now: datetime,
) -> None:
    tell_leads(
        organisation=organisation,
        template=template,
        context=context,
        kind=kind,
        at=now,
    )
