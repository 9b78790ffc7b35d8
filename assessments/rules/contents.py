"""What somebody gives: a set-up, an answer, evidence, a turn of writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from assessments.models import Evidence, Response, ResponseRevision
from organisations.models import Organisation


@dataclass(frozen=True)
class SetUp:
    """What an assessment looks at, and when.

    Shape: `domains` are codes, at least one; the period has both ends or none.
    """

    domains: tuple[str, ...] = tuple(Organisation.Domain.values)
    period_from: date | None = None
    period_until: date | None = None
    answer_by: date | None = None


@dataclass(frozen=True)
class EvidenceContent:
    """One piece of evidence as somebody typed it."""

    title: str
    type: str
    link: str = ""
    note: str = ""
    dated_on: date | None = None
    is_public: bool = False
    cqc_category: str = ""


@dataclass(frozen=True)
class ResponseContent:
    """All that somebody may say of one standard, saved together or not at all."""

    state: str
    level: int | None = None
    not_applicable_because: str = ""
    reason: str = ""
    is_finished: bool = False
    is_later: bool = False
    evidence: tuple[EvidenceContent, ...] = ()


def content_of(revision: ResponseRevision) -> ResponseContent:
    """Take from a revision all that it said of its standard."""
    return ResponseContent(
        state=revision.state,
        level=revision.level,
        not_applicable_because=revision.not_applicable_because,
        reason=revision.reason,
        is_finished=revision.is_finished,
        is_later=revision.is_later,
        evidence=tuple(_evidence_of(piece) for piece in revision.evidence),
    )


def _evidence_of(piece: dict[str, Any]) -> EvidenceContent:
    dated_on = piece["dated_on"]
    dates = {"dated_on": date.fromisoformat(dated_on) if dated_on else None}
    return EvidenceContent(**piece | dates)


def content_of_response(
    response: Response, evidence: Iterable[Evidence]
) -> ResponseContent:
    """Take from a response all that it says now, with its evidence in order."""
    names = [field.name for field in fields(EvidenceContent)]
    return ResponseContent(
        state=response.state,
        level=response.level,
        not_applicable_because=response.not_applicable_because,
        reason=response.reason,
        is_finished=response.is_finished,
        is_later=response.is_later,
        evidence=tuple(
            EvidenceContent(**{name: getattr(piece, name) for name in names})
            for piece in evidence
        ),
    )


def kept_columns(content: ResponseContent) -> dict[str, Any]:
    """Give what somebody said of a standard as a revision keeps it."""
    evidence = [
        asdict(piece) | {"dated_on": piece.dated_on and piece.dated_on.isoformat()}
        for piece in content.evidence
    ]
    return asdict(content) | {"evidence": evidence}


@dataclass(frozen=True)
class Turn:
    """What a page had been sent as a draft by a certain moment."""

    writing: UUID
    number: int


@dataclass(frozen=True)
class Writing:
    """One showing of a page on which somebody types.

    `follows` is the draft that the page gave back, and so takes the place of.
    """

    key: UUID
    follows: Turn | None = None


@dataclass(frozen=True)
class OwnView:
    """What is published with an assessment, and why people were not asked yet.

    The reason stays inside the organisation; the other texts are public.
    """

    why_not_asked: str
    strengths: str = ""
    gaps: str = ""
    actions: str = ""
