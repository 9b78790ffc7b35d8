"""The cast of people, and plain functions that make one row each.

Whatever has a status is made through the operations, as a person would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from allauth.account.models import EmailAddress

from assessments.models import Assessment, Response
from assessments.operations import start_assessment
from assessments.rules import ResponseContent
from organisations.models import Membership, Organisation, User
from organisations.rules import first_due


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "a long enough password"
Role = Membership.Role


def make_user(name: str, **overrides: Any) -> User:
    email = overrides.pop("email", f"{name.lower().replace(' ', '.')}@people.example")
    user = User.objects.create_user(email, PASSWORD, name=name, **overrides)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_organisation(slug: str, **overrides: Any) -> Organisation:
    fields = {"name": slug.title(), "kind": Organisation.Kind.CARE_CHARITY}
    return Organisation.objects.create(slug=slug, **fields | overrides)


def signed_up(on: date = TODAY, **overrides: Any) -> dict[str, Any]:
    """Give the register's fields of an organisation that signed up on a day."""
    fields = {
        "signed_up_on": on,
        "stage": Organisation.Stage.SIGNED_UP,
        "stage_since": on,
        "due_on": first_due(on),
    }
    return fields | overrides


def make_member(organisation: Organisation, role: str, name: str) -> User:
    user = make_user(name)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


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
        steward=make_user("Jo Steward", is_staff=True),
        superuser=make_user("Su Peruser", is_staff=True, is_superuser=True),
        assessment=make_assessment(riverside, lead),
        others_assessment=make_assessment(harbour, stranger),
    )
