"""All standards of a principle on one page, each saved for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.forms import (
    as_written,
    both_texts,
    part_of,
    turn_of,
    whole,
    with_evidence,
)
from assessments.models import Assessment
from assessments.queries import (
    DraftText,
    QuestionPage,
    Unsaved,
    saved_meanwhile,
    unsaved_of,
)
from assessments.rules import Turn
from organisations.access import Permission, kept_typing, person_of
from organisations.models import User

from .doors import door
from .drafts import USE
from .one_page_drafts import keep, keep_drafts
from .one_page_parts import (
    Part,
    Typed,
    conflict_over,
    form_of,
    has_boxes_for,
    pages_or_404,
    read_sent,
    show,
)
from .one_page_saving import save


@require_http_methods(["GET", "HEAD", "POST"])
def one_page(
    request: HttpRequest, organisation_slug: str, public_id: UUID, principle_slug: str
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.ANSWER)
    is_post = request.method == "POST"
    sent = request.POST if is_post else kept_typing(request, person_of(request))
    pages = pages_or_404(request, assessment, principle_slug, sent)
    if not is_post:
        return _opened(request, assessment, pages, sent)
    typed = read_sent(request.POST, pages)
    if "draft" in request.POST:
        return keep_drafts(request, typed)
    for name, change in CHANGES.items():
        if request.POST.get(name) in {each.code for each in typed}:
            return _changed(request, assessment, typed, request.POST[name], change)
    if USE in request.POST:
        return _taken_up(request, assessment, typed, request.POST[USE])
    return save(request, assessment, typed)


def _opened(
    request: HttpRequest,
    assessment: Assessment,
    pages: tuple[QuestionPage, ...],
    kept: QueryDict | None,
) -> HttpResponse:
    """Show what stands, or in its place what a sign-out cut off or a draft keeps."""
    person = person_of(request)
    if assessment.is_locked() and kept is None:
        return redirect(assessment.principle_address(pages[0].principle.slug))
    drafts = unsaved_of([page.response for page in pages], person, timezone.now())
    parts = []
    for page in pages:
        code, found = page.standard.code, drafts[page.response.pk]
        words = as_written(part_of(kept, code)) if kept else QueryDict()
        # What has no box here stays, and is told beside the boxes.
        open_ones = (each for each in found.mine if not each.is_aside)
        mine = (each for each in open_ones if has_boxes_for(each, page))
        draft = None if words else next(mine, None)
        if draft:
            parts.append(_with_draft(page, draft, found, person))
            continue
        form = form_of(page, words, is_draft=True) if words else form_of(page)
        follows = turn_of(words.get("follows", ""))
        parts.append(Part(page, form, follows=follows, drafts=found))
    return show(request, assessment, parts, is_kept=kept is not None)


def _with_draft(
    page: QuestionPage, draft: DraftText, found: Unsaved, person: User
) -> Part:
    return Part(
        page=page,
        form=form_of(page, draft.typed, is_draft=True),
        follows=draft.turn,
        draft=draft,
        drafts=found,
        meanwhile=saved_meanwhile(page.response, draft.version, person),
    )


# Change what is in the boxes, and save nothing


def _with_theirs(words: QueryDict, page: QuestionPage) -> QueryDict:
    joined, stands = both_texts(words, theirs=page), page.response.version
    # Until it is saved it stays over the earlier version: as on the question's page.
    written = whole(words.get("beside", words.get("version", "")))
    joined["beside"] = str(min(written, stands - 1))
    joined["version"] = str(stands)
    joined["mine"] = "yes"
    return joined


def _with_last_evidence(words: QueryDict, page: QuestionPage) -> QueryDict:
    return with_evidence(words, page.last_time.evidence if page.last_time else ())


# What a button of one standard does to its boxes, by the button's name.
CHANGES: dict[str, Callable[[QueryDict, QuestionPage], QueryDict]] = {
    "join": _with_theirs,
    "last_evidence": _with_last_evidence,
}


def _changed(
    request: HttpRequest,
    assessment: Assessment,
    typed: list[Typed],
    code: str,
    change: Callable[[QueryDict, QuestionPage], QueryDict],
) -> HttpResponse:
    changed = [
        replace(each, words=change(each.words, each.page), is_touched=True)
        if each.code == code
        else each
        for each in typed
    ]
    turns = keep(request, changed)
    parts = (_unsaved_part(request, each, turns.get(each.code)) for each in changed)
    messages.info(request, f"Look at {code}. Nothing is saved yet.")
    return show(request, assessment, parts)


def _taken_up(
    request: HttpRequest, assessment: Assessment, typed: list[Typed], key: str
) -> HttpResponse:
    """Put another draft into the boxes of its standard; those that stood there stay."""
    turns, person = keep(request, typed), person_of(request)
    found = unsaved_of([each.page.response for each in typed], person, timezone.now())
    parts = []
    for each in typed:
        drafts = found[each.page.response.pk]
        draft = drafts.of(key)
        if draft and has_boxes_for(draft, each.page):
            parts.append(_with_draft(each.page, draft, drafts, person))
        else:
            part = _unsaved_part(request, each, turns.get(each.code))
            parts.append(replace(part, drafts=drafts))
    return show(request, assessment, parts)


def _unsaved_part(request: HttpRequest, typed: Typed, turn: Turn | None) -> Part:
    page = typed.page
    form = form_of(page, typed.words or None, is_draft=True)
    # Both texts stay beside each other until one of them is saved.
    refusal = conflict_over(request, typed) if typed.is_beside else None
    is_chosen = "mine" in typed.words
    return Part(
        page=page,
        form=form,
        follows=turn,
        refusal=refusal,
        written_over=typed.written_over,
        is_chosen=is_chosen,
    )
