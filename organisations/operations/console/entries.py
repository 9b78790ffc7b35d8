"""What a steward does with an organisation's place on the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate

from organisations import audit
from organisations.models import Membership, Organisation, User
from organisations.operations.invitations import create as create_invitation
from organisations.operations.invitations import post_invitation
from organisations.rules import (
    AlreadyDone,
    Changed,
    NameTaken,
    check_can_edit,
    check_can_extend,
)
from organisations.steps import tell_leads
from organisations.steps.keys import new_token

from .decisions import found


def add_organisation(
    *, entry: Mapping[str, Any], lead_email: str, by: User, at: datetime
) -> Organisation:
    """Put an organisation on the register by hand, and invite its lead.

    Raises: NameTaken.
    Effects: an organisation with its dates; a mail with the invitation; audit
    event "added".
    """
    token = new_token()
    with transaction.atomic(durable=True):
        organisation = found(Organisation(**entry), by=by, at=at)
        invitation = create_invitation(
            organisation, lead_email, Membership.Role.LEAD, token, by=by, at=at
        )
        post_invitation(invitation, token, by=by, at=at)
        _record("added", organisation, by=by, at=at)
    return organisation


def edit_entry(
    *,
    organisation: Organisation,
    version: int,
    entry: Mapping[str, Any],
    by: User,
    at: datetime,
) -> None:
    """Change what the register says of an organisation.

    Raises: Changed, Merged, NameTaken, AlreadyDone when nothing is different.
    Effects: a row of history; audit event "edited" with the names of the fields.
    """
    with transaction.atomic(durable=True):
        held = _hold(organisation, version)
        check_can_edit(held)
        fields = sorted(name for name in entry if getattr(held, name) != entry[name])
        if not fields:
            raise AlreadyDone("Nothing is different, so nothing was changed.")
        for name in fields:
            setattr(held, name, entry[name])
        held.version += 1
        _save(held, [*fields, "version", "search_text"], by=by, at=at)
        _record("edited", held, by=by, at=at, fields=fields)


def extend_due_date(
    *,
    organisation: Organisation,
    shown: date | None,
    due_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """Give an organisation more time for its next assessment.

    Shape: `shown` is the date that the page showed.
    Raises: NotExtended, Changed.
    Effects: a mail with the reason to the leads; a row of history with it; audit
    event "extended".
    """
    with transaction.atomic(durable=True):
        held = Organisation.objects.select_for_update().get(pk=organisation.pk)
        check_can_extend(held, due_on, today=localdate(at))
        if shown is None or held.due_on != shown:
            raise Changed("Somebody else changed the date first. Look at it again.")
        held.due_on = due_on
        held._change_reason = reason  # type: ignore[attr-defined]
        _save(held, ["due_on"], by=by, at=at)
        tell_leads(
            organisation=held,
            template="due_date_extended",
            context={"due_on": date_format(due_on, "j F Y"), "reason": reason},
            at=at,
        )
        dates = {"before": shown.isoformat(), "after": due_on.isoformat()}
        _record("extended", held, by=by, at=at, **dates)


def _hold(organisation: Organisation, version: int) -> Organisation:
    """Hold an organisation still while it is what the page showed.

    Raises: Changed.
    """
    held = (
        Organisation.objects.select_for_update()
        .filter(pk=organisation.pk, version=version)
        .first()
    )
    if held is None:
        raise Changed("Somebody else changed this meanwhile.")
    return held


def _save(
    organisation: Organisation, fields: list[str], *, by: User, at: datetime
) -> None:
    organisation._history_user = by  # type: ignore[attr-defined]
    organisation._history_date = at  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            organisation.save(update_fields=fields)
    except IntegrityError:
        raise NameTaken(
            f"An organisation with the name {organisation.name} is already here."
        ) from None


def _record(
    verb: str, organisation: Organisation, *, by: User, at: datetime, **details: object
) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=organisation,
        organisation=organisation,
        at=at,
        details=details,
    )
