"""Sign-ups as stewards see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localdate

from organisations.models import (
    SignUp,
    SignUpMessage,
    SignUpQuerySet,
    SponsorAsking,
)
from organisations.models.entry import matching
from organisations.queries.duplicates import possible_duplicates, sign_up_duplicates
from organisations.rules import Refusal, check_can_approve, needs_sponsor


State = SignUp.State
Kind = SignUpMessage.Kind

# Anybody can have an address there, whatever organisation they belong to.
FREE_MAIL = frozenset(
    [
        "aol.com",
        "blueyonder.co.uk",
        "btinternet.com",
        "fastmail.com",
        "gmail.com",
        "gmx.com",
        "gmx.co.uk",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mac.com",
        "mail.com",
        "me.com",
        "msn.com",
        "ntlworld.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "yahoo.co.uk",
        "yahoo.com",
        "ymail.com",
        "zoho.com",
    ]
)
SHARED_MAIL = {"nhs.net": "the NHS", "nhs.uk": "the NHS"}


@dataclass(frozen=True)
class SignUpLine:
    public_id: UUID
    name: str
    kind: str
    nation: str
    reference: str
    state: str
    sent_at: datetime | None
    days: int
    has_answer: bool
    waits_for: str


@dataclass(frozen=True)
class Typed:
    """One thing that the applicant said."""

    key: str
    value: str
    is_multiline: bool = False


@dataclass(frozen=True)
class DomainCheck:
    sentence: str
    is_same: bool


@dataclass(frozen=True)
class Similar:
    """Something of a similar name that is here already."""

    name: str
    area: str
    slug: str
    public_id: UUID | None


@dataclass(frozen=True)
class Said:
    kind: str
    who: str
    at: datetime
    text: str
    is_note: bool


@dataclass(frozen=True)
class SignUpPage:
    sign_up: SignUp
    state: str
    typed: tuple[Typed, ...]
    domain: DomainCheck
    similar: tuple[Similar, ...]
    said: tuple[Said, ...]
    waits_for: str
    why_not_approve: str
    can_decide: bool
    can_ask_sponsor: bool
    sponsors: tuple[SponsorAsking, ...]


def sign_ups() -> SignUpQuerySet:
    """Load those that were sent; a draft is its writer's own."""
    return sign_ups_ever_sent().exclude(state=State.WITHDRAWN)


def sign_ups_ever_sent() -> SignUpQuerySet:
    """Load those that a steward may have open, also what was withdrawn since."""
    return (
        SignUp.objects.exclude(state=State.DRAFT)
        .filter(sent_at__isnull=False)
        .select_related("organisation", "decided_by")
        .order_by("sent_at", "pk")
    )


class Which(TextChoices):
    """The sign-ups by what is to be done with them."""

    READY = "ready", "Waiting for you"
    UNCONFIRMED = "unconfirmed", "Not confirmed yet"
    ASKED = "asked", "Asked"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


_HAS_SPONSOR = Q(kind=SignUp.Kind.USER_LED) | Q(sponsor_confirmed_at__isnull=False)
_WHICH = {
    Which.READY: Q(state=State.WAITING) & _HAS_SPONSOR,
    Which.UNCONFIRMED: Q(state=State.SENT)
    | Q(state__in=[State.WAITING, State.QUESTION]) & ~_HAS_SPONSOR,
    Which.ASKED: Q(state=State.QUESTION),
    Which.APPROVED: Q(state=State.APPROVED),
    Which.DECLINED: Q(state=State.DECLINED),
}


def search_sign_ups(*, which: str = "", words: str = "") -> SignUpQuerySet:
    """Find sign-ups by words of name and area in any order, or by reference."""
    found = sign_ups().annotate(has_answer=Exists(_answers()))
    if which:
        found = found.filter(_WHICH[Which(which)])
    if not words.strip():
        return found
    return found.filter(matching(words) | Q(reference__iexact=words.strip()))


def sign_up_lines(found: Iterable[SignUp], now: datetime) -> tuple[SignUpLine, ...]:
    """Shape sign-ups that `search_sign_ups` found, without another query."""
    return tuple(
        SignUpLine(
            public_id=sign_up.public_id,
            name=sign_up.name,
            kind=sign_up.get_kind_display(),
            nation=sign_up.get_nation_display(),
            reference=sign_up.reference,
            state=STATES[sign_up.state],
            sent_at=sign_up.sent_at,
            days=_days(sign_up, now),
            has_answer=bool(getattr(sign_up, "has_answer", False))
            and sign_up.state == State.WAITING,
            waits_for=_waits_for(sign_up),
        )
        for sign_up in found
    )


# As a steward reads them: the model's words speak to the applicant.
STATES = {
    State.SENT.value: "Email not confirmed",
    State.WAITING.value: "Waiting",
    State.QUESTION.value: "Asked",
    State.APPROVED.value: "Approved",
    State.DECLINED.value: "Declined",
}


def sign_up_page(sign_up: SignUp) -> SignUpPage:
    """Gather all that a steward needs to decide, in four queries."""
    return SignUpPage(
        sign_up=sign_up,
        state=STATES[sign_up.state],
        typed=tuple(_typed(sign_up)),
        domain=check_domain(sign_up.applicant_email, sign_up.website),
        similar=similar_entries(sign_up),
        said=_said(sign_up),
        waits_for=_waits_for(sign_up),
        why_not_approve=_why_not_approve(sign_up),
        can_decide=sign_up.state in {State.WAITING, State.QUESTION},
        can_ask_sponsor=sign_up.state in {State.WAITING, State.QUESTION}
        and needs_sponsor(sign_up)
        and not sign_up.sponsor_confirmed_at,
        sponsors=tuple(sign_up.sponsors_asked.order_by("asked_at", "pk")),
    )


def next_waiting() -> SignUp | None:
    """Find the sign-up that waits longest and can be decided."""
    return sign_ups().filter(_WHICH[Which.READY]).first()


def check_domain(email: str, website: str) -> DomainCheck:
    """Compare the applicant's address with the organisation's website."""
    mail = email.rpartition("@")[2].lower()
    site = (urlsplit(website).hostname or "").removeprefix("www.")
    if mail in FREE_MAIL:
        return DomainCheck(
            f"{mail} is a free mail provider: anybody can use it.", False
        )
    if mail in SHARED_MAIL:
        said = f"{mail} is shared by all of {SHARED_MAIL[mail]}."
        return DomainCheck(said, False)
    if not site:
        return DomainCheck("No website was given to compare the address with.", False)
    if mail == site or mail.endswith(f".{site}") or site.endswith(f".{mail}"):
        return DomainCheck(f"The same: {mail} and {site}.", True)
    return DomainCheck(
        f"Different: the address is at {mail}, the website {site}.", False
    )


def similar_entries(sign_up: SignUp) -> tuple[Similar, ...]:
    """List organisations and other sign-ups that may be the same one, in two queries.

    Shape: five of each at most, the likeliest first.
    """
    own = sign_up.organisation.slug if sign_up.organisation else ""
    organisations = possible_duplicates(
        name=sign_up.name,
        ods_code=sign_up.ods_code,
        charity_number=sign_up.charity_number,
    )
    return tuple(
        Similar(o.name, o.area, slug=o.slug, public_id=None)
        for o in organisations
        if o.slug != own
    ) + tuple(
        Similar(o.name, o.area, slug="", public_id=o.public_id)
        for o in sign_up_duplicates(sign_up)
    )


def _answers() -> Any:
    return SignUpMessage.objects.filter(sign_up=OuterRef("pk"), kind=Kind.ANSWER)


def _said(sign_up: SignUp) -> tuple[Said, ...]:
    messages = sign_up.messages.select_related("by").order_by("at", "pk")
    return tuple(
        Said(
            kind=message.get_kind_display(),
            who=str(message.by or sign_up.applicant_name),
            at=message.at,
            text=message.text,
            is_note=message.kind == Kind.NOTE,
        )
        for message in messages
    )


def _days(sign_up: SignUp, now: datetime) -> int:
    start = sign_up.email_confirmed_at or sign_up.sent_at or sign_up.changed_at
    return max((localdate(now) - localdate(start)).days, 0)


def _waits_for(sign_up: SignUp) -> str:
    """Say who has to do something before a steward can approve, or nothing."""
    if sign_up.state == State.SENT:
        return "the applicant to confirm the email address"
    if sign_up.state not in {State.WAITING, State.QUESTION}:
        return ""
    if needs_sponsor(sign_up) and sign_up.sponsor_declined_at:
        return "a senior sponsor: this one said no"
    if needs_sponsor(sign_up) and not sign_up.sponsor_confirmed_at:
        return "the senior sponsor to confirm"
    return "an answer to our question" if sign_up.state == State.QUESTION else ""


def _why_not_approve(sign_up: SignUp) -> str:
    try:
        check_can_approve(sign_up)
    except Refusal as reason:
        return str(reason)
    return ""


def _typed(sign_up: SignUp) -> Iterable[Typed]:
    yield Typed("Name", sign_up.name)
    yield Typed("Kind", sign_up.get_kind_display())
    yield Typed("Nation", sign_up.get_nation_display())
    yield Typed("Area", sign_up.area)
    yield Typed("Website", sign_up.website)
    yield Typed("ODS code", sign_up.ods_code)
    yield Typed("Charity number", sign_up.charity_number)
    yield Typed("Whom it serves", sign_up.serves, is_multiline=True)
    yield Typed("Scope", sign_up.scope_name or sign_up.get_scope_display())
    yield Typed("Where people are involved", _domains(sign_up.domains))
    yield Typed("Applicant", _joined(sign_up.applicant_name, sign_up.applicant_role))
    yield Typed("Applicant’s email address", sign_up.applicant_email)
    yield Typed("Senior sponsor", sign_up.sponsor_role)
    yield Typed("Sponsor’s email address", sign_up.sponsor_email)
    yield Typed("Lived-experience co-lead", _co_lead(sign_up))
    yield Typed("People are paid", _paid(sign_up), is_multiline=True)
    yield Typed("The commitment in its own words", sign_up.own_words, is_multiline=True)
    yield Typed("Milestones", _milestones(sign_up.milestones), is_multiline=True)
    yield Typed("Would like 4Pi training", "Yes" if sign_up.wants_training else "No")
    yield Typed("Has made the promise", "Yes" if sign_up.has_promised else "No")


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _domains(codes: Sequence[str]) -> str:
    names = dict(SignUp.Domain.choices)
    return _joined(*(str(names.get(code, code)) for code in codes))


def _co_lead(sign_up: SignUp) -> str:
    by = sign_up.co_lead_by
    until = f"by {date_format(by, 'j F Y')}" if by else ""
    return _joined(sign_up.co_lead_name or sign_up.get_co_lead_display(), until)


def _paid(sign_up: SignUp) -> str:
    return "\n".join(
        part for part in (sign_up.get_payment_display(), sign_up.why_not_paid) if part
    )


def _milestones(milestones: Sequence[Sequence[str]]) -> str:
    return "\n".join(
        f"{text}, by {date_format(date.fromisoformat(due), 'j F Y')}"
        for text, due in milestones
    )
