"""What we hold of one person, for a file that she can keep."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import F, Q

from organisations.access import kept_forms_of
from organisations.models import (
    AccessGrant,
    IdentityCheck,
    Invitation,
    LeadOffer,
    MailPreference,
    Membership,
    Outbox,
    RegisterEntry,
    SignInIdentity,
    SignUp,
    SignUpMessage,
    SponsorAsking,
    User,
)

from .trail import own_lines


Rows = list[dict[str, Any]]

ENTRY = tuple(field.name for field in RegisterEntry._meta.get_fields())
# All that she typed, but for the address of the sponsor.
TYPED = (
    *("applicant_name", "applicant_role", "applicant_email", "co_lead_name"),
    *("milestones", "wants_training", "has_promised"),
)
TIMES = ("started_at", "changed_at", "sent_at", "email_confirmed_at", "decided_at")


def my_data(user: User) -> dict[str, Any]:
    """Gather what this app holds of somebody, never a secret or another's address.

    Shape: sections by name, of what JSON can hold; a constant number of queries.
    """
    return {
        "account": _account(user),
        "ways to sign in": _ways_in(user),
        "devices": _rows(
            UserSession.objects.filter(user=user),
            *("ip", "user_agent", "created_at", "last_seen_at"),
        ),
        "memberships": _memberships(user),
        "invitations": _invitations(user),
        "offers of the lead": _offers(user),
        "access of stewards": _access(user),
        "mails that you stopped": _rows(
            MailPreference.objects.filter(user=user), "kind", "stopped_at"
        ),
        "mails that we sent you": _rows(
            Outbox.objects.filter(to__iexact=user.email),
            *("template", "to", "status", "queued_at", "sent_at"),
        ),
        "sign-ups": _sign_ups(user),
        "typed by you when you were signed out": kept_forms_of(user),
        "what was done": [asdict(line) for line in own_lines(user)],
    }


def _rows(found: Any, *columns: str, **named: Any) -> Rows:
    return list(found.order_by("pk").values(*columns, **named))


def _account(user: User) -> dict[str, Any]:
    return {
        "id": user.public_id,
        "name": user.name,
        "email": user.email,
        "addresses": _rows(
            EmailAddress.objects.filter(user=user), "email", "verified", "primary"
        ),
        "joined_at": user.date_joined,
        "last_signed_in_at": user.last_login,
        "has_password": user.has_usable_password(),
        "is_steward": user.is_staff,
        "is_superuser": user.is_superuser,
    }


def _ways_in(user: User) -> dict[str, Rows]:
    """List second steps by their kind, and who vouches for her elsewhere."""
    steps = Authenticator.objects.filter(user=user)
    identities = SignInIdentity.objects.filter(user=user)
    checks = IdentityCheck.objects.filter(user=user)
    return {
        "second steps": _rows(steps, "type", "created_at", "last_used_at"),
        "sign-in of an organisation": _rows(
            identities,
            *("subject", "linked_at"),
            organisation=F("provider__organisation__name"),
        ),
        # The note is for stewards, and may be about whoever else vouched.
        "how a steward made sure who you are": _rows(checks, "checked_at", "how"),
    }


def _memberships(user: User) -> dict[str, Rows]:
    history: Any = Membership.history
    return {
        "now": _rows(
            Membership.objects.filter(user=user),
            *("role", "joined_at"),
            organisation_name=F("organisation__name"),
        ),
        "history": [
            row | {"change": CHANGES[row["change"]]}
            for row in history.filter(user_id=user.pk)
            .order_by("history_date", "history_id")
            .values(
                *("role", "joined_at"),
                organisation_name=F("organisation__name"),
                changed_at=F("history_date"),
                change=F("history_type"),
            )
        ],
    }


CHANGES = {"+": "joined", "~": "changed", "-": "ended"}


def _invitations(user: User) -> dict[str, Rows]:
    columns = ("role", "sent_at", "expires_at", "accepted_at", "cancelled_at")
    name = {"organisation_name": F("organisation__name")}
    to_her = Q(email__iexact=user.email) | Q(accepted_by=user)
    return {
        "to you": _rows(
            Invitation.objects.filter(to_her),
            *(*columns, "email", "asked_again_at"),
            **name,
        ),
        # To whom is somebody else's to tell.
        "by you": _rows(Invitation.objects.filter(invited_by=user), *columns, **name),
    }


def _offers(user: User) -> dict[str, Rows]:
    columns = ("hands_over", "offered_at", "outcome", "ended_at")
    name = {"organisation_name": F("organisation__name")}
    offers = LeadOffer.objects.all()
    return {
        "to you": _rows(offers.filter(offered_to=user), *columns, **name),
        "by you": _rows(offers.filter(offered_by=user), *columns, **name),
    }


def _access(user: User) -> dict[str, Rows]:
    columns = ("asked_at", "state", "decided_at", "ends_at")
    name = {"organisation_name": F("organisation__name")}
    grants = AccessGrant.objects.all()
    return {
        "asked by you": _rows(
            grants.filter(asked_by=user), *(*columns, "reason"), **name
        ),
        "answered by you": _rows(grants.filter(decided_by=user), *columns, **name),
    }


def _sign_ups(user: User) -> dict[str, Rows]:
    """List sign-ups with her address: whole as their applicant, less as sponsor."""
    sent = Q(applicant_email__iexact=user.email)
    answers = SignUpMessage.objects.filter(
        sign_up__applicant_email__iexact=user.email
    ).exclude(kind=SignUpMessage.Kind.NOTE)
    return {
        "sent by you": _rows(
            SignUp.objects.filter(sent),
            *("reference", "state", *ENTRY, *TYPED, *TIMES, "reason"),
        ),
        "questions and answers": _rows(
            answers, "kind", "at", "text", reference=F("sign_up__reference")
        ),
        "that name you as the sponsor": _rows(
            SignUp.objects.filter(sponsor_email__iexact=user.email),
            *("reference", "name", "sponsor_role", "sponsor_email"),
            *("sponsor_confirmed_at", "sponsor_declined_at"),
        ),
        "when you were asked to be the sponsor": _rows(
            SponsorAsking.objects.filter(email__iexact=user.email),
            *("asked_at", "declined_at", "why"),
            reference=F("sign_up__reference"),
        ),
    }
