"""The cast of people, and plain functions that make one row each.

Whatever has a status is made through the operations, as a person would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP

from assessments.models import Assessment, Response
from assessments.operations import answer, lock, start_assessment
from assessments.rules import ResponseContent
from organisations.models import Membership, Notice, Organisation, SignUp, User
from organisations.operations import confirm_sign_up, send_sign_up, start_sign_up
from organisations.operations.console import add_notice
from organisations.rules import first_due


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "a long enough password"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Role = Membership.Role
Row = TypeVar("Row", Organisation, Membership)


def make_user(name: str, **overrides: Any) -> User:
    email = overrides.pop("email", f"{name.lower().replace(' ', '.')}@people.example")
    user = User.objects.create_user(email, PASSWORD, name=name, **overrides)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_steward(name: str, **overrides: Any) -> User:
    """Make a steward whose app gives codes; tests/second_step.py computes them."""
    user = make_user(name, is_staff=True, **overrides)
    TOTP.activate(user, APP_SECRET)
    return user


def make_organisation(slug: str, **overrides: Any) -> Organisation:
    fields = {"name": slug.title(), "kind": Organisation.Kind.CARE_CHARITY}
    return _made_before(Organisation(slug=slug, **fields | overrides))


def signed_up(on: date = TODAY, **overrides: Any) -> dict[str, Any]:
    """Give the register's fields of an organisation that signed up on a day."""
    fields = {
        "signed_up_on": on,
        "stage": Organisation.Stage.SIGNED_UP,
        "stage_since": on,
        "due_on": first_due(on),
    }
    return fields | overrides


def make_registered(slug: str, **overrides: Any) -> Organisation:
    """Make an organisation that stands on the register since NOW."""
    return make_organisation(slug, **signed_up() | overrides)


def make_notice(text: str = "We are closed on Friday.", **overrides: Any) -> Notice:
    by = User.objects.filter(is_staff=True).first() or make_steward("Nora Notices")
    fields = {"starts_at": NOW, "ends_at": None, "by": by, "at": NOW}
    return add_notice(text=text, **fields | overrides)


def make_member(organisation: Organisation, role: str, name: str) -> User:
    user = make_user(name)
    _made_before(Membership(organisation=organisation, user=user, role=role))
    return user


def _made_before(row: Row) -> Row:
    """Save a row whose history begins before NOW, whatever day it is."""
    row._history_date = NOW - timedelta(days=1)  # type: ignore[attr-defined]
    row.save()
    del row._history_date  # type: ignore[attr-defined]
    return row


def make_waiting_sign_up(name: str = "Tide Together", **overrides: Any) -> SignUp:
    """A sign-up that is sent, confirmed, and has its sponsor: a steward can decide."""
    slug = name.lower().replace(" ", "-")
    fields = {
        "name": name,
        "kind": SignUp.Kind.CARE_CHARITY,
        "area": "Kent",
        "website": f"https://www.{slug}.example",
        "serves": "Adults who use our services.",
        "domains": ["OC", "SD"],
        "sponsor_role": "Chief executive",
        "sponsor_email": f"chief@{slug}.example",
        "co_lead": SignUp.CoLead.NAMED,
        "co_lead_name": "Bo Tide",
        "payment": SignUp.Payment.YES,
        "reference": f"4PI-{slug[:14]}",
        "applicant_name": "Ada Applicant",
        "applicant_role": "Involvement lead",
        "applicant_email": f"ada@{slug}.example",
        "milestones": [["Pay people", "2027-03-01"]],
        "has_promised": True,
        "state": SignUp.State.WAITING,
        "started_at": NOW,
        "changed_at": NOW,
        "sent_at": NOW,
        "email_confirmed_at": NOW,
        "sponsor_confirmed_at": NOW,
    }
    return SignUp.objects.create(**fields | overrides)


# What a whole sign-up says; a test overrides what it is about.
WHOLE = {
    "name": "Meadow Trust",
    "kind": "nhs_trust",
    "nation": "england",
    "area": "Kent",
    "serves": "People who use our services in Kent.",
    "scope": "whole",
    "domains": ["OC", "SD"],
    "applicant_name": "Ada Applicant",
    "applicant_role": "Involvement lead",
    "applicant_email": "ada@meadow.example",
    "sponsor_role": "Chief executive",
    "sponsor_email": "chief@meadow.example",
    "co_lead": "recruiting",
    "co_lead_by": NOW.date() + timedelta(days=90),
    "payment": "yes",
    "has_promised": True,
}


def make_draft(*, at: datetime = NOW, **overrides: Any) -> SignUp:
    """A sign-up that could be sent as it is."""
    columns = WHOLE | overrides
    return start_sign_up(columns=columns, half_typed={}, at=at)


def make_sign_up(*, at: datetime = NOW, **overrides: Any) -> SignUp:
    """A sign-up that waits for a steward, and for its sponsor."""
    sign_up = make_draft(at=at, **overrides)
    send_sign_up(sign_up=sign_up, at=at)
    confirm_sign_up(sign_up=sign_up, at=at)
    return sign_up


def make_assessment(
    organisation: Organisation, by: User, scope_name: str = ""
) -> Assessment:
    return start_assessment(
        organisation=organisation,
        by=by,
        at=NOW,
        scope="service" if scope_name else "organisation",
        scope_name=scope_name,
    )


def the_response(assessment: Assessment, code: str = "PR1") -> Response:
    """Load a response as the question page does."""
    return Response.objects.select_related(
        "standard", "saved_by", "assessment__organisation"
    ).get(assessment=assessment, standard__code=code)


def make_locked_assessment(
    organisation: Organisation, by: User, scope_name: str = ""
) -> Assessment:
    """Answer every standard with "don't know yet", and lock our view."""
    assessment = make_assessment(organisation, by, scope_name)
    responses = Response.objects.of(assessment).select_related("assessment")
    for response in responses.select_related("assessment__organisation", "standard"):
        dont_know = content(state="dont_know", level=None)
        answer(response=response, content=dont_know, version=0, by=by, at=NOW)
    lock(assessment=assessment, by=by, at=NOW)
    return assessment


def content(**overrides: Any) -> ResponseContent:
    fields = {"state": "answered", "level": 2, "reason": "Most teams do."}
    return ResponseContent(**fields | overrides)


@dataclass(frozen=True)
class Cast:
    """Riverside and its people, and Harbour, whose lead is a stranger there."""

    riverside: Organisation
    harbour: Organisation
    lead: User
    contributor: User
    co_lead: User
    viewer: User
    removed: User
    stranger: User
    steward: User
    steward_without_second_step: User
    superuser: User
    assessment: Assessment
    others_assessment: Assessment


def make_cast() -> Cast:
    riverside = make_organisation("riverside")
    harbour = make_organisation("harbour")
    lead = make_member(riverside, Role.LEAD, "Asha Lead")
    stranger = make_member(harbour, Role.LEAD, "Sam Stranger")
    return Cast(
        riverside=riverside,
        harbour=harbour,
        lead=lead,
        contributor=make_member(riverside, Role.CONTRIBUTOR, "Tom Contributor"),
        co_lead=make_member(riverside, Role.CO_LEAD, "Maureen Colead"),
        viewer=make_member(riverside, Role.VIEWER, "Leila Viewer"),
        removed=make_user("Rob Removed"),
        stranger=stranger,
        steward=make_steward("Jo Steward"),
        steward_without_second_step=make_user("Jim Newsteward", is_staff=True),
        superuser=make_steward("Su Peruser", is_superuser=True),
        assessment=make_assessment(riverside, lead),
        others_assessment=make_assessment(harbour, stranger),
    )
