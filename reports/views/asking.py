"""The pages that ask for a document: chosen, made, tried again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from organisations.access import Permission, membership_or_404, person_of
from reports import operations
from reports.forms import DocumentForm
from reports.models import Report
from reports.queries import room_now
from standards.queries import duty_sets

from .doors import door, door_to_assessment


@require_http_methods(["GET", "HEAD", "POST"])
def request_report(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Say which documents there are about an assessment, and make one by POST."""
    membership, assessment = door_to_assessment(request, organisation_slug, public_id)
    form = DocumentForm(
        request.POST if request.method == "POST" else None,
        sets=partial(duty_sets, assessment.edition),
        people=membership.organisation.people(),
    )
    if form.is_valid():
        try:
            report = operations.request_report(
                assessment=assessment,
                kind=form.cleaned_data["kind"],
                is_large=form.cleaned_data["is_large"],
                about=form.cleaned_data["about"],
                by=person_of(request),
                at=timezone.now(),
            )
        except operations.TooMany as reason:
            form.add_error(None, str(reason))
        else:
            return _lead_to(request, report)
    context = {
        "organisation": membership.organisation,
        "assessment": assessment,
        "form": form,
        "room": room_now(membership.organisation, at=timezone.now()),
    }
    return render(request, "reports/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def workshop(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Say what is in a workshop pack, and make one by POST."""
    membership, assessment = door_to_assessment(request, organisation_slug, public_id)
    if request.method == "POST":
        try:
            report = operations.request_report(
                assessment=assessment,
                kind=Report.Kind.WORKSHOP,
                is_large="large" in request.POST,
                by=person_of(request),
                at=timezone.now(),
            )
        except operations.TooMany as reason:
            messages.info(request, str(reason))
            return redirect("reports:workshop", organisation_slug, public_id)
        return _lead_to(request, report)
    context = {
        "organisation": membership.organisation,
        "assessment": assessment,
        "room": room_now(membership.organisation, at=timezone.now()),
    }
    return render(request, "reports/workshop.html", context)


@require_POST
def request_certificate(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    person = person_of(request)
    membership = membership_or_404(
        person, organisation_slug, needs=Permission.REQUEST_REPORT
    )
    try:
        report = operations.request_certificate(
            organisation=membership.organisation,
            is_large="large" in request.POST,
            by=person,
            at=timezone.now(),
        )
    except (operations.NotSignedUp, operations.TooMany) as reason:
        return _refused(request, organisation_slug, reason)
    return _lead_to(request, report)


@require_POST
def retry(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    _, report = door(
        request, organisation_slug, public_id, needs=Permission.REQUEST_REPORT
    )
    try:
        report = operations.retry_report(
            report=report, by=person_of(request), at=timezone.now()
        )
    except (operations.NotFailed, operations.TooMany) as reason:
        messages.info(request, str(reason))
    return redirect(report)


def _refused(request: HttpRequest, slug: str, reason: Exception) -> HttpResponse:
    """Say why no report was asked for, above those that there are."""
    messages.info(request, str(reason))
    return redirect("reports:index", slug)


def _lead_to(request: HttpRequest, report: Report) -> HttpResponse:
    if report.is_ready():
        said = "Nothing has changed since it was made, so here is the one that we have."
        messages.info(request, said)
    return redirect(report)
