"""All evidence of an assessment, as a page and as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import document
from assessments.forms import FindEvidenceForm
from assessments.models import Assessment
from assessments.queries import evidence_groups, evidence_lines
from organisations.access import Permission, membership_or_404, person_of
from organisations.views.answers import csv_file

from .doors import door, shown_to


@require_safe
def evidence(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    reader, assessment = door(
        request, organisation_slug, public_id, needs=Permission.READ_OUR_VIEW
    )
    shown_to(reader, "evidence")
    form = FindEvidenceForm(request.GET)
    sought = form.sought()
    lines = evidence_lines(assessment, sought, today=timezone.localdate())
    context = {
        "assessment": assessment,
        "form": form,
        "lines": lines,
        "groups": evidence_groups(lines),
        "is_narrowed": sought.is_narrowed,
        # A steward who is let in reads; what leaves the site is for members.
        "can_save": reader.membership is not None,
    }
    return render(request, "assessments/evidence.html", context)


@require_safe
def evidence_csv(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.READ_OUR_VIEW
    )
    assessments = Assessment.objects.of(membership.organisation)
    assessment = get_object_or_404(
        assessments.select_related("organisation"), public_id=public_id
    )
    sought = FindEvidenceForm(request.GET).sought()
    lines = evidence_lines(assessment, sought, today=timezone.localdate())
    name = f"4pi-evidence-{membership.organisation.slug}.csv"
    return csv_file(document.evidence_csv(lines), name=name)
