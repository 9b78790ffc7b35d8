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
    both_texts,
    has_comment,
    part_of,
    turn_of,
    with_evidence,
)
from assessments.models import Assessment
from assessments.queries import QuestionPage, saved_meanwhile, unsaved_of
from assessments.rules import Turn
from organisations.access import Permission, kept_typing, person_of

from .doors import door
from .one_page_drafts import keep, keep_drafts
from .one_page_parts import (
    Part,
    Typed,
    conflict_over,
    form_of,
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
        words = part_of(kept, code) if kept else QueryDict()
        # A comment has no box here: what has one stays, and is told beside the boxes.
        mine = (each for each in found.mine if not has_comment(each.typed))
        draft = None if words else next(mine, None)
        typed = draft.typed if draft else words
        parts.append(
            Part(
                page=page,
                form=form_of(page, typed, is_draft=True) if typed else form_of(page),
                follows=draft.turn if draft else turn_of(words.get("follows", "")),
                draft=draft,
                drafts=found,
                meanwhile=saved_meanwhile(page.response, draft.version, person)
                if draft
                else "",
            )
        )
    return show(request, assessment, parts, is_kept=kept is not None)


# Change what is in the boxes, and save nothing


def _with_theirs(words: QueryDict, page: QuestionPage) -> QueryDict:
    joined = both_texts(words, theirs=page)
    joined["version"] = str(page.response.version)
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


def _unsaved_part(request: HttpRequest, typed: Typed, turn: Turn | None) -> Part:
    page = typed.page
    form = form_of(page, typed.words, is_draft=True)
    # Both texts stay beside each other until one of them is saved.
    refusal = conflict_over(request, typed) if typed.is_beside else None
    is_chosen = "mine" in typed.words
    return Part(page, form, follows=turn, refusal=refusal, is_chosen=is_chosen)
