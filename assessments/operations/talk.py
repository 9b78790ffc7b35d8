"""Comment on the answer to a standard, and ask to look at it again.

The audit trail says that somebody did, and of which standard: never the words.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import uuid4, uuid5

from django.db import models, transaction
from django.db.models import F

from assessments.models import AnotherLook, Comment, Mention, Response
from assessments.queries import has_left
from assessments.rules import (
    CommentChanged,
    NotAllowed,
    Writing,
    check_can_delete_comment,
    check_can_edit_comment,
)
from organisations import audit
from organisations.models import Membership, User
from organisations.rules import AlreadyDone

from .holding import hold_open


def post_comment(
    *,
    response: Response,
    text: str,
    tell: Collection[User],
    by: User,
    at: datetime,
    writing: Writing | None = None,
) -> Comment:
    """Say something to colleagues about the answer to a standard.

    Shape: `tell` are those who get it in their next mail; `writing` is the page that
    it was typed on. The same words sent twice from one page are there once, and so
    are those of her own open comment that nobody has said anything after.
    Raises: CommentsClosed; Paused.
    Effects: audit event "posted".
    """
    sent = uuid5(writing.key, text) if writing else uuid4()
    with transaction.atomic(durable=True):
        _hold_open(response, "post_comment")
        if last := _last_said(response, text, by):
            _tell(last, tell, at)
            return last
        comment, is_new = Comment.objects.get_or_create(
            author=by,
            sent=sent,
            defaults={"response": response, "text": text, "written_at": at},
        )
        if is_new:
            _tell(comment, tell, at)
            _record("posted", comment, response, by=by, at=at)
    return comment


def edit_comment(
    *,
    comment: Comment,
    text: str,
    tell: Collection[User],
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Put other words in the place of one's own; the earlier ones are not kept.

    Shape: `version` is the one that the page showed. The same words are no change.
    Raises: NotYourComment; CommentChanged; CommentsClosed; Paused.
    Effects: who is named anew is told; audit event "edited".
    """
    check_can_edit_comment(comment, by)
    with transaction.atomic(durable=True):
        _hold_open(comment.response, "edit_comment")
        if _says(comment, text, tell):
            return
        moved = (
            Comment.objects.there()
            .filter(pk=comment.pk, version=version)
            .update(text=text, edited_at=at, version=F("version") + 1)
        )
        if not moved:
            raise CommentChanged
        comment.mentions.exclude(person__in=tell).delete()
        _tell(comment, tell, at)
        _record("edited", comment, comment.response, by=by, at=at)


def delete_comment(*, comment: Comment, membership: Membership, at: datetime) -> None:
    """Take the words of a comment away for good. That there was one stays to be seen.

    Raises: NotYourComment; AlreadyDone; Paused.
    Effects: nobody is told of it any more; audit event "deleted".
    """
    with transaction.atomic(durable=True):
        check_can_delete_comment(comment, membership, has_author_left=has_left(comment))
        _hold_open(comment.response, "delete_comment")
        moved = (
            Comment.objects.there()
            .filter(pk=comment.pk)
            # Another key as well: the old one was made of the words.
            .update(text="", sent=uuid4(), deleted_at=at, deleted_by=membership.user)
        )
        if not moved:
            raise AlreadyDone("This comment was deleted already.")
        comment.mentions.all().delete()
        _record("deleted", comment, comment.response, by=membership.user, at=at)


def resolve_comment(*, comment: Comment, by: User, at: datetime) -> None:
    """Say that a comment is dealt with.

    Raises: AlreadyDone; CommentsClosed; Paused.
    Effects: audit event "resolved".
    """
    with transaction.atomic(durable=True):
        _hold_open(comment.response, "resolve_comment")
        waiting = Comment.objects.open().filter(pk=comment.pk)
        if not waiting.update(resolved_at=at, resolved_by=by):
            raise AlreadyDone("This comment was dealt with already.")
        _record("resolved", comment, comment.response, by=by, at=at)


def reopen_comment(*, comment: Comment, by: User, at: datetime) -> None:
    """Say that a comment is not dealt with after all.

    Raises: AlreadyDone; CommentsClosed; Paused.
    Effects: audit event "reopened".
    """
    with transaction.atomic(durable=True):
        _hold_open(comment.response, "reopen_comment")
        done = Comment.objects.there().filter(pk=comment.pk, resolved_at__isnull=False)
        if not done.update(resolved_at=None, resolved_by=None):
            raise AlreadyDone("This comment is open already.")
        _record("reopened", comment, comment.response, by=by, at=at)


def ask_for_another_look(
    *, response: Response, why: str, by: User, at: datetime
) -> AnotherLook:
    """Ask that an answer is looked at again, and say why.

    Raises: AlreadyDone when somebody has asked; AlreadyLocked; Paused.
    Effects: who last saved it reads of it in the next mail; audit event "asked".
    """
    with transaction.atomic(durable=True):
        _hold_open(response, "ask_for_another_look")
        look, is_new = AnotherLook.objects.open().get_or_create(
            response=response, defaults={"why": why, "asked_at": at, "asked_by": by}
        )
        if not is_new:
            raise AlreadyDone("Another look is asked for already.")
        _record("asked", look, response, by=by, at=at)
    return look


def look_again(*, look: AnotherLook, by: User, at: datetime) -> None:
    """Say that one has looked at an answer again, whether it was changed or not.

    Raises: AlreadyDone; AlreadyLocked; Paused.
    Effects: audit event "looked".
    """
    with transaction.atomic(durable=True):
        _hold_open(look.response, "look_again")
        waiting = AnotherLook.objects.open().filter(pk=look.pk)
        if not waiting.update(looked_at=at, looked_by=by):
            raise AlreadyDone("Somebody has looked at it again already.")
        _record("looked", look, look.response, by=by, at=at)


def _hold_open(response: Response, operation: str) -> None:
    """Hold its assessment open, which says too whether the standard is asked at all.

    Raises: Paused; NotAllowed; what the assessment's status refuses.
    """
    hold_open(response.assessment_id, operation)
    if response.is_outside and operation in {"post_comment", "ask_for_another_look"}:
        raise NotAllowed("A lead has left this standard out of the assessment.")


def _last_said(response: Response, text: str, by: User) -> Comment | None:
    """Find the last comment, where it is her own, open, and says these words."""
    said = Comment.objects.there().filter(response=response).order_by("-pk").first()
    if said is None or said.resolved_at or (said.author, said.text) != (by, text):
        return None
    return said


def _says(comment: Comment, text: str, tell: Collection[User]) -> bool:
    """Say whether a comment says these words already, and to these people."""
    told = set(comment.mentions.values_list("person", flat=True))
    same = Comment.objects.there().filter(pk=comment.pk, text=text)
    return told == {person.pk for person in tell} and same.exists()


def _tell(comment: Comment, people: Collection[User], at: datetime) -> None:
    told = set(comment.mentions.values_list("person", flat=True))
    Mention.objects.bulk_create(
        Mention(comment=comment, person=person, told_at=at)
        for person in people
        if person.pk not in told
    )


def _record(
    verb: str, subject: models.Model, response: Response, *, by: User, at: datetime
) -> None:
    assessment = response.assessment
    details: dict[str, Any] = {
        "assessment": str(assessment.public_id),
        "standard": response.standard.code,
    }
    audit.record(
        by=by,
        verb=verb,
        subject=subject,
        organisation=assessment.organisation,
        at=at,
        details=details,
    )
