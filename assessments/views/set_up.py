"""Start an assessment, and change later how it is set up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import operations
from assessments.forms import SetUpForm, StartForm
from assessments.models import Assessment
from assessments.operations import AlreadyUnderWay, ClosedUnit
from assessments.queries import starting_point
from assessments.rules import NotAllowed
from organisations.access import (
    Permission,
    forget_kept,
    membership_or_404,
    person_of,
    typed_here,
)
from organisations.queries import who_can
from organisations.views.answers import show_form

from .doors import door


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.START
    )
    organisation, today = membership.organisation, timezone.localdate()
    offered = starting_point(organisation, today)
    form = StartForm(typed_here(request), offered=offered, today=today)
    context: dict[str, Any] = {"organisation": organisation}
    if request.method == "POST" and form.is_valid():
        try:
            assessment = operations.start_assessment(
                organisation=organisation,
                by=person_of(request),
                at=timezone.now(),
                scope=form.cleaned_data["scope"],
                scope_name=form.cleaned_data["scope_name"],
                unit=form.chosen_unit(),
                set_up=form.set_up(),
            )
        except AlreadyUnderWay as reason:
            form.add_error("scope", str(reason))
            context["under_way"] = reason.assessment
        except ClosedUnit as reason:
            form.add_error("scope", str(reason))
        else:
            forget_kept(request)
            return _after_start(assessment)
    return show_form(request, "assessments/assessment_start.html", form, context)


def _after_start(assessment: Assessment) -> HttpResponse:
    """Go on to share the work, where there is anybody to share it with."""
    if who_can(assessment.organisation, Permission.ANSWER).count() < 2:
        return redirect(assessment)
    place = [assessment.organisation.slug, assessment.public_id]
    return redirect("assessments:share", *place)


@require_http_methods(["GET", "HEAD", "POST"])
def change_set_up(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.START)
    form = SetUpForm(
        typed_here(request),
        initial={name: getattr(assessment, name) for name in SHOWN},
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_set_up(
                assessment=assessment,
                set_up=form.set_up(),
                version=form.cleaned_data["version"],
                by=person_of(request),
                at=timezone.now(),
            )
        except NotAllowed as reason:
            return _show_both(request, assessment, form, reason)
        forget_kept(request)
        messages.success(request, "The set-up is saved.")
        return redirect(assessment)
    return _show(request, assessment, form)


SHOWN = ("version", *SetUpForm.names)


def _show_both(
    request: HttpRequest, assessment: Assessment, form: SetUpForm, reason: NotAllowed
) -> HttpResponse:
    """Show what stands now, and what was typed still in the boxes."""
    assessment.refresh_from_db(fields=["status", *SHOWN])
    typed = request.POST.copy()
    typed["version"] = str(assessment.version)
    anew = SetUpForm(typed, initial=form.initial, today=form.today)
    anew.add_error(None, str(reason))
    return _show(request, assessment, anew, status=409)


def _show(
    request: HttpRequest, assessment: Assessment, form: SetUpForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "assessment": assessment,
        "stands": status == 409,
        "domains": ", ".join(assessment.domain_names()),
    }
    name = "assessments/assessment_set_up.html"
    return show_form(request, name, form, context, status=status)
