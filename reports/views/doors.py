"""What stands before each page: whose report or assessment it is."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from assessments.models import Assessment
from organisations.access import Permission, membership_or_404, person_of
from organisations.models import Membership
from reports.models import Report


def door(
    request: HttpRequest,
    slug: str,
    public_id: UUID,
    *,
    needs: Permission = Permission.VIEW,
) -> tuple[Membership, Report]:
    """Open one of the member's organisation's reports, or answer 404."""
    membership = membership_or_404(person_of(request), slug, needs=needs)
    # Archives have a page of their own, for leads alone.
    documents = Report.objects.of(membership.organisation).documents()
    reports = documents.select_related(
        "organisation",
        "assessment__organisation",
        "assessment__edition",
        "requested_by",
    )
    return membership, get_object_or_404(reports, public_id=public_id)


def of_kind_or_404(
    request: HttpRequest, slug: str, public_id: UUID, kind: str
) -> Report:
    _, report = door(request, slug, public_id)
    if report.kind != kind:
        raise Http404
    return report


def door_to_assessment(
    request: HttpRequest, slug: str, public_id: UUID
) -> tuple[Membership, Assessment]:
    """Open an assessment to who may ask for documents about it, or answer 404."""
    membership = membership_or_404(
        person_of(request), slug, needs=Permission.REQUEST_REPORT
    )
    found = Assessment.objects.of(membership.organisation).select_related("edition")
    assessment = get_object_or_404(found, public_id=public_id)
    assessment.organisation = membership.organisation  # It is read already.
    return membership, assessment
