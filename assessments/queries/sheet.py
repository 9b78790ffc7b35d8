"""All standards at once, as a spreadsheet holds them, and what stood when it was made."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from assessments.models import (
    SHEET_KEPT_FOR,
    Assessment,
    Evidence,
    Response,
    UploadedSheet,
)
from assessments.scoring import LeftOut
from organisations.models import User
from organisations.sealing import Unreadable, unseal

from .question import QuestionPage
from .records import level_choice
from .words import spoken, words_for


logger = logging.getLogger(__name__)

SHEET = "sheet"


def all_questions(assessment: Assessment) -> tuple[QuestionPage, ...]:
    """Read every standard that is asked with its answer, without what helps to answer.

    Shape: in order; a number of queries that never grows.
    """
    responses = list(
        Response.objects.of(assessment)
        .select_related("standard__principle", "saved_by")
        .prefetch_related(Prefetch("evidence", Evidence.objects.order_by("position")))
        .order_by("standard__principle__position", "standard__position")
    )
    for response in responses:
        # Set from what is at hand, so that it costs no query.
        response.assessment = assessment
    return tuple(_question(response, responses) for response in responses)


def _question(response: Response, responses: Sequence[Response]) -> QuestionPage:
    words = words_for(response.assessment).standards[response.standard.code]
    standard = spoken(response.standard, words)
    places = [
        other.standard.position
        for other in responses
        if other.standard.principle_id == standard.principle_id
    ]
    number = places.index(standard.position) + 1
    return QuestionPage(
        response=response,
        standard=standard,
        principle=standard.principle,
        position=standard.position,
        number=number,
        of=len(places),
        next_position=next(iter(places[number:]), None),
        choices=tuple(level_choice(level) for level in words.levels),
        indicators=words.indicators,
        domains=words.domains,
        duties=words.duties,
        evidence=tuple(response.evidence.all()),
        rejected=(),
        last_time=None,
        left_out=LeftOut(()),
        left_out_then=LeftOut(()),
        owner=None,
    )


@dataclass(frozen=True)
class WaitingSheet:
    """What somebody uploaded and has not saved: of each standard version and boxes."""

    public_id: UUID
    uploaded_at: datetime
    rows: tuple[tuple[str, int, str], ...]
    # What the file was called, where it was noted.
    name: str = ""

    @property
    def kept_until(self) -> datetime:
        return self.uploaded_at + SHEET_KEPT_FOR


def waiting_sheet(assessment: Assessment, author: User) -> WaitingSheet | None:
    """Open what somebody uploaded for an assessment and has not saved yet."""
    sheet = UploadedSheet.objects.of(assessment, author).first()
    return next(iter(_opened([sheet])), None) if sheet else None


def _opened(sheets: Iterable[UploadedSheet]) -> Iterable[WaitingSheet]:
    for sheet in sheets:
        try:
            held = json.loads(unseal(sheet.rows, purpose=SHEET))
        except Unreadable:
            # The key was changed and the old one is not among the fallbacks.
            logger.error("Uploaded sheet %s cannot be opened with this key", sheet.pk)
            continue
        # What was uploaded before files had names here is a list.
        rows = held["rows"] if isinstance(held, dict) else held
        yield WaitingSheet(
            public_id=sheet.public_id,
            uploaded_at=sheet.uploaded_at,
            rows=tuple((code, version, typed) for code, version, typed in rows),
            name=held["name"] if isinstance(held, dict) else "",
        )


def my_sheets(user: User) -> list[dict[str, Any]]:
    """List what somebody uploaded and has not saved, for a file that she can keep."""
    sheets = UploadedSheet.objects.filter(author=user).order_by("pk")
    return [
        {
            "standards": [
                {"standard_code": code, "version": version, "typed": typed}
                for code, version, typed in opened.rows
            ],
            "file": opened.name,
            "uploaded_at": opened.uploaded_at,
            "organisation_name": sheet.assessment.organisation.name,
            "about": sheet.assessment.scope_name,
        }
        for sheet in sheets.select_related("assessment__organisation")
        for opened in _opened([sheet])
    ]
