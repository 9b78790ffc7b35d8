"""Words that are typed and not saved: kept, given back, thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from assessments import operations
from assessments.forms import (
    COMMENT,
    as_sent,
    as_written,
    new_writing,
    turn_of,
    typed_of,
    unsaved_words,
    whole,
    writing_of,
)
from assessments.models import Assessment, Response
from assessments.operations.answering import content_standing
from assessments.queries import (
    ASIDE,
    DraftText,
    QuestionPage,
    RejectedText,
    Unsaved,
    question_page,
    saved_meanwhile,
    unsaved,
)
from assessments.rules import Turn, Writing
from organisations.access import (
    Permission,
    forget_kept,
    kept_typing,
    membership_or_404,
    person_of,
)
from organisations.models import User


# Far more than all boxes hold, each letter of it written as a form sends it.
MOST_TYPED = 400_000
COMMENT_WAITS = (
    "Your comment is not posted yet. It is kept for you: "
    '<a class="govuk-notification-banner__link" href="{}#comments">'
    "go to your comment on {}</a>."
)
# What puts one of several drafts into the boxes, by the page that it was typed on.
USE = "use"


@dataclass(frozen=True)
class Back:
    """What a page gives back of what was typed, and what it says of the rest."""

    typed: QueryDict | None = None
    draft: DraftText | None = None
    drafts: Unsaved = Unsaved()
    is_kept: bool = False
    meanwhile: str = ""
    # A text that came too late, in the boxes once more.
    late: RejectedText | None = None
    writing: Writing = field(default_factory=new_writing)

    def context(self) -> dict[str, Any]:
        names = ("draft", "drafts", "is_kept", "meanwhile", "late", "writing")
        return {name: getattr(self, name) for name in names}


def given_back(request: HttpRequest, page: QuestionPage, drafts: Unsaved) -> Back:
    """Find what belongs in the boxes: what a sign-out cut off, or a draft.

    Shape: the draft that was asked for, or the newest; a comment alone comes with
    the answer that stands.
    """
    person = person_of(request)
    sent = kept_typing(request, person)
    kept = sent if sent is None else as_written(sent)
    draft = drafts.of(request.GET.get(USE, "")) or drafts.newest
    if kept is not None:
        draft = drafts.of(kept.get("writing", ""))
    if draft is None:
        return Back(typed=kept, drafts=drafts, is_kept=kept is not None)
    typed, version = draft.typed, draft.version
    if draft.is_comment:
        typed, version = _with_comment(page, draft), page.response.version
    return Back(
        typed=typed if kept is None else kept,
        draft=draft,
        drafts=drafts,
        is_kept=kept is not None,
        meanwhile=saved_meanwhile(page.response, version, person),
        writing=new_writing(draft.turn),
    )


def _with_comment(page: QuestionPage, draft: DraftText) -> QueryDict:
    sent = as_sent(page)
    for name in COMMENT:
        sent.setlist(name, draft.typed.getlist(name))
    return sent


def kept_back(
    request: HttpRequest, page: QuestionPage, typed: QueryDict | None = None
) -> Back:
    """Keep what was sent and is not saved, and go on from there.

    Shape: `typed` is what the page shows next, where that is more than was sent.
    Effects: it is a draft.
    """
    turn = _keep(request, page.response, typed_of(typed or request.POST))
    return Back(writing=new_writing(turn))


def keep_sent(
    request: HttpRequest, response: Response, typed: QueryDict, *, is_new: bool
) -> None:
    """Keep what was sent with something else, unless it only says what is saved.

    Shape: what follows a draft takes its place in any case.
    Effects: it is a draft, or the page's draft is gone.
    """
    writing = writing_of(request.POST)
    is_kept = is_new or (writing is not None and writing.follows is not None)
    _keep(request, response, typed_of(typed) if is_kept else "")


def put_aside(
    request: HttpRequest, response: Response, typed: QueryDict, *, is_new: bool
) -> None:
    """Keep what was sent where it does not go into the boxes by itself.

    Effects: it is a draft where it is new, and else the page's draft is gone.
    """
    words = typed.copy()
    words[ASIDE] = "yes"
    _keep(request, response, typed_of(words) if is_new else "")


def keep_aside(
    request: HttpRequest,
    page: QuestionPage,
    names: Sequence[str],
    typed: QueryDict | None = None,
) -> Turn | None:
    """Keep words that stand beside an answer, over the answer as it stands.

    Shape: `names` of their boxes.
    Effects: a draft of its own.
    """
    sent, words = as_sent(page), typed or request.POST
    for name in names:
        sent.setlist(name, words.getlist(name))
    return keep_apart(request, page.response, sent, names[0])


def tell_comment_waits(
    request: HttpRequest, assessment: Assessment, page: QuestionPage
) -> None:
    """Say that a comment is not posted yet, and where it is."""
    there = assessment.question_address(page.principle.slug, page.position)
    said = format_html(COMMENT_WAITS, there, page.standard.code)
    messages.info(request, said)


def keep_apart(
    request: HttpRequest, response: Response, typed: QueryDict, name: str
) -> Turn | None:
    """Keep words in a row that the save of their page does not take away.

    Effects: a draft of its own, which takes the place of the one that it follows.
    """
    writing = writing_of(request.POST) or new_writing()
    words = typed_of(typed)
    if len(words) > MOST_TYPED:
        return None
    apart = Writing(uuid5(writing.key, name), writing.follows)
    return _keep_unsaved(request, response, apart, words)


def keep(
    request: HttpRequest, assessment: Assessment, principle_slug: str, position: int
) -> HttpResponse:
    """Keep what the page's script sends while somebody types, and say so in words."""
    response = get_object_or_404(
        Response.objects.also_outside(assessment).select_related("saved_by"),
        standard__principle__slug=principle_slug,
        standard__position=position,
    )
    typed = "" if "nothing" in request.POST else typed_of(request.POST)
    turn = whole(request.POST.get("turn", ""))
    if writing_of(request.POST) is None or len(typed) > MOST_TYPED:
        return JsonResponse({}, status=400)
    _keep(request, response, typed, turn)
    if "kept" in request.POST:
        forget_kept(request)
    return JsonResponse({"said": _said(request, response, typed)})


def _keep(
    request: HttpRequest, response: Response, typed: str, turn: int | None = None
) -> Turn | None:
    writing = writing_of(request.POST)
    if writing is None or len(typed) > MOST_TYPED:
        return None
    return _keep_unsaved(request, response, writing, typed, turn)


def _keep_unsaved(
    request: HttpRequest,
    response: Response,
    writing: Writing,
    typed: str,
    turn: int | None = None,
) -> Turn:
    """Keep what is saved nowhere: an answer that stands is not called unsaved."""
    person, at = person_of(request), timezone.now()
    stands = content_standing(response)
    is_own = response.saved_by_id == person.pk
    if typed:
        draft = DraftText(Turn(writing.key, turn or 0), QueryDict(typed), at)
        words = unsaved_words(draft, stands, response.version, is_own=is_own)
        is_late = is_own and draft.version < response.version
        if (
            words
            and is_late
            and _is_told(response, person, replace(draft, typed=words))
        ):
            words = None
        typed = words.urlencode() if words else ""
    return operations.keep_draft(
        response=response,
        writing=writing,
        typed=typed,
        turn=turn,
        by=person,
        at=at,
        saved=stands if is_own else None,
    )


def _is_told(response: Response, person: User, draft: DraftText) -> bool:
    """Say whether a comment that was on its way stands in another draft already."""
    drafts = unsaved(response, person, draft.typed_at).mine
    return draft.is_comment and any(
        draft.comment in other.comment
        for other in drafts
        if other.turn.writing != draft.turn.writing
    )


def _said(request: HttpRequest, response: Response, typed: str) -> str:
    if not typed:
        return ""
    version = whole(request.POST.get("version", ""))
    at = date_format(timezone.localtime(), "H:i")
    return saved_meanwhile(response, version, person_of(request)) or (
        f"Draft saved at {at}. Only you see it until you save."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str,
    position: int,
) -> HttpResponse:
    """Show a draft once more, and forget it for good by POST."""
    person = person_of(request)
    membership = membership_or_404(person, organisation_slug, needs=Permission.ANSWER)
    assessment = get_object_or_404(
        Assessment.objects.of(membership.organisation).select_related("organisation"),
        public_id=public_id,
    )
    try:
        page = question_page(assessment, principle_slug, position, reader=person)
    except Response.DoesNotExist as missing:
        raise Http404 from missing
    there = assessment.question_address(principle_slug, position)
    if request.method == "POST":
        if _is_thrown(request, page):
            messages.success(request, "What you typed is thrown away.")
        return redirect(there)
    late = page.late_text(request.GET.get("writing", ""))
    draft = _asked_for(request, unsaved(page.response, person, timezone.now()))
    if late is None and draft is None:
        return redirect(there)
    context = {"assessment": assessment, "page": page, "draft": draft, "late": late}
    return render(request, "assessments/draft_throw_away.html", context)


def _is_thrown(request: HttpRequest, page: QuestionPage) -> bool:
    """Throw away the text or the draft that the page before showed."""
    thrown = request.POST.get("thrown", "")
    response, person = page.response, person_of(request)
    if late := page.late_text(thrown):
        number = late.number
        return operations.throw_away_late(response=response, number=number, by=person)
    turn = turn_of(thrown)
    if turn is None:
        return False
    return operations.throw_away(response=response, turn=turn, by=person)


def _asked_for(request: HttpRequest, drafts: Unsaved) -> DraftText | None:
    """Find the draft that was asked for, or the newest: she may have typed since."""
    asked = drafts.of(request.GET.get("writing", ""))
    return asked or next(iter(drafts.mine), None)
