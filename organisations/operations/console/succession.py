"""Replace a lead where the organisation cannot do it itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.urls import reverse

from organisations import audit
from organisations.models import Invitation, LeadOffer, Membership, Organisation, User
from organisations.operations.invitations import create as create_invitation
from organisations.operations.invitations import post_invitation
from organisations.operations.members import (
    hold_still,
    set_role,
    take_out,
    withdraw_offers,
)
from organisations.rules import AlreadyDone, AlreadyMember, StewardCannotJoin
from organisations.steps import end_sessions, post_mail
from organisations.steps.keys import new_token


Role = Membership.Role


class Check(models.TextChoices):
    """How a steward made sure that the new lead is who they say."""

    PHONE = "phone", "I rang the number on the organisation’s website"
    SPONSOR = "sponsor", "The senior sponsor told me, at the address we have"
    WEBSITE = "website", "The organisation’s website names the person"
    VIDEO = "video", "I met them by video or in person"
    LETTER = "letter", "I have a letter from the organisation"


class Fate(models.TextChoices):
    """What becomes of the old lead."""

    CONTRIBUTOR = "contributor", "They become a contributor"
    REMOVED = "removed", "They are removed, and signed out everywhere"


def replace_lead(
    *,
    organisation: Organisation,
    old: Membership | None,
    fate: str,
    email: str,
    checked: str,
    by: User,
    at: datetime,
) -> None:
    """Ask somebody to be the lead, and let the old lead go.

    Shape: no `old` when all of them are gone. A member is offered the lead,
    somebody else is invited: nobody becomes a lead without saying yes.
    Raises: Paused, AlreadyMember when the address is a lead's, StewardCannotJoin,
    AlreadyDone when the old lead is none any more.
    Effects: a mail to each of the two; a row of history; older invitations to the
    address and older offers of the lead end; audit event "lead_replaced".
    """
    with transaction.atomic(durable=True):
        hold_still(organisation)
        member = member_asked(organisation, email, old)
        if old is not None:
            _let_go(old, fate, by=by, at=at)
        asked = (
            _offer(organisation, member, by=by, at=at)
            if member
            else _invite(organisation, email, by=by, at=at)
        )
        audit.record(
            by=by,
            verb="lead_replaced",
            subject=organisation,
            organisation=organisation,
            at=at,
            details={"checked": checked, **asked, **_before(old, fate)},
        )


def member_asked(
    organisation: Organisation, email: str, old: Membership | None
) -> Membership | None:
    """Find the member whom an address would ask, or nobody for an invitation.

    Raises: StewardCannotJoin, AlreadyMember.
    """
    person = User.objects.filter(email__iexact=email).first()
    if person is not None and person.is_staff:
        raise StewardCannotJoin("A steward belongs to no organisation.")
    members = Membership.objects.of(organisation).select_related("user")
    member = members.filter(user=person).first() if person else None
    if member is not None and (member == old or member.role == Role.LEAD):
        raise AlreadyMember(f"{member.user} is a lead of {organisation} already.")
    return member


def _let_go(old: Membership, fate: str, *, by: User, at: datetime) -> None:
    if old.role != Role.LEAD:
        raise AlreadyDone(f"{old.user} is no lead any more.")
    if fate == Fate.REMOVED:
        take_out(old, by=by, at=at)
        end_sessions(user=old.user)
    else:
        withdraw_offers(old, at)
        set_role(old, Role.CONTRIBUTOR, by=by, at=at)
    post_mail(
        template="lead_taken",
        to=old.user.email,
        context={
            "organisation": str(old.organisation),
            # The empty word is the one that a template takes for no.
            "is_removed": "yes" if fate == Fate.REMOVED else "",
        },
        at=at,
    )


def _invite(
    organisation: Organisation, email: str, *, by: User, at: datetime
) -> dict[str, Any]:
    token = new_token()
    older = Invitation.objects.of(organisation).open().filter(email__iexact=email)
    older.update(cancelled_at=at, cancelled_by=by)
    invitation = create_invitation(organisation, email, Role.LEAD, token, by=by, at=at)
    post_invitation(invitation, token, by=by, at=at)
    return {"invitation": str(invitation.public_id)}


def _offer(
    organisation: Organisation, member: Membership, *, by: User, at: datetime
) -> dict[str, Any]:
    """Offer the lead to somebody who is here: to them it is one click."""
    LeadOffer.objects.of(organisation).open().update(
        outcome=LeadOffer.Outcome.WITHDRAWN, ended_at=at
    )
    offer = LeadOffer.objects.create(
        organisation=organisation,
        offered_by=by,
        offered_to=member.user,
        hands_over=False,
        offered_at=at,
    )
    post_mail(
        template="lead_offered",
        to=member.user.email,
        context={
            "organisation": str(organisation),
            "giver": "A steward of this site",
            "hands_over": "",
            "path": reverse("people", args=[organisation.slug]),
        },
        at=at,
    )
    return {"offer": str(offer.public_id), "person": str(member.user.public_id)}


def _before(old: Membership | None, fate: str) -> dict[str, Any]:
    if old is None:
        return {"before": "gone"}
    return {"before": str(old.user.public_id), "fate": fate}
