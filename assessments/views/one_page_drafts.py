"""What is typed on a page of many standards and not saved, each kept for itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import operations
from assessments.forms import typed_of, whole, writing_of
from assessments.queries import saved_meanwhile, unsaved_of
from assessments.rules import Turn, Writing
from organisations.access import forget_kept, person_of

from .drafts import MOST_TYPED
from .one_page_parts import Typed, version_of


def keep_drafts(request: HttpRequest, typed: Sequence[Typed]) -> HttpResponse:
    """Keep what the page's script sends while somebody types, and say so in words."""
    if writing_of(request.POST) is None or _is_too_much(typed):
        return JsonResponse({}, status=400)
    keep(request, typed, whole(request.POST.get("turn", "")))
    if "kept" in request.POST:
        forget_kept(request)
    touched = [each for each in typed if each.is_touched]
    return JsonResponse({"said": _said(request, touched)})


def _is_too_much(typed: Sequence[Typed]) -> bool:
    return any(len(typed_of(each.words)) > MOST_TYPED for each in typed)


def keep(
    request: HttpRequest, typed: Sequence[Typed], turn: int | None = None
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


def _said(request: HttpRequest, touched: Sequence[Typed]) -> str:
    if not touched:
        return ""
    person = person_of(request)
    at = date_format(timezone.localtime(), "H:i")
    said = [f"Draft saved at {at}. Only you see it until you save."]
    for each in touched:
        version = version_of(each.words)
        if words := saved_meanwhile(each.page.response, version, person):
            said.append(f"{each.code}: {words}")
    return " ".join(said)
