"""Add a milestone, say that it is kept, or drop it and say why."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from organisations import audit
from organisations.models import Milestone, Organisation, User
from organisations.rules import (
    AlreadyDone,
    check_can_add_milestone,
    check_can_change,
)


def add_milestone(
    *, organisation: Organisation, text: str, due_on: date, by: User, at: datetime
) -> Milestone:
    """Say what will be done by when. It is public.

    Raises: Paused, TooManyMilestones.
    Effects: audit event "added".
    """
    with transaction.atomic(durable=True):
        held = Organisation.objects.select_for_update().get(pk=organisation.pk)
        check_can_change(held)
        check_can_add_milestone(Milestone.objects.of(held).open().count())
        milestone = Milestone.objects.create(
            organisation=held,
            text=text,
            due_on=due_on,
            added_on=timezone.localdate(at),
        )
        _record("added", milestone, by=by, at=at)
    return milestone


def keep_milestone(*, milestone: Milestone, by: User, at: datetime) -> None:
    """Say that a milestone is kept, on time or late.

    Raises: Paused; AlreadyDone when it is kept or dropped.
    Effects: audit event "kept".
    """
    _close(milestone, "kept", by=by, at=at, kept_on=timezone.localdate(at))


def drop_milestone(*, milestone: Milestone, why: str, by: User, at: datetime) -> None:
    """Drop a milestone, and say why. It stays to be read with the reason.

    Raises: Paused; AlreadyDone when it is kept or dropped.
    Effects: audit event "dropped".
    """
    today = timezone.localdate(at)
    _close(milestone, "dropped", by=by, at=at, dropped_on=today, why_dropped=why)


def _close(
    milestone: Milestone, verb: str, *, by: User, at: datetime, **fields: date | str
) -> None:
    with transaction.atomic(durable=True):
        check_can_change(milestone.organisation)
        moved = Milestone.objects.open().filter(pk=milestone.pk).update(**fields)
        if not moved:
            raise AlreadyDone("This milestone was kept or dropped already.")
        _record(verb, milestone, by=by, at=at)


def _record(verb: str, milestone: Milestone, *, by: User, at: datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=milestone,
        organisation=milestone.organisation,
        at=at,
        details={"due_on": milestone.due_on.isoformat()},
    )
