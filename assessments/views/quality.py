"""What is worth a look before our view is locked."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.queries import assessment_record, quality_page
from organisations.access import Permission

from .doors import door, shown_to


@require_safe
def quality(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    reader, assessment = door(
        request, organisation_slug, public_id, needs=Permission.READ_OUR_VIEW
    )
    shown_to(reader, "quality")
    record = assessment_record(assessment)
    context = {
        "assessment": assessment,
        "record": record,
        "page": quality_page(record, assessment, today=timezone.localdate()),
        "can_lock": reader.can(Permission.LOCK) and not assessment.is_locked(),
    }
    return render(request, "assessments/quality.html", context)
