"""Keep what somebody types before she saves it; never the shared answer.

A draft is hers alone, so the audit trail says nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict

from assessments.models import (
    Draft,
    DraftQuerySet,
    Response,
    ResponseRevision,
    UploadedSheet,
)
from assessments.queries import DRAFT, DraftText, opened, said_in
from assessments.rules import ResponseContent, Turn, Writing
from organisations.models import User
from organisations.sealing import seal


# After this turn nothing that the page sent can come later.
LAST = 2**31 - 1


def keep_draft(
    *,
    response: Response,
    writing: Writing,
    typed: str,
    by: User,
    at: datetime,
    turn: int | None = None,
    saved: ResponseContent | None = None,
) -> Turn:
    """Keep what stands in a page's boxes, in place of what it kept before.

    Shape: without `turn` it comes after all that the page sent. What is not later
    than what is there, or than the page's own save, changes nothing. Nothing typed
    takes the draft away. `saved` is the author's own answer, where it stands.
    Effects: her earlier drafts that say no more than the two are gone.
    """
    mine = Draft.objects.of(response, by)
    with transaction.atomic(durable=True):
        draft, is_new = mine.select_for_update().get_or_create(
            response=response,
            author=by,
            writing=writing.key,
            defaults={"turn": turn or 0, "typed": _sealed(typed), "typed_at": at},
        )
        number = draft.turn + 1 if turn is None else turn
        if is_new or draft.turn >= min(number, LAST):
            number = draft.turn
        else:
            mine.filter(pk=draft.pk).update(
                turn=number, typed=_sealed(typed), typed_at=at
            )
        if writing.follows:
            _followed(writing.follows, response, by).delete()
        if saved is not None and typed:
            rows = mine.exclude(writing=writing.key).exclude(typed="")
            older = _older(rows.select_for_update().order_by("pk"), response.version)
            new = QueryDict(typed)
            gone = [w.turn.writing for w in older if _is_held(w, saved, new)]
            mine.filter(writing__in=gone).delete()
    return Turn(writing.key, number)


def throw_away(*, response: Response, turn: Turn, by: User) -> bool:
    """Forget a draft for good, unless its author has typed on since she saw it.

    Shape: whether it is gone.
    """
    with transaction.atomic(durable=True):
        gone, _ = _followed(turn, response, by).delete()
    return bool(gone)


def throw_away_late(*, response: Response, number: int, by: User) -> bool:
    """Forget for good a text that came too late, and that its author does not need.

    Shape: `number` of its revision. Whether it is gone; what was saved never is.
    """
    late = ResponseRevision.Outcome.REJECTED
    with transaction.atomic(durable=True):
        mine = ResponseRevision.objects.filter(response=response, saved_by=by)
        gone, _ = mine.filter(pk=number, outcome=late).delete()
    return bool(gone)


def forget_drafts(*, of: User) -> None:
    """Forget all that somebody typed or filled in and did not save, and closed her account.

    Nobody else may read it.
    """
    with transaction.atomic(durable=True):
        Draft.objects.filter(author=of).delete()
        UploadedSheet.objects.filter(author=of).delete()


def clear_draft(
    *,
    response: Response,
    writing: Writing,
    saved: ResponseContent,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Take away the draft of words that are being saved, in the save's transaction.

    Shape: `version` is the one that they were written against.
    Effects: her drafts over it or an earlier one that say no more are gone too. A row without words stays, so that what the page sent before its save
    and arrives after it is not taken for something new.
    """
    mine = Draft.objects.of(response, by)
    # Locked in one order, so that two windows of hers never wait for each other.
    rows = list(mine.select_for_update().order_by("pk"))
    done = [row.pk for row in rows if _is_done(row, writing)]
    others = [r for r in rows if r.pk not in done and r.writing != writing.key]
    older = _older(others, version + 1)
    held = [w.turn.writing for w in older if _is_held(w, saved)]
    mine.filter(Q(pk__in=done) | Q(writing__in=held)).delete()
    now = {"turn": LAST, "typed": "", "typed_at": at}
    mine.update_or_create(
        response=response, author=by, writing=writing.key, defaults=now
    )


def _older(rows: Iterable[Draft], version: int) -> list[DraftText]:
    return [words for words in opened(rows) if words.version < version]


def _is_held(
    words: DraftText, saved: ResponseContent, new: QueryDict | None = None
) -> bool:
    """Say whether all words of a draft are saved, or in a draft that came later."""
    beside = all(
        said_in(words.typed, name) in said_in(new or QueryDict(), name)
        for name in ("comment", "dissent")
    )
    return beside and words.stands_in(saved)


def _is_done(draft: Draft, writing: Writing) -> bool:
    if draft.writing == writing.key:
        return False
    return not draft.typed or Turn(draft.writing, draft.turn) == writing.follows


def _followed(turn: Turn, response: Response, author: User) -> DraftQuerySet:
    mine = Draft.objects.of(response, author)
    return mine.filter(writing=turn.writing, turn=turn.number)


def _sealed(typed: str) -> str:
    return seal(typed, purpose=DRAFT) if typed else ""
