"""Own levels first, then one of all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments import operations
from assessments.forms import AskForRatingsForm, RateForm
from assessments.models import Assessment, RatingRound
from assessments.queries import (
    Colleague,
    asked_now,
    colleagues_of,
    own_levels,
    rating_of,
    waiting_for,
)
from assessments.rules import NotAllowed
from organisations.access import (
    Permission,
    forget_kept,
    person_of,
    typed_here,
)
from organisations.models import Membership
from organisations.rules import Refusal
from organisations.views.answers import show_form

from .doors import door, page_or_404
from .saved import tell_saved


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, organisation_slug: str, public_id: UUID) -> HttpResponse:
    """Ask people for their own level, and say how far they are."""
    reader, assessment = door(
        request, organisation_slug, public_id, needs=Permission.LOCK
    )
    parts = assessment.edition.principles.order_by("position")
    form = AskForRatingsForm(
        typed_here(request),
        colleagues=_who_can_answer(colleagues_of(reader.organisation)),
        principles=list(parts.values_list("slug", "name")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            count = operations.ask_for_ratings(
                assessment=assessment,
                principles=form.cleaned_data["principles"],
                people=form.chosen_people(),
                by=person_of(request),
                at=timezone.now(),
            )
        except (NotAllowed, Refusal) as reason:
            form.add_error("people", str(reason))
        else:
            forget_kept(request)
            said = f"They are asked for their own level of {count} standards."
            messages.success(request, said)
            return redirect("assessments:own_levels", organisation_slug, public_id)
    context = {"assessment": assessment, "asked": asked_now(assessment)}
    return show_form(request, "assessments/own_levels.html", form, context)


def _who_can_answer(colleagues: tuple[Colleague, ...]) -> list[Colleague]:
    viewer = Membership.Role.VIEWER.label
    return [each for each in colleagues if each.role != viewer]


@require_POST
def show(
    request: HttpRequest, organisation_slug: str, public_id: UUID, round_id: UUID
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.LOCK)
    rounds = RatingRound.objects.of(assessment).select_related("response__standard")
    found = get_object_or_404(rounds, public_id=round_id)
    found.response.assessment = assessment
    try:
        operations.show_ratings(asked=found, by=person_of(request), at=timezone.now())
    except (NotAllowed, Refusal) as reason:
        messages.warning(request, str(reason))
    else:
        code = found.response.standard.code
        messages.success(request, f"{code}: its page shows how the levels spread.")
    return redirect("assessments:own_levels", organisation_slug, public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def own_level(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str,
    position: int,
) -> HttpResponse:
    """Ask for one's own level of a standard, which nobody else sees yet."""
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.ANSWER)
    page = page_or_404(request, assessment, principle_slug, position)
    there = assessment.question_address(principle_slug, position)
    rating = rating_of(page.response, person_of(request))
    if rating is None:
        messages.warning(request, "Nobody asks for your own level of this now.")
        return redirect(there)
    form = RateForm(
        typed_here(request),
        choices=page.choices,
        initial={} if rating.rated_at is None else {"level": _chosen(rating.level)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            is_last = operations.rate(
                rating=rating,
                level=form.level(),
                by=person_of(request),
                at=timezone.now(),
            )
        except (NotAllowed, Refusal) as reason:
            messages.warning(request, str(reason))
            return redirect(there)
        forget_kept(request)
        code = page.standard.code
        tell_saved(request, [f"Your own level of {code}"], timezone.now())
        if is_last:
            said = f"All have one for {code}: its page shows how the levels spread."
            messages.success(request, said)
        return redirect(_next(request, assessment) or there)
    context = {
        "assessment": assessment,
        "page": page,
        "levels": own_levels(page.response, page.choices),
        "waiting": waiting_for(assessment, person_of(request)),
    }
    return show_form(request, "assessments/own_level.html", form, context)


def _chosen(level: int | None) -> str:
    return "cannot_say" if level is None else str(level)


def _next(request: HttpRequest, assessment: Assessment) -> str:
    return waiting_for(assessment, person_of(request)).address
