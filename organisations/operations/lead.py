"""Offer the lead to another member, who takes it or does not."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from organisations import audit
from organisations.models import LeadOffer, Membership, User
from organisations.rules import AlreadyDone, NotALead, check_can_change
from organisations.steps import post_mail

from .members import hold_still, set_role


Outcome = LeadOffer.Outcome
Role = Membership.Role
NOT_OPEN = "This offer was answered or withdrawn already."


def offer_lead(
    *, to: Membership, by: Membership, hands_over: bool, at: datetime
) -> LeadOffer:
    """Offer the lead to a member, to share it or to hand it over.

    Raises: Paused, NotALead, AlreadyDone when they lead already, or when the lead
    is offered to somebody.
    Effects: a mail to them; audit event "offered".
    """
    with transaction.atomic(durable=True):
        hold_still(by.organisation)
        if hands_over and by.role != Role.LEAD:
            raise NotALead("You can share the lead. Only a lead can hand it over.")
        if to.role == Role.LEAD:
            raise AlreadyDone(f"{to.user} is a lead already.")
        offer = _create(to, by, hands_over, at)
        _post("lead_offered", offer, offer.offered_to, at)
        _record("offered", offer, by=by.user, at=at)
    return offer


def accept_lead(*, offer: LeadOffer, by: User, at: datetime) -> None:
    """Take the lead that was offered.

    Raises: Paused, AlreadyDone.
    Effects: the roles of one or both change, with their history; both are told by
    mail; audit event "accepted".
    """
    with transaction.atomic(durable=True):
        hold_still(offer.organisation)
        _close(offer, Outcome.ACCEPTED, at, offered_to=by)
        memberships = Membership.objects.of(offer.organisation)
        set_role(memberships.get(user=by), Role.LEAD, by=by, at=at)
        if offer.hands_over:
            giver = memberships.get(user=offer.offered_by)
            set_role(giver, Role.CONTRIBUTOR, by=by, at=at)
        _tell_both("lead_accepted", offer, at)
        _record("accepted", offer, by=by, at=at)


def decline_lead(*, offer: LeadOffer, by: User, at: datetime) -> None:
    """Say no to the lead that was offered.

    Raises: Paused, AlreadyDone.
    Effects: both are told by mail; audit event "declined".
    """
    with transaction.atomic(durable=True):
        check_can_change(offer.organisation)
        _close(offer, Outcome.DECLINED, at, offered_to=by)
        _tell_both("lead_declined", offer, at)
        _record("declined", offer, by=by, at=at)


def withdraw_lead(*, offer: LeadOffer, by: User, at: datetime) -> None:
    """Take an offer of the lead back before it is answered.

    Raises: Paused, AlreadyDone.
    Effects: audit event "withdrew".
    """
    with transaction.atomic(durable=True):
        check_can_change(offer.organisation)
        _close(offer, Outcome.WITHDRAWN, at)
        _record("withdrew", offer, by=by, at=at)


def _create(
    to: Membership, by: Membership, hands_over: bool, at: datetime
) -> LeadOffer:
    try:
        with transaction.atomic():
            return LeadOffer.objects.create(
                organisation=by.organisation,
                offered_by=by.user,
                offered_to=to.user,
                hands_over=hands_over,
                offered_at=at,
            )
    except IntegrityError:
        raise AlreadyDone("The lead is offered to somebody already.") from None


def _close(offer: LeadOffer, outcome: str, at: datetime, **only: User) -> None:
    moved = (
        LeadOffer.objects.open()
        .filter(pk=offer.pk, **only)
        .update(outcome=outcome, ended_at=at)
    )
    if not moved:
        raise AlreadyDone(NOT_OPEN)
    offer.refresh_from_db()


def _tell_both(template: str, offer: LeadOffer, at: datetime) -> None:
    for person in (offer.offered_by, offer.offered_to):
        _post(template, offer, person, at)


def _post(template: str, offer: LeadOffer, to: User, at: datetime) -> None:
    post_mail(
        template=template,
        to=to.email,
        context={
            "organisation": str(offer.organisation),
            "giver": str(offer.offered_by),
            "taker": str(offer.offered_to),
            # The empty word is the one that a template takes for no.
            "hands_over": "yes" if offer.hands_over else "",
            "path": reverse("people", args=[offer.organisation.slug]),
        },
        at=at,
    )


def _record(verb: str, offer: LeadOffer, *, by: User, at: datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=offer,
        organisation=offer.organisation,
        at=at,
        details={
            "person": str(offer.offered_to.public_id),
            "hands_over": offer.hands_over,
        },
    )
