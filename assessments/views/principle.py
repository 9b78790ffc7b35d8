"""A principle of an assessment: its list, and the check of its answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods, require_safe

from assessments import operations
from assessments.models import Assessment
from assessments.queries import (
    BeingWritten,
    PrincipleRecord,
    StandardRecord,
    assessment_record,
    being_written,
)
from assessments.rules import AlreadyLocked, NotReady
from organisations.access import Permission, person_of
from organisations.models import User

from .doors import door, shown_to
from .saved import QUIET


def _principle_or_404(assessment: Assessment, slug: str) -> PrincipleRecord:
    record = assessment_record(assessment)
    for principle in record.principles:
        if principle.slug == slug:
            return principle
    raise Http404


@require_safe
def principle(
    request: HttpRequest, organisation_slug: str, public_id: UUID, principle_slug: str
) -> HttpResponse:
    reader, assessment = door(
        request,
        organisation_slug,
        public_id,
        needs=Permission.READ_OUR_VIEW,
    )
    shown = _principle_or_404(assessment, principle_slug)
    shown_to(reader, "principle", principle=shown.slug)
    context = {
        "assessment": assessment,
        "principle": shown,
        "lines": _with_writing(shown, assessment, person_of(request)),
        "has_core": any(standard.is_core for standard in shown.standards),
        "can_answer": reader.can(Permission.ANSWER) and not assessment.is_locked(),
        "can_share": reader.can(Permission.START)
        and not (assessment.is_locked() or reader.organisation.is_paused()),
    }
    return render(request, "assessments/principle_questions.html", context)


def _with_writing(
    principle: PrincipleRecord, assessment: Assessment, person: User
) -> list[tuple[StandardRecord, BeingWritten | None]]:
    """Pair each standard with what is being written for it now."""
    writing = being_written(assessment, person, timezone.now())
    return [(standard, writing.get(standard.code)) for standard in principle.standards]


@require_http_methods(["GET", "HEAD", "POST"])
def check(
    request: HttpRequest, organisation_slug: str, public_id: UUID, principle_slug: str
) -> HttpResponse:
    is_post = request.method == "POST"
    reader, assessment = door(
        request,
        organisation_slug,
        public_id,
        needs=Permission.ANSWER if is_post else Permission.READ_OUR_VIEW,
    )
    shown = _principle_or_404(assessment, principle_slug)
    missing: tuple[str, ...] = ()
    left_open = {standard.code for standard in shown.unfinished if standard.is_later}
    if is_post:
        try:
            operations.finish_principle(
                assessment=assessment,
                principle=assessment.edition.principles.get(slug=principle_slug),
                codes=request.POST.getlist("finished"),
                by=person_of(request),
                at=timezone.now(),
            )
        except NotReady as reason:
            missing = reason.codes
            asked = {standard.code for standard in shown.unfinished}
            left_open = asked - set(request.POST.getlist("finished"))
        except AlreadyLocked as reason:
            messages.error(request, str(reason))
            return redirect(assessment)
        else:
            now = _principle_or_404(assessment, principle_slug)
            messages.success(request, _said_of(now), extra_tags=QUIET)
            return redirect(_after_principle(request, assessment, principle_slug))
    shown_to(reader, "check", principle=shown.slug)
    context = {
        "assessment": assessment,
        "principle": shown,
        "missing": missing,
        "left_open": left_open,
        "is_one_page": "one_page" in (request.POST or request.GET),
        "can_answer": reader.can(Permission.ANSWER) and not assessment.is_locked(),
    }
    return render(request, "assessments/principle_check.html", context)


def _said_of(principle: PrincipleRecord) -> str:
    """Say what is marked now, and which standards are still open."""
    if not principle.unfinished:
        return f"{principle.name} is marked as complete."
    codes = get_text_list([s.code for s in principle.unfinished], "and")
    return f"{codes} not marked as finished. {principle.name} is not complete yet."


def _after_principle(request: HttpRequest, assessment: Assessment, done: str) -> str:
    """Find where her work goes on: the next unanswered standard, or the overview.

    Whoever has done all of her own with this part is not sent on to what is others'.
    Whoever answers a principle on one page goes on with the next one so.
    """
    record, person = assessment_record(assessment), person_of(request).pk
    own = {principle.slug for principle, _ in record.parts_of(person)}
    if done in own and record.own_part(person).progress.is_responded:
        return assessment.mine_address()
    following = record.next_for(person)
    if following is None:
        return assessment.get_absolute_url()
    slug = following.principle.slug
    if "one_page" in request.POST:
        return assessment.one_page_address(slug)
    return assessment.question_address(slug, following.standard.position)
