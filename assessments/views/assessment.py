"""The workspace, an assessment, its questions, and locking it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import operations
from assessments.forms import (
    ResponseForm,
    StartForm,
    both_texts,
    initial_of,
    writing_of,
)
from assessments.models import Assessment, Response
from assessments.operations import AlreadyUnderWay, EditConflict
from assessments.queries import (
    BeingWritten,
    PrincipleRecord,
    QuestionPage,
    StandardRecord,
    assessment_lines,
    assessment_record,
    being_written,
    past_locks,
    publishing_page,
    quality_page,
    question_page,
    unsaved,
    why_not_unlocked,
)
from assessments.rules import (
    AlreadyLocked,
    NotAllowed,
    NotReady,
    ResponseContent,
    advice_on_proof,
)
from organisations.access import (
    Permission,
    Reader,
    author_mark,
    forget_kept,
    membership_or_404,
    person_of,
    reader_or_404,
)
from organisations.models import User
from organisations.operations import AccessEnded, look
from organisations.queries import is_asked_for_access, members, standing_of

from .drafts import Back, given_back, keep, kept_back


def door(
    request: HttpRequest, slug: str, public_id: UUID, *, needs: Permission
) -> tuple[Reader, Assessment]:
    """Open one of the organisation's assessments to who may read it, or answer 404."""
    reader = reader_or_404(request, slug, needs=needs, at=timezone.now())
    found = Assessment.objects.of(reader.organisation).saying_if_unlocked()
    assessments = found.select_related(
        "organisation",
        "edition",
        "started_by",
        "locked_by",
        "publication__published_by",
    )
    return reader, get_object_or_404(assessments, public_id=public_id)


def shown_to(reader: Reader, page: str, **place: str) -> None:
    """Leave a trace, before it is shown, of what a steward looks at.

    Raises: Http404 when their access has ended since.
    Effects: audit event "looked"; nothing for a member.
    """
    if reader.grant is None:
        return
    try:
        look(grant=reader.grant, place={"page": page} | place, at=timezone.now())
    except AccessEnded as ended:
        raise Http404 from ended


@require_safe
def workspace(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    reader = reader_or_404(
        request, organisation_slug, needs=Permission.READ_OUR_VIEW, at=timezone.now()
    )
    shown_to(reader, "workspace")
    organisation = reader.organisation
    context = {
        "organisation": organisation,
        "membership": reader.membership,
        "lines": assessment_lines(organisation),
        "members": members(organisation) if reader.membership else (),
        "standing": reader.membership
        and standing_of(organisation, timezone.localdate()),
        "can_edit": reader.can(Permission.EDIT_ENTRY) and not organisation.is_paused(),
        "can_grant_access": reader.can(Permission.GRANT_ACCESS),
        "is_asked_for_access": reader.can(Permission.GRANT_ACCESS)
        and is_asked_for_access(organisation),
        "can_start": reader.can(Permission.START) and not organisation.is_paused(),
        "can_invite": reader.can(Permission.INVITE) and not organisation.is_paused(),
    }
    return render(request, "assessments/workspace.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.START
    )
    form = StartForm(request.POST or None)
    if form.is_valid():
        try:
            assessment = operations.start_assessment(
                organisation=membership.organisation,
                by=person_of(request),
                at=timezone.now(),
                scope=form.cleaned_data["scope"],
                scope_name=form.cleaned_data["scope_name"],
            )
        except AlreadyUnderWay as reason:
            form.add_error("scope", str(reason))
        else:
            return redirect(assessment)
    context = {"form": form, "organisation": membership.organisation}
    return render(request, "assessments/assessment_start.html", context)


@require_safe
def overview(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    reader, assessment = door(
        request,
        organisation_slug,
        public_id,
        needs=Permission.READ_OUR_VIEW,
    )
    shown_to(reader, "overview")
    record = assessment_record(assessment)
    context = {
        "record": record,
        "assessment": assessment,
        "quality": quality_page(record, assessment, today=timezone.localdate()),
        "publishing": reader.membership
        and publishing_page(assessment, reader.membership, timezone.now()),
        "can_publish": reader.can(Permission.PUBLISH)
        and not reader.organisation.is_paused(),
        "can_answer": reader.can(Permission.ANSWER),
        "can_lock": reader.can(Permission.LOCK),
        "can_unlock": reader.can(Permission.LOCK)
        and not reader.organisation.is_paused()
        and not why_not_unlocked(assessment),
        "past_locks": past_locks(assessment) if reader.membership else (),
        "can_request_report": reader.can(Permission.REQUEST_REPORT),
        "can_read_reports": reader.can(Permission.VIEW),
    }
    return render(request, "assessments/assessment_overview.html", context)


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
        "can_answer": reader.can(Permission.ANSWER) and not assessment.is_locked(),
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
    if is_post:
        try:
            operations.finish_principle(
                assessment=assessment,
                principle=assessment.edition.principles.get(slug=principle_slug),
                by=person_of(request),
                at=timezone.now(),
            )
        except NotReady as reason:
            missing = reason.codes
        except AlreadyLocked as reason:
            messages.error(request, str(reason))
            return redirect(assessment)
        else:
            return redirect(_after_principle(assessment))
    shown_to(reader, "check", principle=shown.slug)
    context = {
        "assessment": assessment,
        "principle": shown,
        "missing": missing,
        "can_answer": reader.can(Permission.ANSWER) and not assessment.is_locked(),
    }
    return render(request, "assessments/principle_check.html", context)


def _after_principle(assessment: Assessment) -> str:
    """Find where the work goes on: the next unanswered standard, or the overview."""
    following = assessment_record(assessment).next_principle
    standard = following.next_unanswered if following else None
    if following is None or standard is None:
        return assessment.get_absolute_url()
    return assessment.question_address(following.slug, standard.position)


@require_http_methods(["GET", "HEAD", "POST"])
def question(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str,
    position: int,
) -> HttpResponse:
    is_post = request.method == "POST"
    reader, assessment = door(
        request,
        organisation_slug,
        public_id,
        needs=Permission.ANSWER if is_post else Permission.READ_OUR_VIEW,
    )
    if is_post and "draft" in request.POST:
        return keep(request, assessment, principle_slug, position)
    page = page_or_404(request, assessment, principle_slug, position)
    if not is_post:
        drafts = unsaved(page.response, person_of(request), timezone.now())
        back = given_back(request, page.response, drafts)
        form = ResponseForm(back.typed, page=page, is_draft=True)
        return _show(request, reader, assessment, page, form, back)
    if "join" in request.POST and page.response.saved_by:
        return _join(request, assessment, page)
    form = ResponseForm(request.POST, page=page)
    if form.is_valid():
        return _save(request, reader, assessment, page, form)
    return _show(request, reader, assessment, page, form, kept_back(request, page))


def page_or_404(
    request: HttpRequest, assessment: Assessment, principle_slug: str, position: int
) -> QuestionPage:
    try:
        return question_page(
            assessment, principle_slug, position, reader=person_of(request)
        )
    except Response.DoesNotExist as missing:
        raise Http404 from missing


def _show(
    request: HttpRequest,
    reader: Reader,
    assessment: Assessment,
    page: QuestionPage,
    form: ResponseForm,
    back: Back,
) -> HttpResponse:
    can_answer = reader.can(Permission.ANSWER) and not assessment.is_locked()
    shown_to(reader, "question", standard=page.standard.code)
    context = {
        "assessment": assessment,
        "page": page,
        "form": form,
        "author": author_mark(person_of(request)),
        "can_answer": can_answer,
        **back.context(),
    }
    is_typed = request.method == "POST" or back.is_kept
    has_form = can_answer or (is_typed and reader.membership)
    if not has_form:
        # No boxes: what would stand in them is told with the other drafts.
        context["draft"] = None
    name = "question_form" if has_form else "question_read"
    return render(request, f"assessments/{name}.html", context)


def _save(
    request: HttpRequest,
    reader: Reader,
    assessment: Assessment,
    page: QuestionPage,
    form: ResponseForm,
) -> HttpResponse:
    forget_kept(request)
    content = form.content()
    try:
        operations.answer(
            response=page.response,
            content=content,
            version=form.cleaned_data["version"],
            by=person_of(request),
            at=timezone.now(),
            writing=writing_of(request.POST),
        )
    except (EditConflict, AlreadyLocked) as refusal:
        return show_conflict(request, assessment, page, refusal)
    except NotAllowed as reason:
        form.add_error("choice", str(reason))
        back = kept_back(request, page)
        return _show(request, reader, assessment, page, form, back)
    if advice := advice_on_proof(page.standard.code, content):
        messages.info(request, advice)
    return redirect(_after_save(request, assessment, page))


def _after_save(
    request: HttpRequest, assessment: Assessment, page: QuestionPage
) -> str:
    slug = page.principle.slug
    if "back_to_list" in request.POST:
        return assessment.principle_address(slug)
    if page.is_last:
        return assessment.check_address(slug)
    return assessment.question_address(slug, page.position + 1)


def show_conflict(
    request: HttpRequest,
    assessment: Assessment,
    page: QuestionPage,
    refusal: EditConflict | AlreadyLocked,
    *,
    restored: ResponseContent | None = None,
) -> HttpResponse:
    """Show both texts: theirs as it stands, ours still in the boxes.

    Ours is what was typed, or an earlier version that was to be restored.
    """
    current = page_or_404(request, assessment, page.principle.slug, page.position)
    version = current.response.version
    if restored is None:
        form = _form_of(current, both_texts(request.POST))
    else:
        form = ResponseForm(page=current, initial=initial_of(restored, version=version))
    return _both(request, assessment, current, refusal, form)


def _join(
    request: HttpRequest, assessment: Assessment, page: QuestionPage
) -> HttpResponse:
    """Put both texts into the boxes, for somebody to make one of them."""
    refusal = EditConflict(page.response, by=person_of(request))
    form = _form_of(page, both_texts(request.POST, theirs=page))
    back = kept_back(request, page)
    return _both(request, assessment, page, refusal, form, back, status=200)


def _form_of(page: QuestionPage, mine: QueryDict) -> ResponseForm:
    mine["version"] = str(page.response.version)
    return ResponseForm(mine, page=page, is_draft=True)


def _both(
    request: HttpRequest,
    assessment: Assessment,
    page: QuestionPage,
    refusal: EditConflict | AlreadyLocked,
    form: ResponseForm,
    back: Back | None = None,
    *,
    status: int = 409,
) -> HttpResponse:
    context = {
        "assessment": assessment,
        "page": page,
        "form": form,
        "author": author_mark(person_of(request)),
        "refusal": refusal,
        "is_locked": isinstance(refusal, AlreadyLocked),
        "is_joined": status == 200,
        **(back or Back()).context(),
    }
    name = "assessments/question_conflict.html"
    return render(request, name, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest, organisation_slug: str, public_id: UUID) -> HttpResponse:
    _, assessment = door(
        request,
        organisation_slug,
        public_id,
        needs=Permission.LOCK,
    )
    if request.method == "POST":
        try:
            operations.lock(
                assessment=assessment, by=person_of(request), at=timezone.now()
            )
        except (NotReady, AlreadyLocked) as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, "Our view is locked. You can make a report now.")
        return redirect(assessment)
    record = assessment_record(assessment)
    context = {
        "record": record,
        "assessment": assessment,
        "quality": quality_page(record, assessment, today=timezone.localdate()),
    }
    return render(request, "assessments/assessment_lock.html", context)
