"""All standards of a principle on one page, each saved for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods

from assessments import operations
from assessments.forms import (
    ResponseForm,
    as_part,
    both_texts,
    has_comment,
    new_writing,
    part_of,
    turn_of,
    typed_of,
    whole,
    with_evidence,
    writing_of,
)
from assessments.models import Assessment, Response
from assessments.operations import EditConflict
from assessments.queries import (
    DraftText,
    QuestionPage,
    Unsaved,
    contents_at,
    question_pages,
    saved_meanwhile,
    unsaved_of,
)
from assessments.rules import (
    AlreadyLocked,
    NotAllowed,
    ResponseContent,
    Turn,
    Writing,
    missing_proof,
)
from organisations.access import (
    Permission,
    author_mark,
    forget_kept,
    kept_typing,
    person_of,
)

from .doors import door
from .drafts import MOST_TYPED
from .saved import tell_saved


@dataclass(frozen=True)
class Part:
    """One standard on the page: its boxes, and what is said above them."""

    page: QuestionPage
    form: ResponseForm
    follows: Turn | None = None
    draft: DraftText | None = None
    drafts: Unsaved = Unsaved()
    meanwhile: str = ""
    refusal: EditConflict | AlreadyLocked | None = None
    is_chosen: bool = False


@dataclass(frozen=True)
class Typed:
    """What was sent of one standard; `is_touched` when it says something new."""

    page: QuestionPage
    words: QueryDict
    form: ResponseForm
    content: ResponseContent | None
    is_touched: bool

    @property
    def code(self) -> str:
        return self.page.standard.code

    @property
    def follows(self) -> Turn | None:
        return turn_of(self.words.get("follows", ""))

    @property
    def is_beside(self) -> bool:
        """Say whether the page showed it beside what somebody else had saved."""
        return "beside" in self.words and self.page.response.saved_by is not None

    @property
    def is_undecided(self) -> bool:
        """Say whether nobody chose yet between the two. Saving the rest is no choice."""
        return self.is_beside and "mine" not in self.words


@require_http_methods(["GET", "HEAD", "POST"])
def one_page(
    request: HttpRequest, organisation_slug: str, public_id: UUID, principle_slug: str
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.ANSWER)
    is_post = request.method == "POST"
    sent = request.POST if is_post else kept_typing(request, person_of(request))
    pages = _pages_or_404(request, assessment, principle_slug, sent)
    if not is_post:
        return _opened(request, assessment, pages, sent)
    typed = _typed(request.POST, pages)
    if "draft" in request.POST:
        return _keep_drafts(request, typed)
    for name, change in CHANGES.items():
        if request.POST.get(name) in {each.code for each in typed}:
            return _changed(request, assessment, typed, request.POST[name], change)
    return _save(request, assessment, typed)


def _pages_or_404(
    request: HttpRequest,
    assessment: Assessment,
    principle_slug: str,
    sent: QueryDict | None,
) -> tuple[QuestionPage, ...]:
    """Read what is asked, and what is left out since somebody typed something there."""
    person = person_of(request)
    try:
        pages = question_pages(assessment, principle_slug, reader=person)
    except Response.DoesNotExist as missing:
        raise Http404 from missing
    shown = [
        page
        for page in pages
        if not page.is_outside or part_of(sent or QueryDict(), page.standard.code)
    ]
    if not shown:
        raise Http404
    return tuple(shown)


# Read


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
                form=_form(page, typed, is_draft=True) if typed else _form(page),
                follows=draft.turn if draft else turn_of(words.get("follows", "")),
                draft=draft,
                drafts=found,
                meanwhile=saved_meanwhile(page.response, draft.version, person)
                if draft
                else "",
            )
        )
    return _page(request, assessment, parts, is_kept=kept is not None)


def _form(
    page: QuestionPage, typed: QueryDict | None = None, *, is_draft: bool = False
) -> ResponseForm:
    """Build the boxes of one standard, from what its own page would have sent."""
    data = None if typed is None else as_part(typed, page.standard.code)
    return ResponseForm(data, page=page, is_draft=is_draft, is_one_of_many=True)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    parts: Iterable[Part],
    *,
    saved: Iterable[str] = (),
    is_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown = tuple(parts)
    context: dict[str, Any] = {
        "assessment": assessment,
        "principle": shown[0].page.principle,
        "back": assessment.principle_address(shown[0].page.principle.slug),
        "parts": shown,
        "faulty": tuple(part.form for part in shown if part.form.errors),
        "refused": [part for part in shown if part.refusal],
        "saved": list(saved),
        "author": author_mark(person_of(request)),
        "writing": new_writing(),
        "is_kept": is_kept,
    }
    return render(request, "assessments/one_page.html", context, status=status)


# What was sent


def _typed(posted: QueryDict, pages: tuple[QuestionPage, ...]) -> list[Typed]:
    parts = [(page, part_of(posted, page.standard.code)) for page in pages]
    versions = {
        page.response.pk: _version(words)
        for page, words in parts
        if _version(words) not in (0, page.response.version)
    }
    past = contents_at(versions)
    return [
        _typed_of(page, words, _shown_then(page, words, past)) for page, words in parts
    ]


def _version(words: QueryDict) -> int:
    return whole(words.get("version", ""))


def _shown_then(
    page: QuestionPage, words: QueryDict, past: Mapping[int, ResponseContent]
) -> ResponseContent | None:
    """Find what the boxes held when the page was shown.

    Shape: None for a version that never stood.
    """
    if _version(words) == page.response.version:
        return page.content
    if not _version(words):
        return ResponseContent(Response.State.UNANSWERED)
    return past.get(page.response.pk)


def _typed_of(
    page: QuestionPage, words: QueryDict, shown: ResponseContent | None
) -> Typed:
    form = _form(page, words)
    content = form.content() if form.is_valid() else None
    is_same = bool(
        content and shown and replace(content, is_finished=shown.is_finished) == shown
    )
    # A page without the standard's boxes says nothing of it.
    return Typed(page, words, form, content, bool(words) and not is_same)


# Drafts


def _keep_drafts(request: HttpRequest, typed: list[Typed]) -> HttpResponse:
    """Keep what the page's script sends while somebody types, and say so in words."""
    if writing_of(request.POST) is None or _is_too_much(typed):
        return JsonResponse({}, status=400)
    _keep(request, typed, whole(request.POST.get("turn", "")))
    if "kept" in request.POST:
        forget_kept(request)
    touched = [each for each in typed if each.is_touched]
    return JsonResponse({"said": _said(request, touched)})


def _is_too_much(typed: list[Typed]) -> bool:
    return any(len(typed_of(each.words)) > MOST_TYPED for each in typed)


def _keep(
    request: HttpRequest, typed: list[Typed], turn: int | None = None
) -> dict[str, Turn]:
    """Keep what is new as drafts, and let go those that say nothing new any more.

    Shape: the draft of each standard that has one now, by its code.
    """
    writing = writing_of(request.POST)
    if writing is None or _is_too_much(typed):
        return {}
    person, at = person_of(request), timezone.now()
    drafts = unsaved_of([each.page.response for each in typed], person, at)
    turns = {}
    for each in typed:
        follows = each.follows
        had = {draft.turn.writing for draft in drafts[each.page.response.pk].mine}
        ours = {writing.key, follows.writing if follows else None}
        if not each.is_touched and had.isdisjoint(ours):
            continue
        kept = operations.keep_draft(
            response=each.page.response,
            writing=Writing(writing.key, follows),
            typed=typed_of(each.words) if each.is_touched else "",
            turn=turn,
            by=person,
            at=at,
        )
        if each.is_touched:
            turns[each.code] = kept
    return turns


def _said(request: HttpRequest, touched: list[Typed]) -> str:
    if not touched:
        return ""
    person = person_of(request)
    at = date_format(timezone.localtime(), "H:i")
    said = [f"Draft saved at {at}. Only you see it until you save."]
    for each in touched:
        version = _version(each.words)
        if words := saved_meanwhile(each.page.response, version, person):
            said.append(f"{each.code}: {words}")
    return " ".join(said)


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
    turns = _keep(request, changed)
    parts = (_unsaved_part(request, each, turns.get(each.code)) for each in changed)
    messages.info(request, f"Look at {code}. Nothing is saved yet.")
    return _page(request, assessment, parts)


def _unsaved_part(request: HttpRequest, typed: Typed, turn: Turn | None) -> Part:
    page = typed.page
    form = _form(page, typed.words, is_draft=True)
    # Both texts stay beside each other until one of them is saved.
    refusal = _conflict(request, typed) if typed.is_beside else None
    is_chosen = "mine" in typed.words
    return Part(page, form, follows=turn, refusal=refusal, is_chosen=is_chosen)


def _conflict(request: HttpRequest, typed: Typed) -> EditConflict:
    return EditConflict(typed.page.response, by=person_of(request))


# Save


def _save(
    request: HttpRequest, assessment: Assessment, typed: list[Typed]
) -> HttpResponse:
    """Save each standard that says something new, whatever becomes of the others."""
    refused: dict[str, EditConflict | AlreadyLocked] = {}
    saved = []
    for each in typed:
        if not each.is_touched or each.content is None:
            continue
        if each.is_undecided:
            refused[each.code] = _conflict(request, each)
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
    turns = _keep(request, rest)
    if refused or faulty:
        return _not_all_saved(request, assessment, typed, saved, refused, turns)
    forget_kept(request)
    tell_saved(request, [each.code for each in saved], timezone.now())
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
    pages = _pages_or_404(request, assessment, slug, request.POST)
    parts = []
    for page, each in zip(pages, typed, strict=True):
        if refusal := refused.get(each.code):
            words = both_texts(each.words)
            words["version"] = str(page.response.version)
            form = _form(page, words, is_draft=True)
            follows = turns.get(each.code)
            parts.append(Part(page, form, follows=follows, refusal=refusal))
        elif each.is_touched and each not in saved:
            parts.append(Part(page, each.form, follows=turns.get(each.code)))
        else:
            parts.append(Part(page, _form(page)))
    codes = [each.code for each in saved]
    status = 409 if refused else 200
    return _page(request, assessment, parts, saved=codes, status=status)


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
