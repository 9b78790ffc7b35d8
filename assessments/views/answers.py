"""Our answers as data, for members to take away."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from assessments import document
from assessments.models import Assessment
from assessments.queries import AssessmentRecord, assessment_record
from organisations.access import Permission, membership_or_404, person_of
from organisations.views.answers import csv_file


def _record(request: HttpRequest, slug: str, public_id: UUID) -> AssessmentRecord:
    """Read an assessment for a member: what leaves the site is for nobody else."""
    membership = membership_or_404(
        person_of(request), slug, needs=Permission.READ_OUR_VIEW
    )
    found = Assessment.objects.of(membership.organisation).select_related(
        "organisation", "edition", "started_by", "locked_by"
    )
    return assessment_record(get_object_or_404(found, public_id=public_id))


@require_safe
def answers_csv(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    record = _record(request, organisation_slug, public_id)
    name = f"4pi-answers-{organisation_slug}.csv"
    return csv_file(document.answers_csv(record), name=name)


@require_safe
def answers_json(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    record = _record(request, organisation_slug, public_id)
    name = f"4pi-answers-{organisation_slug}.json"
    return HttpResponse(
        document.answers_json(record),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
