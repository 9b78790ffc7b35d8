"""Reads of sign-ups: by a key, by an address, and what they answer, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format

from organisations.models import SignUp, SignUpMessage, SponsorAsking
from organisations.rules import needs_sponsor


# The pages of a sign-up, in their order.
PAGES = {
    "organisation": "Your organisation",
    "serves": "Whom you serve",
    "people": "People",
    "commitment": "Your commitment",
}
# One mailbox cannot be flooded by who knows its address.
LINKS_AT_ONCE = 5


@dataclass(frozen=True)
class AnswerLine:
    key: str
    value: str
    is_multiline: bool = False


@dataclass(frozen=True)
class MessageLine:
    is_question: bool
    text: str
    at: datetime


def sign_up_of_key(key_hash: str) -> SignUp | None:
    """Load the sign-up that an applicant's link opens."""
    return _one(Q(token_hash=key_hash)) if key_hash else None


def sign_up_of_sponsor(key_hash: str) -> SignUp | None:
    """Load the sign-up that a sponsor's link opens."""
    return _one(Q(sponsor_token_hash=key_hash)) if key_hash else None


def sign_up_held(public_id: str) -> SignUp | None:
    """Load the sign-up that a session holds, unless it is gone."""
    try:
        return _one(Q(public_id=UUID(public_id)))
    except ValueError:
        return None


def sign_ups_at(email: str) -> tuple[SignUp, ...]:
    """Load what an address has signed up, the newest few."""
    found = SignUp.objects.filter(applicant_email=email.lower())
    found = found.exclude(state=SignUp.State.WITHDRAWN)
    return tuple(found.order_by("-changed_at", "-pk")[:LINKS_AT_ONCE])


def conversation(sign_up: SignUp) -> tuple[MessageLine, ...]:
    """List what was asked and answered, oldest first; a steward's notes are not."""
    messages = SignUpMessage.objects.filter(sign_up=sign_up)
    messages = messages.exclude(kind=SignUpMessage.Kind.NOTE)
    return tuple(
        MessageLine(
            is_question=m.kind == SignUpMessage.Kind.QUESTION, text=m.text, at=m.at
        )
        for m in messages.order_by("at", "pk")
    )


def answer_lines(sign_up: SignUp, page: str) -> tuple[AnswerLine, ...]:
    """Say in words what one page of a sign-up holds.

    Shape: an empty value where nothing is said yet.
    """
    return tuple(_LINES[page](sign_up))


def public_lines(sign_up: SignUp) -> tuple[AnswerLine, ...]:
    """Say in words all of a sign-up that the register will show."""
    return tuple(line for line in _public(sign_up) if line.value)


def sponsors_said_no(sign_up: SignUp) -> tuple[SponsorAsking, ...]:
    """List who was asked to be the sponsor and did not agree, oldest first."""
    said_no = sign_up.sponsors_asked.filter(declined_at__isnull=False)
    return tuple(said_no.order_by("asked_at", "pk"))


def _public(sign_up: SignUp) -> Iterator[AnswerLine]:
    place = filter(None, (sign_up.area, sign_up.get_nation_display()))
    serves, scope, domains = _serves(sign_up)
    paid, *why_not = _payment(sign_up)
    yield AnswerLine("Name", sign_up.name)
    yield AnswerLine("Kind", sign_up.get_kind_display())
    yield AnswerLine("Where", ", ".join(place))
    yield AnswerLine("Website", sign_up.website)
    yield AnswerLine("Whom it serves", serves.value, is_multiline=True)
    yield AnswerLine("The promise covers", scope.value)
    yield domains
    yield AnswerLine("Senior sponsor", sign_up.sponsor_role)
    co_lead = "It has one" if sign_up.co_lead == SignUp.CoLead.NAMED else ""
    yield AnswerLine("Lived-experience co-lead", co_lead or _co_lead(sign_up))
    yield AnswerLine("People who take part are paid", paid.value)
    yield from why_not
    yield AnswerLine("In its own words", sign_up.own_words, is_multiline=True)
    yield _milestones(sign_up)


def _one(which: Q) -> SignUp | None:
    found = SignUp.objects.filter(which)
    return found.select_related("organisation", "decided_by").first()


def _organisation(sign_up: SignUp) -> Iterator[AnswerLine]:
    yield AnswerLine("Name", sign_up.name)
    yield AnswerLine("Kind", sign_up.get_kind_display())
    yield AnswerLine("Nation", sign_up.get_nation_display())
    yield AnswerLine("Area", sign_up.area)
    yield AnswerLine("Website", sign_up.website)
    if needs_sponsor(sign_up) or sign_up.ods_code or sign_up.charity_number:
        yield AnswerLine("ODS code", sign_up.ods_code)
        yield AnswerLine("Charity number", sign_up.charity_number)


def _serves(sign_up: SignUp) -> Iterator[AnswerLine]:
    chosen = set(sign_up.domains)
    domains = [str(each.label) for each in SignUp.Domain if each.value in chosen]
    scope = sign_up.get_scope_display()
    if sign_up.scope == SignUp.Scope.SERVICE and sign_up.scope_name:
        scope = f"{scope}: {sign_up.scope_name}"
    yield AnswerLine("Whom you serve", sign_up.serves, is_multiline=True)
    yield AnswerLine("Who signs up", scope)
    yield AnswerLine("Where people have a say", ", ".join(domains))


def _people(sign_up: SignUp) -> Iterator[AnswerLine]:
    yield AnswerLine("Your name", sign_up.applicant_name)
    yield AnswerLine("Your role", sign_up.applicant_role)
    yield AnswerLine("Your work email address", sign_up.applicant_email)
    if needs_sponsor(sign_up):
        yield AnswerLine("Role of your senior sponsor", sign_up.sponsor_role)
        yield AnswerLine("Their email address", sign_up.sponsor_email)
    yield AnswerLine("Lived-experience co-lead", _co_lead(sign_up))


def _co_lead(sign_up: SignUp) -> str:
    if sign_up.co_lead == SignUp.CoLead.NAMED:
        return sign_up.co_lead_name
    if sign_up.co_lead == SignUp.CoLead.RECRUITING and sign_up.co_lead_by:
        return f"We are looking for somebody, by {_day(sign_up.co_lead_by)}"
    return ""


def _commitment(sign_up: SignUp) -> Iterator[AnswerLine]:
    yield from _payment(sign_up)
    promise = "We make it" if sign_up.has_promised else ""
    yield AnswerLine("The commitment", promise)
    yield AnswerLine("In your own words", sign_up.own_words, is_multiline=True)
    yield _milestones(sign_up)
    yield AnswerLine("4Pi training", "Tell us more" if sign_up.wants_training else "No")


def _payment(sign_up: SignUp) -> Iterator[AnswerLine]:
    yield AnswerLine("People are paid", sign_up.get_payment_display())
    if sign_up.payment == SignUp.Payment.NO:
        yield AnswerLine("Why not", sign_up.why_not_paid, is_multiline=True)


def _milestones(sign_up: SignUp) -> AnswerLine:
    milestones = (_milestone(*each) for each in sign_up.milestones)
    return AnswerLine("Milestones", "\n".join(milestones), is_multiline=True)


def _milestone(text: str, due: Any) -> str:
    return f"{text}, by {_day(date.fromisoformat(due))}"


def _day(day: date) -> str:
    return date_format(day, "j F Y")


_LINES = {
    "organisation": _organisation,
    "serves": _serves,
    "people": _people,
    "commitment": _commitment,
}
