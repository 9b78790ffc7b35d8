"""One organisation as stewards see it, and what has become of its entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.formats import date_format

from organisations.models import (
    AccessGrant,
    Invitation,
    Membership,
    MembershipQuerySet,
    Organisation,
    RegisterEntry,
    SignUp,
)

from .organisations import OrganisationLine, organisation_lines


HISTORY_SHOWN = 25
ENTRY_FIELDS = tuple(field.name for field in RegisterEntry._meta.local_fields)
TOLD_FIELDS = (*ENTRY_FIELDS, "status", "merged_into_id", "stage", "due_on")


@dataclass(frozen=True)
class Fact:
    key: str
    value: str
    is_multiline: bool = False


@dataclass(frozen=True)
class PersonLine:
    name: str
    email: str
    role: str
    is_lead: bool
    can_sign_in: bool


@dataclass(frozen=True)
class InvitationLine:
    public_id: UUID
    email: str
    role: str
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True)
class GrantLine:
    steward: str
    state: str
    asked_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class ChangeLine:
    at: datetime
    who: str
    reason: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One field that two people changed at the same time."""

    key: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class OrganisationPage:
    organisation: Organisation
    line: OrganisationLine
    sign_up: SignUp | None
    facts: tuple[Fact, ...]
    people: tuple[PersonLine, ...]
    invitations: tuple[InvitationLine, ...]
    grants: tuple[GrantLine, ...]
    history: tuple[ChangeLine, ...]
    can_extend: bool


def organisation_of(slug: str) -> Organisation | None:
    """Load an organisation by its address, whatever its status."""
    return Organisation.objects.select_related("merged_into").filter(slug=slug).first()


def leads_of(organisation: Organisation) -> MembershipQuerySet:
    """Load the leads' memberships, by name."""
    leads = Membership.objects.of(organisation).filter(role=Membership.Role.LEAD)
    return leads.select_related("user", "organisation").order_by("user__name", "pk")


def open_invitation(organisation: Organisation, public_id: UUID) -> Invitation | None:
    invitations = Invitation.objects.of(organisation).open()
    return (
        invitations.select_related("organisation").filter(public_id=public_id).first()
    )


def organisation_page(organisation: Organisation, now: datetime) -> OrganisationPage:
    """Gather what a steward may know of an organisation: never an answer."""
    [line] = organisation_lines([organisation])
    sign_up = SignUp.objects.filter(organisation=organisation).first()
    return OrganisationPage(
        organisation=organisation,
        line=line,
        sign_up=sign_up,
        facts=tuple(entry_facts(organisation)),
        people=_people(organisation),
        invitations=_invitations(organisation, now),
        grants=_grants(organisation),
        history=_history(organisation),
        can_extend=organisation.stage in Organisation.GOING_ON
        and organisation.status != Organisation.Status.MERGED,
    )


def entry_facts(organisation: Organisation) -> Iterator[Fact]:
    """Say in words what the register holds of an organisation."""
    for name in ENTRY_FIELDS:
        field = Organisation._meta.get_field(name)
        is_multiline = field.get_internal_type() == "TextField"
        yield Fact(_label(name), in_words(organisation, name), is_multiline)


def differences(
    organisation: Organisation, entry: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Set what an entry says now beside what somebody typed."""
    typed = Organisation(**entry)
    return tuple(
        Difference(
            key=_label(name),
            theirs=in_words(organisation, name),
            yours=in_words(typed, name),
        )
        for name in ENTRY_FIELDS
        if name in entry and getattr(organisation, name) != entry[name]
    )


def entry_of(organisation: Organisation) -> dict[str, Any]:
    """Give the fields of an entry as a form shows them."""
    return {name: getattr(organisation, name) for name in ENTRY_FIELDS}


def in_words(entry: Any, name: str) -> str:
    """Say one field's value as people read it; empty when nothing is said."""
    value = getattr(entry, name)
    if name == "domains":
        names = dict(Organisation.Domain.choices)
        return ", ".join(str(names.get(code, code)) for code in value)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    display = getattr(entry, f"get_{name}_display", None)
    return str(display() if display else value or "")


def _label(name: str) -> str:
    label = str(getattr(Organisation._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def _people(organisation: Organisation) -> tuple[PersonLine, ...]:
    memberships = Membership.objects.of(organisation).select_related("user")
    return tuple(
        PersonLine(
            name=str(m.user),
            email=m.user.email,
            role=m.get_role_display(),
            is_lead=m.role == Membership.Role.LEAD,
            can_sign_in=m.user.is_active,
        )
        for m in memberships.order_by("user__name", "pk")
    )


def _invitations(
    organisation: Organisation, now: datetime
) -> tuple[InvitationLine, ...]:
    return tuple(
        InvitationLine(
            public_id=i.public_id,
            email=i.email,
            role=i.get_role_display(),
            expires_at=i.expires_at,
            is_expired=i.is_expired(now),
        )
        for i in Invitation.objects.of(organisation).open().order_by("email", "pk")
    )


def _grants(organisation: Organisation) -> tuple[GrantLine, ...]:
    grants = AccessGrant.objects.of(organisation).select_related("asked_by")
    return tuple(
        GrantLine(
            steward=str(grant.asked_by),
            state=grant.get_state_display(),
            asked_at=grant.asked_at,
            ends_at=grant.ends_at,
        )
        for grant in grants.order_by("-asked_at", "-pk")[:HISTORY_SHOWN]
    )


def _history(organisation: Organisation) -> tuple[ChangeLine, ...]:
    """Compare each row of history with the one before, newest first, in one query."""
    rows = organisation.history.select_related("history_user").order_by(
        "-history_date", "-history_id"
    )
    found = list(rows[: HISTORY_SHOWN + 1])
    return tuple(
        change
        for newer, older in pairwise([*found, None])
        for change in _change(newer, older)
    )


def _change(newer: Any, older: Any) -> Iterator[ChangeLine]:
    what: tuple[str, ...]
    if older is None:
        # A longer history than is shown begins with another row.
        what = ("Came here",) if newer.history_type == "+" else ()
    else:
        what = tuple(_said(newer, older))
    if what:
        yield ChangeLine(
            at=newer.history_date,
            who=str(newer.history_user or ""),
            reason=newer.history_change_reason or "",
            what=what,
        )


def _said(newer: Any, older: Any) -> Iterator[str]:
    for name in TOLD_FIELDS:
        if getattr(newer, name) == getattr(older, name):
            continue
        if name == "merged_into_id":
            yield "Merged into another organisation"
            continue
        before, after = in_words(older, name), in_words(newer, name)
        yield f"{_label(name)}: from “{before}” to “{after}”"
