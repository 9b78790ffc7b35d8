"""Freeze an assessment into the content of one report, and read it back.

Everything here is kept as JSON from the moment a report is asked for, so a later
change to a page, an answer or this code's words never changes a made report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone

from assessments.queries import (
    AssessmentRecord,
    Background,
    EvidenceRecord,
    LevelChoice,
    PrincipleRecord,
    StandardRecord,
)
from assessments.rules import is_old
from assessments.scoring import LeftOut

from .background import (
    BackgroundEntry,
    ChangeEntry,
    background_entry,
    read_background,
)
from .freezing import freeze
from .limits import not_asked, not_in_it
from .text import Paragraph, direction, paragraphs


TEMPLATE_VERSION = 1
# How wide its own names on the cover are, in letters, before all is set smaller.
ROOM = 120


@dataclass(frozen=True)
class LevelEntry:
    value: int
    word: str
    descriptor: str


@dataclass(frozen=True)
class EvidenceEntry:
    title: str
    link: str
    note: str
    dated_on: date | None
    type: str
    is_public: bool
    # Reports that are older than these two fields have neither.
    cqc_category: str = ""
    is_old: bool = False

    @property
    def note_paragraphs(self) -> tuple[Paragraph, ...]:
        return paragraphs(self.note)

    @property
    def title_direction(self) -> str:
        return direction(self.title)


@dataclass(frozen=True)
class StandardEntry:
    """One standard; `state` is answered, dont_know, not_applicable or unanswered."""

    code: str
    title: str
    statement: str
    is_core: bool
    state: str
    level: int | None
    level_word: str
    level_sentence: str
    not_applicable_because: str
    reason: str
    evidence: tuple[EvidenceEntry, ...]
    # What some see differently. Older documents do not have it.
    dissent: str = ""

    @property
    def is_answered(self) -> bool:
        return self.state == "answered"

    @property
    def is_dont_know(self) -> bool:
        return self.state == "dont_know"

    @property
    def is_not_applicable(self) -> bool:
        return self.state == "not_applicable"

    @property
    def reason_paragraphs(self) -> tuple[Paragraph, ...]:
        return paragraphs(self.reason)

    @property
    def dissent_paragraphs(self) -> tuple[Paragraph, ...]:
        return paragraphs(self.dissent)


@dataclass(frozen=True)
class PrincipleEntry:
    """One principle; `mean` is in levels, to one decimal, or None with no level."""

    code: str
    name: str
    gloss: str
    question: str
    why: str
    mean: str | None
    in_place: int
    applicable: int
    answered: int
    not_applicable: int
    standards: tuple[StandardEntry, ...]

    @property
    def level(self) -> Decimal | None:
        return None if self.mean is None else Decimal(self.mean)

    @property
    def without_level(self) -> int:
        return self.applicable - self.answered


@dataclass(frozen=True)
class ReportDocument:
    """The whole of one report, with nothing left to look up."""

    template: ClassVar[str] = "report"

    organisation: str
    scope: str
    edition: str
    edition_version: str
    edition_note: str
    started_at: datetime
    locked_at: datetime | None
    frozen_at: datetime
    levels: tuple[LevelEntry, ...]
    principles: tuple[PrincipleEntry, ...]
    # Reports that are older than these fields have none of them.
    period_from: date | None = None
    period_until: date | None = None
    other_domains: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    people: str = ""
    answer_by: date | None = None
    background: BackgroundEntry | None = None
    is_large: bool = False

    @property
    def is_draft(self) -> bool:
        return self.locked_at is None

    @property
    def size(self) -> str:
        """Name the class that keeps the cover on one page, whatever stands on it."""
        letters = len(self.organisation.encode()) + len(self.scope.encode())
        is_full = letters > ROOM or self.outside or self.is_large
        return "crowded" if is_full else ""

    @property
    def change(self) -> ChangeEntry | None:
        """Return what changed since the last time, where there was one."""
        return self.background.change if self.background else None

    @property
    def edition_note_paragraphs(self) -> tuple[Paragraph, ...]:
        return paragraphs(self.edition_note)

    @property
    def title(self) -> str:
        return f"4Pi self-assessment: {self.organisation}"

    @property
    def standards(self) -> tuple[StandardEntry, ...]:
        return tuple(s for p in self.principles for s in p.standards)

    @property
    def in_place(self) -> int:
        return sum(p.in_place for p in self.principles)

    @property
    def applicable(self) -> int:
        return sum(p.applicable for p in self.principles)

    @property
    def dont_know(self) -> tuple[StandardEntry, ...]:
        return tuple(s for s in self.standards if s.is_dont_know)

    @property
    def not_applicable(self) -> tuple[StandardEntry, ...]:
        return tuple(s for s in self.standards if s.is_not_applicable)

    @property
    def unanswered(self) -> tuple[StandardEntry, ...]:
        return tuple(s for s in self.standards if s.state == "unanswered")

    @property
    def not_asked(self) -> str:
        """Say who was not asked, in every format."""
        return not_asked(self.people)

    @property
    def not_in_it(self) -> tuple[str, ...]:
        """Return what no report says, and why, in every format."""
        rated = self.background is not None and self.background.rated > 0
        return not_in_it(self.people, rated=rated)

    @property
    def is_partial(self) -> bool:
        return LeftOut(tuple(p.not_applicable for p in self.principles)).is_partial


def build_document(
    record: AssessmentRecord,
    background: Background | None = None,
    *,
    at: datetime,
    is_large: bool = False,
) -> dict[str, Any]:
    """Freeze an assessment as it stands, with how it was done.

    Shape: what `json` can hold; `read_document` gives the dataclasses back.
    """
    document = ReportDocument(
        organisation=record.organisation_name,
        scope=record.scope,
        edition=record.edition_title,
        edition_version=record.edition_version,
        edition_note=record.edition_review_note,
        started_at=record.started_at,
        locked_at=record.locked_at,
        frozen_at=at,
        levels=tuple(_level(choice) for choice in record.levels),
        principles=tuple(
            _principle(principle, on=timezone.localdate(at))
            for principle in record.principles
        ),
        period_from=record.period_from,
        period_until=record.period_until,
        other_domains=record.other_domains,
        people=record.people,
        outside=tuple(f"{each.code} {each.title}" for each in record.outside),
        answer_by=None if record.is_locked else record.answer_by,
        background=background_entry(background) if background else None,
        is_large=is_large,
    )
    return freeze(document)


def read_document(frozen: dict[str, Any]) -> ReportDocument:
    """Give a frozen document its types back."""
    return ReportDocument(
        **{
            **frozen,
            "started_at": datetime.fromisoformat(frozen["started_at"]),
            "locked_at": _moment(frozen["locked_at"]),
            "frozen_at": datetime.fromisoformat(frozen["frozen_at"]),
            "levels": tuple(LevelEntry(**level) for level in frozen["levels"]),
            "principles": tuple(_read_principle(p) for p in frozen["principles"]),
            "period_from": _day(frozen.get("period_from")),
            "period_until": _day(frozen.get("period_until")),
            "other_domains": tuple(frozen.get("other_domains", ())),
            "outside": tuple(frozen.get("outside", ())),
            "answer_by": _day(frozen.get("answer_by")),
            "background": read_background(frozen.get("background")),
        }
    )


def _level(choice: LevelChoice) -> LevelEntry:
    return LevelEntry(choice.value, choice.word, choice.sentence)


def _principle(record: PrincipleRecord, *, on: date) -> PrincipleEntry:
    score = record.score
    return PrincipleEntry(
        code=record.code,
        name=record.name,
        gloss=record.gloss,
        question=record.question,
        why=record.why,
        mean=None if score.mean is None else str(score.mean),
        in_place=score.in_place,
        applicable=score.applicable,
        answered=score.answered,
        not_applicable=score.not_applicable,
        standards=tuple(_standard(standard, on=on) for standard in record.standards),
    )


def _standard(record: StandardRecord, *, on: date) -> StandardEntry:
    return StandardEntry(
        code=record.code,
        title=record.title,
        statement=record.statement,
        is_core=record.is_core,
        state=record.state,
        level=record.level,
        level_word=record.level_word,
        level_sentence=record.level_sentence,
        not_applicable_because=record.not_applicable_because,
        reason=record.reason,
        evidence=tuple(_evidence(item, on=on) for item in record.evidence),
        dissent=record.dissent,
    )


def _evidence(record: EvidenceRecord, *, on: date) -> EvidenceEntry:
    return EvidenceEntry(
        title=record.title,
        link=record.link,
        note=record.note,
        dated_on=record.dated_on,
        type=record.type_label,
        is_public=record.is_public,
        cqc_category=record.cqc_category,
        is_old=is_old(record.dated_on, on=on),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_principle(frozen: dict[str, Any]) -> PrincipleEntry:
    standards = tuple(_read_standard(s) for s in frozen["standards"])
    return PrincipleEntry(**{**frozen, "standards": standards})


def _read_standard(frozen: dict[str, Any]) -> StandardEntry:
    evidence = tuple(_read_evidence(item) for item in frozen["evidence"])
    return StandardEntry(**{**frozen, "evidence": evidence})


def _read_evidence(frozen: dict[str, Any]) -> EvidenceEntry:
    return EvidenceEntry(**{**frozen, "dated_on": _day(frozen["dated_on"])})
