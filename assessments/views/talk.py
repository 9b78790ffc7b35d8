"""What the buttons beside a comment do, on the page of a question.

They stand in the form of the answer, so that whatever is typed there comes along and
is kept: without any script a browser sends one form, and forgets the others.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import get_text_list

from assessments import operations
from assessments.forms import (
    CommentForm,
    ResponseForm,
    has_comment,
    without_comment,
    writing_of,
)
from assessments.queries import QuestionPage, Talk, saved_versions
from assessments.rules import NotAllowed, ResponseContent, content_of
from organisations.access import forget_kept, person_of
from organisations.rules import Refusal

from .drafts import keep_sent
from .saved import QUIET


NOT_SAVED = (
    "Your changes to this answer are not saved yet, so it still needs another look. "
    "Save them first, or throw them away. Then say that you have looked."
)
DEALT_WITH = "The comment is dealt with. It is below, with those that are."
BUTTONS = ("post_comment", "resolve", "reopen", "looked")


def is_said(request: HttpRequest) -> bool:
    """Say whether a button beside a comment was pressed."""
    return any(button in request.POST for button in BUTTONS)


def comment_form(talk: Talk, typed: QueryDict | None = None) -> CommentForm:
    """Make the box for a comment, with what was typed there and not posted."""
    typed = typed if typed is not None and has_comment(typed) else None
    return CommentForm(typed, colleagues=talk.colleagues, is_draft=True)


def hear(request: HttpRequest, page: QuestionPage, talk: Talk) -> CommentForm | None:
    """Do what the pressed button asks for.

    Shape: the box for a comment, where it has to be shown again.
    Effects: what is typed and not saved is a draft.
    """
    form = CommentForm(request.POST, colleagues=talk.colleagues)
    if "post_comment" in request.POST:
        if not form.is_valid():
            return form
        is_done = post(request, page, form)
    else:
        _press(request, page)
        is_done = False
    put_by(request, page, without_comment(request.POST) if is_done else request.POST)
    return None


def put_by(request: HttpRequest, page: QuestionPage, typed: QueryDict) -> None:
    """Keep what was sent with a button that saves nothing.

    Effects: it is a draft, unless it only says what is saved.
    """
    keep_sent(request, page.response, typed, is_new=_says_more(page, typed))
    forget_kept(request)


def post(request: HttpRequest, page: QuestionPage, form: CommentForm) -> bool:
    """Post a comment, and say whether that was possible."""
    told = form.tell()
    try:
        operations.post_comment(
            response=page.response,
            text=form.cleaned_data["comment"],
            tell=told,
            by=person_of(request),
            at=timezone.now(),
            writing=writing_of(request.POST),
        )
    except (NotAllowed, Refusal) as reason:
        messages.warning(request, str(reason))
        return False
    names = get_text_list([str(person) for person in told], "and")
    said = f" {names} will read of it in our next mail to them." if told else ""
    messages.success(request, f"Your comment is posted.{said}")
    return True


def _press(request: HttpRequest, page: QuestionPage) -> None:
    person, now = person_of(request), timezone.now()
    response = page.response
    try:
        if key := request.POST.get("resolve"):
            comment = get_object_or_404(response.comments, public_id=_uuid(key))
            operations.resolve_comment(comment=comment, by=person, at=now)
            messages.success(request, DEALT_WITH, extra_tags=QUIET)
        elif key := request.POST.get("reopen"):
            comment = get_object_or_404(response.comments, public_id=_uuid(key))
            operations.reopen_comment(comment=comment, by=person, at=now)
            messages.success(request, "The comment is open again.", extra_tags=QUIET)
        elif _says_more(page, without_comment(request.POST)):
            messages.warning(request, NOT_SAVED)
        else:
            key = request.POST.get("looked", "")
            look = get_object_or_404(response.another_looks, public_id=_uuid(key))
            operations.look_again(look=look, by=person, at=now)
            messages.success(request, "Thank you for looking again.")
    except (NotAllowed, Refusal) as reason:
        messages.warning(request, str(reason))


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        raise Http404 from None


def _says_more(page: QuestionPage, typed: QueryDict) -> bool:
    """Say whether something is typed that the page did not show as saved."""
    form = ResponseForm(typed, page=page)
    if has_comment(typed) or not form.is_valid():
        return True
    if typed.get("dissent", page.dissent).strip() != page.dissent:
        return True
    return form.content() != _shown(page, form.cleaned_data["version"])


def _shown(page: QuestionPage, version: int) -> ResponseContent:
    if version == page.response.version:
        return page.content
    saved = saved_versions(page.response).filter(version=version).first()
    return content_of(saved) if saved else ResponseContent(state="unanswered")
