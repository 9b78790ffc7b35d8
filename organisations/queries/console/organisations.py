"""Organisations as stewards see them: register fields, people and counts.

Of an assessment only that it exists is counted; no answer is read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Subquery,
    TextChoices,
)
from django.db.models.functions import Coalesce

from organisations.models import (
    Membership,
    Milestone,
    MilestoneQuerySet,
    Organisation,
    OrganisationQuerySet,
)
from organisations.rules import months_after


Role = Membership.Role
Stage = Organisation.Stage
SOON_MONTHS = 1


class Needs(TextChoices):
    """Why an organisation may need a steward."""

    NO_LEAD = "no_lead", "No lead"
    ONE_LEAD = "one_lead", "One lead"
    LAPSED = "lapsed", "Lapsed"
    DUE = "due", "Due within a month"
    MISSED = "missed", "A milestone missed"


@dataclass(frozen=True)
class Sought:
    """What a steward looks for; empty finds everything."""

    words: str = ""
    kind: str = ""
    nation: str = ""
    stage: str = ""
    status: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Lead:
    name: str
    email: str


@dataclass(frozen=True)
class OrganisationLine:
    slug: str
    name: str
    kind: str
    nation: str
    area: str
    website: str
    ods_code: str
    charity_number: str
    status: str
    is_active: bool
    stage: str
    signed_up_on: date | None
    due_on: date | None
    published_on: date | None
    leads: tuple[Lead, ...]
    people: int
    assessments: int


def search_organisations(sought: Sought, today: date) -> OrganisationQuerySet:
    """Find organisations by words in any order and by filters, by name."""
    found = Organisation.objects.matching(sought.words).by_name()
    exact = {
        field: value
        for field in ("kind", "nation", "stage", "status")
        if (value := getattr(sought, field))
    }
    return _needing(found.filter(**exact), sought.needs, today)


def organisation_lines(
    organisations: Iterable[Organisation],
) -> tuple[OrganisationLine, ...]:
    """Shape organisations for the list and its file, in three queries."""
    found = list(organisations)
    leads = _leads(found)
    counts = {
        row["pk"]: row
        for row in Organisation.objects.filter(pk__in=[o.pk for o in found]).values(
            "pk",
            people=Count("memberships", distinct=True),
            # The app above has the table; here it is only counted.
            work=Count("assessments", distinct=True),
        )
    }
    return tuple(
        _line(
            o, tuple(leads.get(o.pk, ())), counts[o.pk]["people"], counts[o.pk]["work"]
        )
        for o in found
    )


def _needing(
    found: OrganisationQuerySet, needs: str, today: date
) -> OrganisationQuerySet:
    active = found.filter(status=Organisation.Status.ACTIVE)
    soon = months_after(today, SOON_MONTHS)
    match needs:
        case Needs.NO_LEAD:
            return _with_so_many_leads(active, 0)
        case Needs.ONE_LEAD:
            return _with_so_many_leads(active, 1)
        case Needs.LAPSED:
            return active.filter(stage=Stage.LAPSED).order_by("stage_since", "pk")
        case Needs.DUE:
            due = active.exclude(stage=Stage.LAPSED).filter(due_on__lte=soon)
            return due.order_by("due_on", "pk")
        case Needs.MISSED:
            return active.filter(Exists(_missed(today)))
    return found


def _with_so_many_leads(
    found: OrganisationQuerySet, number: int
) -> OrganisationQuerySet:
    leads = (
        Membership.objects.filter(organisation=OuterRef("pk"), role=Role.LEAD)
        .filter(user__is_active=True, user__is_staff=False)
        .order_by()
        .values("organisation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    count = Coalesce(Subquery(leads, output_field=IntegerField()), 0)
    return found.alias(lead_count=count).filter(lead_count=number)


def _missed(today: date) -> MilestoneQuerySet:
    return Milestone.objects.filter(
        organisation=OuterRef("pk"), kept_on=None, dropped_on=None, due_on__lt=today
    )


def _leads(organisations: Iterable[Organisation]) -> dict[int, list[Lead]]:
    leads: dict[int, list[Lead]] = {}
    memberships = Membership.objects.filter(
        organisation__in=[o.pk for o in organisations], role=Role.LEAD
    )
    for lead in memberships.select_related("user").order_by("user__name", "pk"):
        person = Lead(name=str(lead.user), email=lead.user.email)
        leads.setdefault(lead.organisation_id, []).append(person)
    return leads


def _line(
    o: Organisation, leads: tuple[Lead, ...], people: int, work: int
) -> OrganisationLine:
    return OrganisationLine(
        slug=o.slug,
        name=o.name,
        kind=o.get_kind_display(),
        nation=o.get_nation_display(),
        area=o.area,
        website=o.website,
        ods_code=o.ods_code,
        charity_number=o.charity_number,
        status=o.get_status_display(),
        is_active=o.status == Organisation.Status.ACTIVE,
        stage=o.get_stage_display() or "Not signed up",
        signed_up_on=o.signed_up_on,
        due_on=o.due_on,
        published_on=o.published_on,
        leads=leads,
        people=people,
        assessments=work,
    )
