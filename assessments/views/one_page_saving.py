"""Save what was sent of several standards, whatever becomes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import get_text_list

from assessments import operations
from assessments.forms import writing_of
from assessments.models import Assessment
from assessments.operations import EditConflict
from assessments.rules import (
    AlreadyLocked,
    NotAllowed,
    ResponseContent,
    Turn,
    Writing,
    missing_proof,
)
from organisations.access import forget_kept, person_of

from .one_page_drafts import keep
from .one_page_parts import Part, Typed, conflict_over, form_of, pages_or_404, show
from .saved import tell_saved, what_several_leave


def save(
    request: HttpRequest, assessment: Assessment, typed: list[Typed]
) -> HttpResponse:
    """Save each standard that says something new, whatever becomes of the others."""
    refused: dict[str, EditConflict | AlreadyLocked] = {}
    saved = []
    for each in typed:
        if not each.is_touched or each.content is None:
            continue
        if each.is_undecided:
            refused[each.code] = conflict_over(request, each)
            continue
        try:
            _answer(request, each, each.content)
        except (EditConflict, AlreadyLocked) as refusal:
            refused[each.code] = refusal
        except NotAllowed as reason:
            each.form.add_error("choice", str(reason))
        else:
            saved.append(each)
    faulty = [each for each in typed if each.is_touched and each.form.errors]
    rest = [
        each
        for each in typed
        if not each.is_touched or each.is_undecided or each in faulty
    ]
    turns = keep(request, rest)
    if refused or faulty:
        return _not_all_saved(request, assessment, typed, saved, refused, turns)
    forget_kept(request)
    left = _what_is_left(saved)
    tell_saved(request, [each.code for each in saved], timezone.now(), but=left)
    _tell_of_proof(request, saved)
    slug = typed[0].page.principle.slug
    return redirect(f"{assessment.check_address(slug)}?one_page=yes")


def _answer(request: HttpRequest, typed: Typed, content: ResponseContent) -> None:
    writing = writing_of(request.POST)
    operations.answer(
        response=typed.page.response,
        content=content,
        version=typed.form.cleaned_data["version"],
        by=person_of(request),
        at=timezone.now(),
        writing=Writing(writing.key, typed.follows) if writing else None,
    )


def _not_all_saved(
    request: HttpRequest,
    assessment: Assessment,
    typed: list[Typed],
    saved: list[Typed],
    refused: Mapping[str, EditConflict | AlreadyLocked],
    turns: Mapping[str, Turn],
) -> HttpResponse:
    """Show what stands where it was saved, and where it was not what was typed."""
    slug = typed[0].page.principle.slug
    pages = pages_or_404(request, assessment, slug, request.POST)
    parts = []
    for page, each in zip(pages, typed, strict=True):
        if refusal := refused.get(each.code):
            words = each.words.copy()
            words["version"] = str(page.response.version)
            form = form_of(page, words, is_draft=True)
            follows = turns.get(each.code)
            over = each.written_over
            parts.append(
                Part(page, form, follows=follows, refusal=refusal, written_over=over)
            )
        elif each.is_touched and each not in saved:
            parts.append(Part(page, each.form, follows=turns.get(each.code)))
        else:
            parts.append(Part(page, form_of(page)))
    codes = [each.code for each in saved]
    status = 409 if refused else 200
    left = _what_is_left(saved)
    return show(request, assessment, parts, saved=codes, left=left, status=status)


def _what_is_left(saved: Sequence[Typed]) -> str:
    return what_several_leave([(e.page, e.content) for e in saved if e.content])


def _tell_of_proof(request: HttpRequest, saved: list[Typed]) -> None:
    """Say once for all which high levels have little that shows them."""
    codes = [each.code for each in saved if each.content and _lacks(each.content)]
    if codes:
        messages.info(
            request,
            f"Readers may ask what shows the level of {get_text_list(codes, 'and')}. "
            "You can leave it so.",
        )


def _lacks(content: ResponseContent) -> bool:
    return bool(missing_proof(content.level, {e.type for e in content.evidence}))
