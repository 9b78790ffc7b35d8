"""Share the work of an assessment, and find what is one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import operations
from assessments.forms import ShareForm
from assessments.models import Assessment
from assessments.queries import SharingPage, assessment_record, sharing_page
from assessments.rules import NotAllowed
from organisations.access import Permission, forget_kept, person_of, typed_here
from organisations.views.answers import show_form

from .doors import door


@require_http_methods(["GET", "HEAD", "POST"])
def share(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str = "",
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.START)
    page = _page_or_404(assessment, principle_slug)
    form = ShareForm(
        typed_here(request),
        assessment=assessment,
        page=page,
        today=timezone.localdate(),
        is_single=bool(principle_slug),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _share(request, assessment, form)
        except NotAllowed as reason:
            return _show_anew(request, assessment, principle_slug, form, reason)
        forget_kept(request)
        return redirect(assessment)
    return _show(request, assessment, page, form)


def _page_or_404(assessment: Assessment, principle_slug: str) -> SharingPage:
    page: SharingPage | None = sharing_page(assessment)
    if page and principle_slug:
        page = page.of(principle_slug)
    if page is None:
        raise Http404
    return page


def _share(request: HttpRequest, assessment: Assessment, form: ShareForm) -> None:
    given = form.given()
    if not given and form.cleaned_data["version"] == assessment.version:
        messages.info(request, "Nothing was changed.")
        return
    told = operations.share(
        assessment=assessment,
        given=given,
        due_on=form.cleaned_data["due_on"],
        version=form.cleaned_data["version"],
        by=person_of(request),
        at=timezone.now(),
    )
    people = "one person" if told == 1 else f"{told} people"
    sent = f" We sent a mail to {people}." if told else ""
    messages.success(request, f"Saved.{sent}")


def _show_anew(
    request: HttpRequest,
    assessment: Assessment,
    principle_slug: str,
    before: ShareForm,
    reason: NotAllowed,
) -> HttpResponse:
    """Show what stands now, and what was chosen beside it."""
    assessment.refresh_from_db(fields=["status", "version"])
    page = _page_or_404(assessment, principle_slug)
    form = ShareForm(
        assessment=assessment,
        page=page,
        today=before.today,
        is_single=bool(principle_slug),
    )
    shown = {"refusal": reason, "chosen": before.chosen()}
    return _show(request, assessment, page, form, shown, status=409)


def _show(
    request: HttpRequest,
    assessment: Assessment,
    page: SharingPage,
    form: ShareForm,
    shown: dict[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    is_single = form.is_single
    context = {
        "assessment": assessment,
        "page": page,
        "principle": page.principles[0] if is_single else None,
        **(shown or {}),
    }
    name = "assessments/sharing.html"
    return show_form(request, name, form, context, status=status)


@require_safe
def mine(request: HttpRequest, organisation_slug: str, public_id: UUID) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.ANSWER)
    record, person = assessment_record(assessment), person_of(request).pk
    context = {
        "assessment": assessment,
        "record": record,
        "mine": record.own_part(person),
        "parts": record.parts_of(person),
        "next_step": record.next_for(person),
    }
    return render(request, "assessments/mine.html", context)


@require_safe
def carry_on(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Lead to the next question of one's own, or of nobody's."""
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.ANSWER)
    following = assessment_record(assessment).next_for(person_of(request).pk)
    if following is None or assessment.is_locked():
        return redirect(assessment)
    slug, position = following.principle.slug, following.standard.position
    return redirect(assessment.question_address(slug, position))
