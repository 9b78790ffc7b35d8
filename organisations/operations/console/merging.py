"""Merge an organisation that is on the register twice."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from organisations import audit
from organisations.models import Invitation, Membership, Organisation, User
from organisations.rules import AlreadyDone, check_can_merge
from organisations.steps import tell_leads


def merge_organisation(
    *, duplicate: Organisation, into: Organisation, by: User, at: datetime
) -> None:
    """Let another organisation stand for a duplicate. Nobody gains access by it.

    Raises: AlreadyDone, Merged.
    Effects: the duplicate can be read by its members and changed by nobody; a mail
    to the leads of both; a row of history; audit event "merged".
    """
    with transaction.atomic(durable=True):
        _hold(duplicate, into)
        check_can_merge(duplicate, into)
        _move(duplicate, into, by=by, at=at)
        _tell(duplicate, into, at)
        audit.record(
            by=by,
            verb="merged",
            subject=duplicate,
            organisation=duplicate,
            at=at,
            details={"into": into.slug},
        )


def _hold(*organisations: Organisation) -> None:
    """Hold both still, in one order, so that two merges cannot wait for each other."""
    keys = [organisation.pk for organisation in organisations]
    rows = Organisation.objects.select_for_update().filter(pk__in=keys)
    held = {row.pk: row for row in rows.order_by("pk")}
    for organisation in organisations:
        organisation.status = held[organisation.pk].status
        organisation.merged_into_id = held[organisation.pk].merged_into_id


def _move(
    duplicate: Organisation, into: Organisation, *, by: User, at: datetime
) -> None:
    moved = (
        Organisation.objects.filter(pk=duplicate.pk)
        .exclude(status=Organisation.Status.MERGED)
        .update(status=Organisation.Status.MERGED, merged_into=into, paused_at=at)
    )
    if not moved:
        raise AlreadyDone(f"{duplicate} was merged already.")
    duplicate.refresh_from_db()
    Organisation.history.bulk_history_create(
        [duplicate], update=True, default_user=by, default_date=at
    )


def _tell(duplicate: Organisation, into: Organisation, at: datetime) -> None:
    names = {"duplicate": str(duplicate), "into": str(into)}
    tell_leads(organisation=duplicate, template="merged_away", context=names, at=at)
    people = {"people": _leads_of(duplicate), "invited": _invited_to(duplicate)}
    tell_leads(organisation=into, template="merged_here", context=names | people, at=at)


def _leads_of(organisation: Organisation) -> str:
    leads = Membership.objects.of(organisation).leading().select_related("user")
    return "\n".join(f"{m.user}, {m.user.email}" for m in leads.order_by("pk"))


def _invited_to(organisation: Organisation) -> str:
    """Name whose invitation leads nowhere now: nobody else would ever tell them."""
    invited = Invitation.objects.open().filter(organisation=organisation)
    leads = invited.filter(
        role__in=[Membership.Role.LEAD, Membership.Role.CO_LEAD]
    ).order_by("pk")
    return "\n".join(leads.values_list("email", flat=True))
