"""Save what was filled in offline: all of it or nothing.

Until then it is its author's alone, so the audit trail says nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from assessments.models import Assessment, Response, UploadedSheet
from assessments.queries import SHEET
from assessments.rules import ResponseContent, check_can_answer, status_after
from organisations.models import User
from organisations.sealing import seal

from .answering import content_standing, keep_rejected, save_version


class SheetGone(Exception):
    """It was saved or thrown away already, or another was uploaded since."""


class SavedMeanwhile(Exception):
    """Somebody saved since the changes were shown. `codes` names the standards."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(
            f"Somebody saved {', '.join(codes)} while you were looking. Nothing of "
            "yours is saved yet. Please look at the changes once more."
        )


@dataclass(frozen=True)
class SheetAnswer:
    """What is to be saved of one standard.

    `version` is the one that the page showed as standing now, and `since` the one
    that was filled in over. With `keeps_theirs` what stands now stays.
    """

    response: Response
    content: ResponseContent
    version: int
    since: int
    keeps_theirs: bool = False


def keep_sheet(
    *,
    assessment: Assessment,
    rows: Sequence[tuple[str, int, str]],
    name: str = "",
    by: User,
    at: datetime,
) -> UploadedSheet:
    """Keep what somebody uploaded, sealed, in place of what she uploaded before.

    Shape: `name` is the file's, as her machine calls it.
    Raises: AlreadyLocked.
    """
    status_after(assessment, "save_sheet")
    held = {"name": name, "rows": list(rows)}
    with transaction.atomic(durable=True):
        sheet, _ = UploadedSheet.objects.update_or_create(
            assessment=assessment,
            author=by,
            defaults={
                "public_id": uuid4(),
                "rows": seal(json.dumps(held), purpose=SHEET),
                "uploaded_at": at,
            },
        )
    return sheet


def throw_away_sheet(*, assessment: Assessment, public_id: UUID, by: User) -> bool:
    """Forget what somebody uploaded, unless she has uploaded another since.

    Shape: whether it is gone.
    """
    with transaction.atomic(durable=True):
        return _forget(assessment, public_id, by)


def save_sheet(
    *,
    assessment: Assessment,
    public_id: UUID,
    answers: Sequence[SheetAnswer],
    by: User,
    at: datetime,
) -> None:
    """Save what was filled in offline, as it was shown and decided.

    Where what others saved stays, hers is kept for her as any text that came too late.
    Raises: SheetGone; SavedMeanwhile; AlreadyLocked; NotAllowed. Then nothing is saved.
    Effects: a revision for each; audit event "answered" for each that is saved; the
    upload is gone.
    """
    for answer in answers:
        check_can_answer(answer.response, answer.content)
    with transaction.atomic(durable=True):
        # Who unlocks or locks meanwhile comes before or after all of this.
        held = Assessment.objects.select_for_update().get(pk=assessment.pk)
        status_after(held, "save_sheet")
        if not _forget(assessment, public_id, by):
            raise SheetGone
        # In one order, so that two people's sheets never wait for each other.
        late = [
            answer.response.standard.code
            for answer in sorted(answers, key=lambda a: a.response.pk)
            if not _put(answer, by=by, at=at)
        ]
        if late:
            raise SavedMeanwhile(late)


def _put(answer: SheetAnswer, *, by: User, at: datetime) -> bool:
    response, content = answer.response, answer.content
    if answer.keeps_theirs:
        keep_rejected(response, content, version=answer.since, by=by, at=at)
        return True
    return save_version(
        response,
        content,
        "save_sheet",
        before=content_standing(response),
        version=answer.version,
        by=by,
        at=at,
    )


def _forget(assessment: Assessment, public_id: UUID, author: User) -> bool:
    mine = UploadedSheet.objects.of(assessment, author)
    gone, _ = mine.filter(public_id=public_id).delete()
    return bool(gone)
