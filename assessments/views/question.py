"""One question a page: read, answer, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import operations
from assessments.forms import (
    COMMENT,
    DISSENT,
    CommentForm,
    DissentBox,
    ResponseForm,
    has_comment,
    initial_of,
    with_evidence,
    writing_of,
)
from assessments.models import Assessment, Response
from assessments.operations import EditConflict
from assessments.queries import (
    DraftText,
    QuestionPage,
    meeting_steps,
    own_levels,
    talk_about,
    unsaved,
)
from assessments.rules import (
    AlreadyLocked,
    DissentConflict,
    NotAllowed,
    advice_on_proof,
)
from organisations.access import (
    Permission,
    Reader,
    author_mark,
    forget_kept,
    person_of,
)
from organisations.rules import Refusal

from . import talk
from .conflict import join, keep_theirs, show_conflict
from .dissent import show_dissent_conflict
from .doors import door, is_meeting, page_or_404, shown_to
from .drafts import (
    USE,
    Back,
    given_back,
    keep,
    keep_aside,
    kept_back,
    tell_comment_waits,
)
from .saved import after_save, tell_saved, what_is_left


EVIDENCE_IS_THERE = (
    "Last time’s evidence is in the boxes. Look whether it still holds, then save."
)


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
        return _open(request, reader, assessment, page)
    if "join" in request.POST and page.response.saved_by:
        return join(request, assessment, page)
    if "theirs" in request.POST and page.response.saved_by:
        return keep_theirs(request, page)
    if USE in request.POST:
        return _take_up(request, page)
    if talk.is_said(request):
        return _hear(request, reader, assessment, page)
    if "last_evidence" in request.POST and page.last_time:
        return _with_last_evidence(request, reader, assessment, page)
    form = ResponseForm(request.POST, page=page, is_in_a_room=is_meeting(request))
    box = _dissent_of(request, page)
    if form.is_valid() and (box is None or box.is_valid()):
        return _save(request, reader, assessment, page, form)
    # The comment that is not posted stays in its box as well.
    back = replace(kept_back(request, page), typed=request.POST)
    return _show(request, reader, assessment, page, form, back)


def _open(
    request: HttpRequest, reader: Reader, assessment: Assessment, page: QuestionPage
) -> HttpResponse:
    """Show what stands, or in its place what was typed and is not saved."""
    drafts = unsaved(page.response, person_of(request), timezone.now())
    back = given_back(request, page, drafts)
    late = page.late_text(request.GET.get(USE, ""))
    initial: dict[str, Any] = {}
    if is_meeting(request) and not back.is_kept:
        # A room looks at it: what is one's own alone stays on the question's page.
        back = Back(drafts=drafts)
    elif late and not back.is_kept:
        back = Back(drafts=drafts, late=late)
        said = initial_of(late.content, version=page.response.version)
        initial = {"initial": said}
    form = _draft_form(request, page, back.typed, **initial)
    return _show(request, reader, assessment, page, form, back)


def _draft_form(
    request: HttpRequest, page: QuestionPage, typed: QueryDict | None, **initial: Any
) -> ResponseForm:
    return ResponseForm(
        typed, page=page, is_draft=True, is_in_a_room=is_meeting(request), **initial
    )


def _take_up(request: HttpRequest, page: QuestionPage) -> HttpResponse:
    """Open the page again with other words in its boxes; those that stood there stay."""
    talk.put_by(request, page, request.POST)
    chosen = urlencode({USE: request.POST[USE]})
    return redirect(f"{request.path}?{chosen}")


def _dissent_of(request: HttpRequest, page: QuestionPage) -> DissentBox | None:
    if "dissent" not in request.POST:
        return None
    said = (request.POST.get(name, "").strip() for name in ("choice", "reason"))
    return DissentBox(request.POST, has_answer=bool(page.response.version) or any(said))


def _dissent_box(
    request: HttpRequest, page: QuestionPage, typed: QueryDict | None
) -> DissentBox | None:
    """Make the box for what some see differently, where it is likely to be used."""
    if request.method == "POST" and (posted := _dissent_of(request, page)):
        return posted
    typed = typed if typed is not None and typed.get("dissent", "").strip() else None
    if typed or page.dissent or page.was_rated or is_meeting(request):
        shown = {"dissent": page.dissent, "dissent_seen": page.dissent_key}
        return DissentBox(typed, initial=shown)
    return None


def _hear(
    request: HttpRequest, reader: Reader, assessment: Assessment, page: QuestionPage
) -> HttpResponse:
    """Do what a button beside the comments says, and keep what is typed elsewhere."""
    said = talk_about(page.response, reader, person_of(request))
    comment = talk.hear(request, page, said)
    if comment is None:
        there = assessment.question_address(page.principle.slug, page.position)
        # What was just dealt with is not folded away before her eyes.
        past = "?past=open" if "resolve" in request.POST else ""
        # What is said of another look stands at the top of the page.
        place = "" if "looked" in request.POST else "comments"
        return redirect(f"{there}{past}#{place}")
    form = _draft_form(request, page, request.POST)
    back = kept_back(request, page)
    return _show(request, reader, assessment, page, form, back, comment)


def _show(
    request: HttpRequest,
    reader: Reader,
    assessment: Assessment,
    page: QuestionPage,
    form: ResponseForm,
    back: Back,
    comment: CommentForm | None = None,
) -> HttpResponse:
    is_open = not (assessment.is_locked() or page.is_outside)
    can_answer = reader.can(Permission.ANSWER) and is_open
    shown_to(reader, "question", standard=page.standard.code)
    said = talk_about(page.response, reader, person_of(request))
    context = {
        "assessment": assessment,
        "page": page,
        "talk": said,
        "is_past_open": "past" in request.GET,
        "comment_form": comment or talk.comment_form(said, back.typed),
        "dissent_form": _dissent_box(request, page, back.typed),
        "steps": meeting_steps(assessment, page) if is_meeting(request) else None,
        "levels": own_levels(page.response, page.choices),
        "can_ask_for_another_look": can_answer
        and reader.can(Permission.LOCK)
        and page.response.state != Response.State.UNANSWERED,
        "form": form,
        "author": author_mark(person_of(request)),
        "can_answer": can_answer,
        "can_throw_away": reader.membership and reader.can(Permission.ANSWER),
        **back.context(),
    }
    is_typed = request.method == "POST" or back.is_kept
    has_form = can_answer or (is_typed and reader.membership)
    if not has_form:
        # No boxes: what would stand in them is told with the other drafts.
        context["draft"] = None
    elif back.draft and not back.is_kept:
        context["page"] = _without_told(page, [back.draft])
    elif not back.late:
        told = [draft for draft in back.drafts.mine if draft.is_aside]
        context["page"] = _without_told(page, told)
    if not has_form:
        name = "question_read"
    else:
        name = "meeting" if is_meeting(request) else "question_form"
    return render(request, f"assessments/{name}.html", context)


def _without_told(page: QuestionPage, drafts: Sequence[DraftText]) -> QuestionPage:
    """Leave out what came too late where a draft says it: nothing is told twice."""
    late = (r for r in page.rejected if not any(draft.holds(r) for draft in drafts))
    return replace(page, rejected=tuple(late))


def _with_last_evidence(
    request: HttpRequest, reader: Reader, assessment: Assessment, page: QuestionPage
) -> HttpResponse:
    """Put last time's evidence into the boxes that are empty. Nothing is saved."""
    assert page.last_time
    typed = with_evidence(request.POST, page.last_time.evidence)
    form = _draft_form(request, page, typed)
    # The comment that is not posted stays in its box as well.
    back = replace(kept_back(request, page, typed), typed=typed)
    messages.info(request, EVIDENCE_IS_THERE)
    return _show(request, reader, assessment, page, form, back)


def _save(
    request: HttpRequest,
    reader: Reader,
    assessment: Assessment,
    page: QuestionPage,
    form: ResponseForm,
) -> HttpResponse:
    forget_kept(request)
    content, version, now = form.content(), form.cleaned_data["version"], timezone.now()
    try:
        operations.answer(
            response=page.response,
            content=content,
            version=version,
            by=person_of(request),
            at=now,
            writing=writing_of(request.POST),
        )
    except (EditConflict, AlreadyLocked) as refusal:
        return show_conflict(request, assessment, page, refusal)
    except NotAllowed as reason:
        form.add_error("choice", str(reason))
        back = replace(kept_back(request, page), typed=request.POST)
        return _show(request, reader, assessment, page, form, back)
    is_same = (version, content) == (page.response.version, page.content)
    noted = _note_dissent(request, page)
    is_nothing = is_same and noted is not True
    but = what_is_left(page, content)
    tell_saved(request, [] if is_nothing else [page.standard.code], now, but=but)
    if refused := _kept_beside(request, assessment, page, noted):
        return refused
    there = after_save(request, assessment, page)
    if advice := advice_on_proof(page.standard.code, content):
        messages.info(request, advice)
    return redirect(there)


def _kept_beside(
    request: HttpRequest,
    assessment: Assessment,
    page: QuestionPage,
    noted: bool | Exception,
) -> HttpResponse | None:
    """Keep what stands in the boxes beside an answer that is saved, and is not.

    Shape: the page that shows both, where somebody noted something else meanwhile.
    Effects: a draft of each.
    """
    is_commenting = has_comment(request.POST)
    if not is_commenting and isinstance(noted, bool):
        return None
    now = page_or_404(request, assessment, page.principle.slug, page.position)
    if is_commenting:
        keep_aside(request, now, COMMENT)
        tell_comment_waits(request, assessment, now)
    if isinstance(noted, DissentConflict):
        return show_dissent_conflict(request, assessment, now, noted)
    if isinstance(noted, Exception):
        keep_aside(request, now, DISSENT)
        messages.warning(request, f"{noted} What you typed is kept for you.")
    return None


def _note_dissent(request: HttpRequest, page: QuestionPage) -> bool | Exception:
    """Note what some see differently than the answer that was just saved.

    Shape: whether that is something else than before, or why it cannot be noted.
    """
    box = _dissent_of(request, page)
    if box is None or not box.is_valid():
        return False
    stands = page.response
    stands.refresh_from_db(fields=["version"])
    if not stands.version:
        return False
    try:
        return operations.note_dissent(
            response=stands,
            text=box.cleaned_data["dissent"],
            version=stands.version,
            seen=box.cleaned_data["dissent_seen"],
            by=person_of(request),
            at=timezone.now(),
        )
    except (NotAllowed, Refusal) as reason:
        return reason
