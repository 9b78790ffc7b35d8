"""Pause an organisation, and let it go on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from organisations import audit
from organisations.models import Organisation, User
from organisations.rules import AlreadyDone


Status = Organisation.Status


def pause_organisation(*, organisation: Organisation, by: User, at: datetime) -> None:
    """Pause an organisation: its members can read, but change nothing.

    Raises: AlreadyDone when it is paused.
    Effects: a row of history; audit event "paused".
    """
    _move(organisation, Status.ACTIVE, Status.PAUSED, by=by, at=at, verb="paused")


def resume_organisation(*, organisation: Organisation, by: User, at: datetime) -> None:
    """Let a paused organisation go on.

    Raises: AlreadyDone when it is not paused.
    Effects: a row of history; audit event "resumed".
    """
    _move(organisation, Status.PAUSED, Status.ACTIVE, by=by, at=at, verb="resumed")


def _move(
    organisation: Organisation,
    before: str,
    after: str,
    *,
    by: User,
    at: datetime,
    verb: str,
) -> None:
    paused_at = at if after == Status.PAUSED else None
    with transaction.atomic(durable=True):
        moved = Organisation.objects.filter(pk=organisation.pk, status=before).update(
            status=after, paused_at=paused_at
        )
        if not moved:
            raise AlreadyDone(f"{organisation} was already {verb}.")
        organisation.refresh_from_db()
        Organisation.history.bulk_history_create(
            [organisation], update=True, default_user=by, default_date=at
        )
        audit.record(
            by=by,
            verb=verb,
            subject=organisation,
            organisation=organisation,
            at=at,
            details={"before": before},
        )
