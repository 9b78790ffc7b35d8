"""What some see differently: noted, and both texts where somebody was first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import operations
from assessments.forms import DISSENT, DissentForm, new_writing, turn_of
from assessments.models import Assessment
from assessments.queries import QuestionPage, last_dissent
from assessments.rules import DissentConflict, NotAllowed, Turn
from organisations.access import Permission, forget_kept, person_of, typed_here
from organisations.rules import Refusal
from organisations.views.answers import show_form

from .doors import door, page_or_404
from .drafts import keep_aside
from .saved import tell_saved


@require_http_methods(["GET", "HEAD", "POST"])
def dissent(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str,
    position: int,
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.ANSWER)
    page = page_or_404(request, assessment, principle_slug, position)
    if not page.response.version:
        raise Http404
    form = _form(typed_here(request), page)
    if request.method != "POST" or not form.is_valid():
        return _show(request, assessment, page, form)
    if "join" in request.POST:
        return _join(request, assessment, page, form.cleaned_data["dissent"])
    try:
        is_noted = operations.note_dissent(
            response=page.response,
            text=form.cleaned_data["dissent"],
            version=form.cleaned_data["version"],
            seen=form.cleaned_data["dissent_seen"],
            by=person_of(request),
            at=timezone.now(),
        )
    except DissentConflict as refusal:
        return show_dissent_conflict(request, assessment, page, refusal)
    except (NotAllowed, Refusal) as reason:
        return _not_noted(request, assessment, page, reason)
    forget_kept(request)
    if kept := turn_of(request.POST.get("follows", "")):
        operations.throw_away(response=page.response, turn=kept, by=person_of(request))
    said = f"What some see differently about {page.standard.code}"
    tell_saved(request, [said] if is_noted else [], timezone.now())
    return _back(assessment, page)


def show_dissent_conflict(
    request: HttpRequest,
    assessment: Assessment,
    page: QuestionPage,
    refusal: DissentConflict,
) -> HttpResponse:
    """Show both texts: theirs as it stands, ours still in the box.

    Effects: ours is a draft of the question's page.
    """
    turn = keep_aside(request, page, DISSENT)
    context = {"refusal": refusal, "turn": turn}
    form = _form(_over_what_stands(request, page), page)
    return _show(request, assessment, page, form, context, status=409)


def _back(assessment: Assessment, page: QuestionPage) -> HttpResponse:
    return redirect(assessment.question_address(page.principle.slug, page.position))


def _form(typed: QueryDict | None, page: QuestionPage) -> DissentForm:
    shown = {
        "version": page.response.version,
        "dissent": page.dissent,
        "dissent_seen": page.dissent_key,
    }
    return DissentForm(typed, initial=shown)


def _over_what_stands(request: HttpRequest, page: QuestionPage) -> QueryDict:
    typed = request.POST.copy()
    typed["version"] = str(page.response.version)
    typed["dissent_seen"] = str(page.dissent_key)
    return typed


def _join(
    request: HttpRequest, assessment: Assessment, page: QuestionPage, mine: str
) -> HttpResponse:
    """Put both texts into the box, for somebody to make one of them."""
    typed = _over_what_stands(request, page)
    if page.dissent not in mine:
        typed["dissent"] = f"{page.dissent}\n\n{mine}".strip()
    turn = keep_aside(request, page, DISSENT, typed)
    context = {"refusal": DissentConflict(), "turn": turn, "is_joined": True}
    return _show(request, assessment, page, _form(typed, page), context)


def _not_noted(
    request: HttpRequest, assessment: Assessment, page: QuestionPage, reason: Exception
) -> HttpResponse:
    turn = keep_aside(request, page, DISSENT)
    form = _form(_over_what_stands(request, page), page)
    form.add_error("dissent", f"{reason} What you typed is kept for you.")
    return _show(request, assessment, page, form, {"turn": turn})


def _show(
    request: HttpRequest,
    assessment: Assessment,
    page: QuestionPage,
    form: DissentForm,
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"assessment": assessment, "page": page} | (more or {})
    if "refusal" in context:
        context["theirs"] = last_dissent(page.response)
    turn = context.get("turn")
    context["writing"] = new_writing(turn if isinstance(turn, Turn) else None)
    return show_form(request, "assessments/dissent.html", form, context, status=status)
