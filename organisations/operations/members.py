"""Change what somebody may do in an organisation, remove them, leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from organisations import audit
from organisations.models import LeadOffer, Membership, Organisation, User
from organisations.rules import (
    AlreadyDone,
    AlreadyMember,
    check_can_change,
    check_can_get_role,
    check_leads_remain,
)
from organisations.steps import end_sessions, post_mail


Role = Membership.Role
WAS_FIRST = "Somebody else changed this first. Nothing was changed now."


def change_role(
    *, membership: Membership, role: str, by: User, at: datetime
) -> Membership:
    """Give a member another role than the lead.

    Raises: Paused, LeadByOfferOnly, LastLead, AlreadyDone when the role is not what
    the membership says any more, or is the same.
    Effects: offers of the lead from or to them are withdrawn; a row of history;
    audit event "role_changed".
    """
    with transaction.atomic(durable=True):
        hold_still(membership.organisation)
        check_can_get_role(role)
        _check_leads_remain(membership)
        before = membership.role
        set_role(membership, role, by=by, at=at)
        withdraw_offers(membership, at)
        record(
            "role_changed",
            membership,
            by=by,
            at=at,
            details={"before": before, "after": role},
        )
    return membership


def remove_member(*, membership: Membership, by: User, at: datetime) -> None:
    """End somebody's membership; what they wrote stays.

    Raises: Paused, LastLead, AlreadyDone.
    Effects: as `change_role`; their sessions end; a mail to them; audit event
    "removed".
    """
    with transaction.atomic(durable=True):
        hold_still(membership.organisation)
        end_membership(membership, "removed", by=by, at=at)
        end_sessions(user=membership.user)
        post_mail(
            template="membership_removed",
            to=membership.user.email,
            context={"organisation": str(membership.organisation)},
            at=at,
        )


def leave(*, membership: Membership, at: datetime) -> None:
    """End one's own membership, also while the organisation is paused.

    Raises: LastLead, AlreadyDone.
    Effects: as `change_role`; audit event "left".
    """
    with transaction.atomic(durable=True):
        Organisation.objects.select_for_update().get(pk=membership.organisation_id)
        end_membership(membership, "left", by=membership.user, at=at)


def admit(user: User, organisation: Organisation, role: str, *, at: datetime) -> None:
    """Make somebody a member, inside the caller's transaction.

    Raises: AlreadyMember.
    """
    membership = Membership(
        organisation=organisation, user=user, role=role, joined_at=at
    )
    membership._history_user = user  # type: ignore[attr-defined]
    membership._history_date = at  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError:
        raise AlreadyMember(f"You belong to {organisation} already.") from None


def hold_still(organisation: Organisation) -> None:
    """Hold an organisation's leads still: counting them needs several rows.

    Raises: Paused.
    """
    check_can_change(Organisation.objects.select_for_update().get(pk=organisation.pk))


def set_role(membership: Membership, role: str, *, by: User, at: datetime) -> None:
    """Change a role only while it is what we read.

    Raises: AlreadyDone.
    """
    moved = (
        Membership.objects.filter(pk=membership.pk, role=membership.role)
        .exclude(role=role)
        .update(role=role)
    )
    if not moved:
        raise AlreadyDone(WAS_FIRST)
    membership.refresh_from_db(fields=["role"])
    Membership.history.bulk_history_create(
        [membership], update=True, default_user=by, default_date=at
    )


def record(
    verb: str,
    membership: Membership,
    *,
    by: User,
    at: datetime,
    details: dict[str, Any],
) -> None:
    """Append the event, with the opaque id of the person it is about."""
    audit.record(
        by=by,
        verb=verb,
        subject=membership,
        organisation=membership.organisation,
        at=at,
        details={"person": str(membership.user.public_id)} | details,
    )


def _check_leads_remain(membership: Membership) -> None:
    leads = Membership.objects.of(membership.organisation).filter(role=Role.LEAD)
    check_leads_remain(membership, other_leads=leads.exclude(pk=membership.pk).count())


def end_membership(
    membership: Membership, verb: str, *, by: User, at: datetime
) -> None:
    """Take somebody out inside the caller's transaction, who holds the organisation.

    Raises: LastLead, AlreadyDone.
    Effects: as `take_out`; audit event.
    """
    take_out(membership, by=by, at=at)
    _check_leads_remain(membership)
    record(verb, membership, by=by, at=at, details={"before": membership.role})


def take_out(membership: Membership, *, by: User, at: datetime) -> None:
    """Delete a membership while its role is what we read, and its offers with it.

    Raises: AlreadyDone.
    Effects: a row of history; the caller writes the event.
    """
    held = (
        Membership.objects.select_for_update()
        .filter(pk=membership.pk, role=membership.role)
        .first()
    )
    if held is None:
        raise AlreadyDone(WAS_FIRST)
    withdraw_offers(membership, at)
    held._history_user = by  # type: ignore[attr-defined]
    held._history_date = at  # type: ignore[attr-defined]
    held.delete()


def withdraw_offers(membership: Membership, at: datetime) -> None:
    """Withdraw open offers of the lead by or to a member."""
    LeadOffer.objects.of(membership.organisation).open().filter(
        Q(offered_by=membership.user) | Q(offered_to=membership.user)
    ).update(outcome=LeadOffer.Outcome.WITHDRAWN, ended_at=at)
