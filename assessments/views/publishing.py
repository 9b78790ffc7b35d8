"""Publish an assessment, or hold that back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments import operations
from assessments.forms import HoldForm, PublishForm
from assessments.models import Assessment, Hold
from assessments.queries import assessed_by, left_out_of, publishing_page
from assessments.rules import NotAllowed
from organisations.access import (
    Permission,
    author_mark,
    forget_kept,
    kept_typing,
    membership_or_404,
    person_of,
)
from organisations.models import Membership
from organisations.rules import Refusal


def _here(
    request: HttpRequest, slug: str, public_id: UUID
) -> tuple[Membership, Assessment]:
    """Open an assessment to a member who may publish it."""
    membership = membership_or_404(person_of(request), slug, needs=Permission.PUBLISH)
    assessments = Assessment.objects.of(membership.organisation).select_related(
        "organisation"
    )
    return membership, get_object_or_404(assessments, public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    membership, assessment = _here(request, organisation_slug, public_id)
    is_post = request.method == "POST"
    kept = None if is_post else kept_typing(request, person_of(request))
    people = membership.organisation.people()
    form = PublishForm(request.POST if is_post else kept, people=people)
    wants = "change" if "change" in request.POST or not is_post else "read"
    if wants == "read" and form.is_valid():
        wants = "publish" if "publish" in request.POST else "preview"
    if wants == "publish":
        try:
            return _publish(request, assessment, form)
        except (NotAllowed, Refusal) as reason:
            form.add_error(None, str(reason))
    name = "preview" if wants == "preview" else "publish"
    return _show(request, membership, assessment, form, name)


def _publish(
    request: HttpRequest, assessment: Assessment, form: PublishForm
) -> HttpResponse:
    operations.publish_own_view(
        assessment=assessment,
        own_view=form.own_view(),
        by=person_of(request),
        at=timezone.now(),
    )
    forget_kept(request)
    messages.success(request, "It is published. The register shows it now.")
    return redirect(assessment)


def _show(
    request: HttpRequest,
    membership: Membership,
    assessment: Assessment,
    form: PublishForm | HoldForm,
    name: str,
) -> HttpResponse:
    page = publishing_page(assessment, membership, timezone.now())
    if name == "preview" and page.refusal:
        name = "publish"
    context = {
        "assessment": assessment,
        "organisation": membership.organisation,
        "page": page,
        "assessed_by": assessed_by(assessment),
        "left_out": left_out_of(assessment),
        "form": form,
        "is_kept": form.is_bound and request.method != "POST",
        "role": membership.get_role_display().lower(),
        "author": author_mark(person_of(request)),
    }
    return render(request, f"assessments/assessment_{name}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, organisation_slug: str, public_id: UUID) -> HttpResponse:
    membership, assessment = _here(request, organisation_slug, public_id)
    is_post = request.method == "POST"
    kept = None if is_post else kept_typing(request, person_of(request))
    form = HoldForm(request.POST if is_post else kept)
    if is_post and form.is_valid():
        try:
            operations.hold_back(
                assessment=assessment,
                membership=membership,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except (NotAllowed, Refusal) as reason:
            form.add_error(None, str(reason))
        else:
            forget_kept(request)
            messages.success(request, "Publishing is held back.")
            return redirect(assessment)
    return _show(request, membership, assessment, form, "hold")


@require_POST
def lift(
    request: HttpRequest, organisation_slug: str, public_id: UUID, hold_id: UUID
) -> HttpResponse:
    membership, assessment = _here(request, organisation_slug, public_id)
    holds = Hold.objects.of(membership.organisation).select_related(
        "assessment__organisation", "placed_by"
    )
    # The hold that the page showed, and no later one.
    found = get_object_or_404(holds, assessment=assessment, public_id=hold_id)
    try:
        operations.lift_hold(hold=found, membership=membership, at=timezone.now())
    except (NotAllowed, Refusal) as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, "Publishing is no longer held back.")
    return redirect(assessment)
