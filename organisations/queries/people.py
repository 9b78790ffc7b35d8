"""Reads over people, invitations and offers, shaped for one page each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.timezone import localtime

from organisations.access import ROLE_PERMISSIONS, Permission, can
from organisations.models import (
    Invitation,
    LeadOffer,
    Membership,
    MembershipQuerySet,
    Organisation,
    Outbox,
    User,
)


# The mails that bring the link of an invitation.
BRINGS_LINK = ("invitation", "sign_up_approved")


@dataclass(frozen=True)
class WorkspaceLine:
    name: str
    address: str
    role: str
    is_paused: bool


@dataclass(frozen=True)
class Member:
    name: str
    role: str


def workspace_lines(user: User) -> tuple[WorkspaceLine, ...]:
    """List the organisations that somebody belongs to, by name, in one query."""
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    return tuple(
        WorkspaceLine(
            name=m.organisation.name,
            address=m.organisation.get_absolute_url(),
            role=m.get_role_display(),
            is_paused=m.organisation.is_paused(),
        )
        for m in memberships.order_by("organisation__name", "pk")
    )


def members(organisation: Organisation) -> tuple[Member, ...]:
    """List an organisation's people with their roles in words, in one query."""
    memberships = Membership.objects.of(organisation).select_related("user")
    return tuple(
        Member(name=str(m.user), role=m.get_role_display())
        for m in memberships.order_by("user__name", "pk")
    )


@dataclass(frozen=True)
class PersonLine:
    public_id: UUID
    name: str
    role: str
    last_active: str
    is_self: bool
    is_lead: bool


@dataclass(frozen=True)
class InvitationLine:
    public_id: UUID
    email: str
    role: str
    invited_by: str
    sent_at: datetime
    expires_at: datetime
    is_expired: bool
    is_undelivered: bool


@dataclass(frozen=True)
class OfferLine:
    public_id: UUID
    giver: str
    taker: str
    hands_over: bool
    is_to_me: bool


@dataclass(frozen=True)
class PeoplePage:
    people: tuple[PersonLine, ...]
    invitations: tuple[InvitationLine, ...]
    offer: OfferLine | None
    has_one_lead: bool


def people_page(membership: Membership, now: datetime) -> PeoplePage:
    """Gather who is in an organisation, as one of its members may see it.

    Shape: open invitations only for who can invite; an offer of the lead only for
    them and for whom it is made to. Of when somebody was here, the month alone.
    """
    lines: QuerySet[Any] = people_of(membership).annotate(last_seen_at=_LAST_SEEN)
    people = tuple(_person_line(m, membership, m.last_seen_at) for m in lines)
    can_invite = can(membership, Permission.INVITE)
    offer = _open_offer(membership)
    return PeoplePage(
        people=people,
        invitations=_invitation_lines(membership, now) if can_invite else (),
        offer=offer if offer and (can_invite or offer.is_to_me) else None,
        has_one_lead=sum(p.is_lead for p in people) == 1,
    )


def people_of(membership: Membership) -> MembershipQuerySet:
    """Load the memberships of one's organisation with their people, by name."""
    return (
        Membership.objects.of(membership.organisation)
        .select_related("user", "organisation")
        .order_by("user__name", "pk")
    )


def who_can(organisation: Organisation, permission: Permission) -> MembershipQuerySet:
    """Load the memberships of those who may do something here, by name."""
    roles = [
        role for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed
    ]
    able = Membership.objects.of(organisation).filter(
        role__in=roles, user__is_active=True, user__is_staff=False
    )
    return able.select_related("user").order_by("user__name", "pk")


def could_lead(membership: Membership) -> MembershipQuerySet:
    """Load the others who do not lead yet."""
    others = people_of(membership).exclude(pk=membership.pk)
    return others.exclude(role=Membership.Role.LEAD)


def is_last_lead(membership: Membership) -> bool:
    """Say whether nobody would lead without this person."""
    leads = Membership.objects.of(membership.organisation).filter(
        role=Membership.Role.LEAD
    )
    is_lead = membership.role == Membership.Role.LEAD
    return is_lead and not leads.exclude(pk=membership.pk).exists()


def led_alone_by(user: User) -> tuple[Organisation, ...]:
    """List the organisations that nobody would lead without this person."""
    lead = Membership.objects.filter(role=Membership.Role.LEAD)
    others = lead.filter(organisation=OuterRef("pk")).exclude(user=user)
    mine = lead.filter(user=user).values("organisation")
    return tuple(
        Organisation.objects.filter(~Exists(others), pk__in=mine).order_by("name")
    )


# Signing out deletes a session; what is left then is when it began.
_LAST_SEEN = Subquery(
    UserSession.objects.filter(user=OuterRef("user"))
    .order_by("-last_seen_at")
    .values("last_seen_at")[:1]
)


def _person_line(
    line: Membership, reader: Membership, last_seen_at: datetime | None
) -> PersonLine:
    times = [at for at in (line.user.last_login, last_seen_at) if at]
    return PersonLine(
        public_id=line.user.public_id,
        name=str(line.user),
        role=line.get_role_display(),
        last_active=_month(max(times)) if times else "Not yet",
        is_self=line.pk == reader.pk,
        is_lead=line.role == Membership.Role.LEAD,
    )


def _month(at: datetime) -> str:
    return date_format(localtime(at), "F Y")


def _invitation_lines(
    membership: Membership, now: datetime
) -> tuple[InvitationLine, ...]:
    undelivered = Outbox.objects.filter(
        template__in=BRINGS_LINK,
        to__iexact=OuterRef("email"),
        # Of the newest link: a mail before it, or of another organisation, is not.
        queued_at=OuterRef("sent_at"),
        status=Outbox.Status.FAILED,
    )
    waiting: QuerySet[Any] = (
        Invitation.objects.of(membership.organisation)
        .open()
        .annotate(is_undelivered=Exists(undelivered))
    )
    return tuple(
        InvitationLine(
            public_id=i.public_id,
            email=i.email,
            role=i.get_role_display(),
            invited_by=str(i.invited_by),
            sent_at=i.sent_at,
            expires_at=i.expires_at,
            is_expired=i.is_expired(now),
            is_undelivered=i.is_undelivered,
        )
        for i in waiting.select_related("invited_by").order_by("email", "pk")
    )


def _open_offer(membership: Membership) -> OfferLine | None:
    offer = (
        LeadOffer.objects.of(membership.organisation)
        .open()
        .select_related("offered_by", "offered_to")
        .first()
    )
    if offer is None:
        return None
    return OfferLine(
        public_id=offer.public_id,
        giver=str(offer.offered_by),
        taker=str(offer.offered_to),
        hands_over=offer.hands_over,
        is_to_me=offer.offered_to_id == membership.user_id,
    )


def invitation_of(token_hash: str) -> Invitation | None:
    """Load the invitation whose link this is."""
    return (
        Invitation.objects.filter(token_hash=token_hash)
        .select_related("organisation__merged_into", "invited_by")
        .first()
    )


def has_account(email: str) -> bool:
    return User.objects.filter(email__iexact=email).exists()


def who_can_invite(invitation: Invitation) -> tuple[User, ...]:
    """Name whom to ask about an invitation: who sent it, or else the leads.

    Shape: the steward who sent it, where nobody leads yet.
    """
    memberships = (
        Membership.objects.of(invitation.organisation)
        .filter(user__is_active=True, user__is_staff=False)
        .select_related("user")
        .order_by("pk")
    )
    able = [m for m in memberships if can(m, Permission.INVITE)]
    inviter = tuple(m.user for m in able if m.user_id == invitation.invited_by_id)
    leads = tuple(m.user for m in able if m.role == Membership.Role.LEAD)
    sender = invitation.invited_by
    is_steward = sender.is_staff and sender.is_active
    return inviter or leads or ((sender,) if is_steward else ())
