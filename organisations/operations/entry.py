"""Change what the register shows of an organisation, leave it, come back to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from organisations import audit, steps
from organisations.models import MailPreference, Organisation, User, folded
from organisations.rules import check_can_change


class EntryConflict(Exception):
    """Somebody saved first. `organisation` is as it stands now."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        super().__init__("Somebody changed this while you were writing.")


def edit_entry(
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Save what the register shows, if nobody was first.

    Shape: `values` by the names of fields; `version` is what the page showed. The
    same content sent twice is saved once.
    Raises: Paused; EntryConflict when the version is stale.
    Effects: a row of history; audit event "edited", with the names of the fields.
    """
    with transaction.atomic(durable=True):
        held = Organisation.objects.select_for_update().get(pk=organisation.pk)
        check_can_change(held)
        changed = sorted(n for n, value in values.items() if getattr(held, n) != value)
        if not changed:
            return
        area = values.get("area", held.area)
        moved = Organisation.objects.filter(pk=held.pk, version=version).update(
            **values,
            search_text=folded(f"{held.name} {area}"),
            version=F("version") + 1,
        )
        if not moved:
            raise EntryConflict(held)
        _record_edit(organisation, changed, by=by, at=at)


def _record_edit(
    organisation: Organisation, changed: list[str], *, by: User, at: datetime
) -> None:
    organisation.refresh_from_db()
    Organisation.history.bulk_history_create(
        [organisation], update=True, default_user=by, default_date=at
    )
    audit.record(
        by=by,
        verb="edited",
        subject=organisation,
        organisation=organisation,
        at=at,
        details={"fields": changed},
    )


def come_back(*, organisation: Organisation, by: User, at: datetime) -> None:
    """Let a lapsed organisation begin anew, with the dates of a new sign-up.

    Raises: Paused; AlreadyDone when it has not lapsed.
    Effects: as `steps.come_back`; a mail to leads and co-leads.
    """
    with transaction.atomic(durable=True):
        check_can_change(organisation)
        steps.come_back(organisation=organisation, by=by, at=at)
        stage = organisation.get_stage_display()
        _tell("come_back", organisation, by=by, at=at, stage=stage)


def leave_register(
    *, organisation: Organisation, before: str, by: User, at: datetime
) -> None:
    """Take an organisation off the register; its assessments stay its own.

    Raises: Paused; AlreadyDone when the stage is not what the page showed.
    Effects: as `steps.leave_register`; a mail to leads and co-leads.
    """
    with transaction.atomic(durable=True):
        check_can_change(organisation)
        steps.leave_register(organisation=organisation, before=before, by=by, at=at)
        _tell("left_register", organisation, by=by, at=at)


def _tell(
    template: str, organisation: Organisation, *, by: User, at: datetime, **words: str
) -> None:
    steps.tell_leads(
        organisation=organisation,
        template=template,
        context={"person": str(by), **words},
        kind=MailPreference.Kind.NEWS,
        at=at,
    )
