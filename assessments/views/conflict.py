"""Both texts, when somebody else was first or our view is locked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from assessments.forms import (
    COMMENT,
    DISSENT,
    DissentBox,
    ResponseForm,
    both_texts,
    has_comment,
    initial_of,
    new_writing,
    whole,
    without_comment,
)
from assessments.models import Assessment, Response
from assessments.operations import EditConflict
from assessments.queries import QuestionPage
from assessments.rules import AlreadyLocked, ResponseContent
from organisations.access import author_mark, forget_kept, person_of

from .doors import is_meeting, page_or_404
from .drafts import (
    Back,
    keep_apart,
    keep_aside,
    kept_back,
    put_aside,
    tell_comment_waits,
)


NOTHING_CHOSEN = "nothing yet"


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
        form = _form_of(current, request.POST.copy())
    else:
        form = ResponseForm(page=current, initial=initial_of(restored, version=version))
    back = _kept_beside(request, page, current)
    return _both(request, assessment, current, refusal, form, back)


def _kept_beside(
    request: HttpRequest, page: QuestionPage, current: QuestionPage
) -> Back | None:
    """Keep what was typed beside the answer, which its rejected text does not hold.

    Effects: a draft of the question's page, where there is anything new.
    """
    if has_comment(request.POST):
        keep_aside(request, current, COMMENT)
        tell_comment_waits(request, current.response.assessment, current)
    dissent = request.POST.get("dissent", page.dissent).replace("\r\n", "\n").strip()
    if dissent in {page.dissent, current.dissent}:
        return None
    typed = without_comment(request.POST)
    turn = keep_apart(request, current.response, typed, DISSENT[0])
    return Back(writing=new_writing(turn))


def join(
    request: HttpRequest, assessment: Assessment, page: QuestionPage
) -> HttpResponse:
    """Put both texts into the boxes, for somebody to make one of them."""
    refusal = EditConflict(page.response, by=person_of(request))
    both = both_texts(request.POST, theirs=page)
    # Until it is saved it stays over the earlier version, so that whoever leaves this
    # page and saves it later is asked again.
    both["beside"] = str(_written_over(request, page))
    form = _form_of(page, both)
    back = kept_back(request, page, both)
    return _both(request, assessment, page, refusal, form, back, status=200)


def keep_theirs(request: HttpRequest, page: QuestionPage) -> HttpResponse:
    """Open the question with what stands, and put one's own words aside.

    Shape: they stay over an earlier version, so that saving them later asks again.
    Effects: a draft, unless the words came too late already, or stand.
    """
    typed = request.POST.copy()
    typed["beside"] = str(_written_over(request, page))
    form = ResponseForm(request.POST, page=page)
    known = [page.content, *(late.content for late in page.rejected)]
    noted = request.POST.get("dissent", page.dissent).strip() != page.dissent
    is_beside = has_comment(request.POST) or noted
    is_new = is_beside or not form.is_valid() or form.content() not in known
    put_aside(request, page.response, typed, is_new=is_new)
    forget_kept(request)
    return redirect(request.path)


def _written_over(request: HttpRequest, page: QuestionPage) -> int:
    """Find the version that words were written against: never the one that stands."""
    written = whole(request.POST.get("beside", request.POST.get("version", "")))
    return min(written, page.response.version - 1)


def _form_of(page: QuestionPage, mine: QueryDict) -> ResponseForm:
    mine["version"] = str(page.response.version)
    return ResponseForm(mine, page=page, is_draft=True)


def _chosen(page: QuestionPage, said: str) -> str:
    """Say what an answer chooses, in the words of its boxes."""
    states = dict(Response.State.choices) | {Response.State.UNANSWERED: NOTHING_CHOSEN}
    levels = {str(c.value): f"{c.value} {c.word}" for c in page.choices}
    return str((states | levels).get(said, NOTHING_CHOSEN))


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
    level = page.response.level
    stands = page.response.state if level is None else str(level)
    context = {
        "assessment": assessment,
        "page": page,
        "form": form,
        "chosen": [
            _chosen(page, said) for said in (stands, str(form["choice"].value()))
        ],
        "author": author_mark(person_of(request)),
        "refusal": refusal,
        "is_locked": isinstance(refusal, AlreadyLocked),
        "is_joined": status == 200,
        "written_over": _written_over(request, page),
        # Sent again to where it was typed; what was restored was not typed anywhere.
        "there": request.path
        if is_meeting(request)
        else assessment.question_address(page.principle.slug, page.position),
        "dissent_form": DissentBox(request.POST) if "dissent" in request.POST else None,
        **(back or Back()).context(),
    }
    name = "assessments/question_conflict.html"
    return render(request, name, context, status=status)
