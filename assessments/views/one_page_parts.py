"""The standards of a principle on one page: what each shows, and what was sent of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from assessments.forms import (
    ResponseForm,
    as_part,
    as_written,
    has_comment,
    new_writing,
    part_of,
    turn_of,
    whole,
)
from assessments.models import Assessment, Response
from assessments.operations import EditConflict
from assessments.queries import (
    DraftText,
    QuestionPage,
    Unsaved,
    contents_at,
    question_pages,
)
from assessments.rules import AlreadyLocked, ResponseContent, Turn
from organisations.access import author_mark, person_of


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
    # The version that the words beside the other text were written against.
    written_over: int = 0
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
    def written_over(self) -> int:
        """Return the version that the words were written against."""
        return version_of(as_written(self.words))

    @property
    def is_beside(self) -> bool:
        """Say whether the page showed it beside what somebody else had saved."""
        return "beside" in self.words and self.page.response.saved_by is not None

    @property
    def is_undecided(self) -> bool:
        """Say whether nobody chose yet between the two. Saving the rest is no choice."""
        return self.is_beside and "mine" not in self.words


def pages_or_404(
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


def form_of(
    page: QuestionPage, typed: QueryDict | None = None, *, is_draft: bool = False
) -> ResponseForm:
    """Build the boxes of one standard, from what its own page would have sent."""
    data = None if typed is None else as_part(typed, page.standard.code)
    return ResponseForm(data, page=page, is_draft=is_draft, is_one_of_many=True)


def has_boxes_for(draft: DraftText, page: QuestionPage) -> bool:
    """Say whether a draft could be saved here whole: there is no box for a comment."""
    is_noted = draft.dissent.strip() in {"", page.dissent}
    return is_noted and not has_comment(draft.typed)


def show(
    request: HttpRequest,
    assessment: Assessment,
    parts: Iterable[Part],
    *,
    saved: Iterable[str] = (),
    left: str = "",
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
        "left": left,
        "author": author_mark(person_of(request)),
        "writing": new_writing(),
        "is_kept": is_kept,
    }
    return render(request, "assessments/one_page.html", context, status=status)


def read_sent(posted: QueryDict, pages: tuple[QuestionPage, ...]) -> list[Typed]:
    parts = [(page, part_of(posted, page.standard.code)) for page in pages]
    versions = {
        page.response.pk: version_of(words)
        for page, words in parts
        if version_of(words) not in (0, page.response.version)
    }
    past = contents_at(versions)
    return [
        _typed_of(page, words, _shown_then(page, words, past)) for page, words in parts
    ]


def version_of(words: QueryDict) -> int:
    return whole(words.get("version", ""))


def _shown_then(
    page: QuestionPage, words: QueryDict, past: Mapping[int, ResponseContent]
) -> ResponseContent | None:
    """Find what the boxes held when the page was shown.

    Shape: None for a version that never stood.
    """
    if version_of(words) == page.response.version:
        return page.content
    if not version_of(words):
        return ResponseContent(Response.State.UNANSWERED)
    return past.get(page.response.pk)


def _typed_of(
    page: QuestionPage, words: QueryDict, shown: ResponseContent | None
) -> Typed:
    form = form_of(page, words)
    content = form.content() if form.is_valid() else None
    is_same = bool(content and shown and _marked_as(content, shown) == shown)
    # A page without the standard's boxes says nothing of it.
    return Typed(page, words, form, content, bool(words) and not is_same)


def _marked_as(content: ResponseContent, shown: ResponseContent) -> ResponseContent:
    """Leave out of the comparison what has no box on this page."""
    return replace(content, is_finished=shown.is_finished, is_later=shown.is_later)


def conflict_over(request: HttpRequest, typed: Typed) -> EditConflict:
    return EditConflict(typed.page.response, by=person_of(request))
