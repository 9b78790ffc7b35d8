"""Freeze what is asked of an assessment into a pack for a meeting, and read it back.

It holds no answer: people tick and write on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, ClassVar

from django.utils import timezone

from assessments.models import Assessment
from assessments.queries import QuestionPage
from organisations.content import in_own_words

from .freezing import freeze
from .record import LevelEntry
from .text import direction


@dataclass(frozen=True)
class WorkshopStandard:
    """A standard with a sentence for each level; a core one always applies."""

    code: str
    title: str
    statement: str
    is_core: bool
    levels: tuple[LevelEntry, ...]


@dataclass(frozen=True)
class WorkshopPrinciple:
    code: str
    name: str
    gloss: str
    question: str
    standards: tuple[WorkshopStandard, ...]


@dataclass(frozen=True)
class WorkshopPack:
    """The whole of one pack, with nothing left to look up."""

    template: ClassVar[str] = "workshop"

    organisation: str
    scope: str
    edition: str
    edition_version: str
    is_large: bool
    made_on: date
    principles: tuple[WorkshopPrinciple, ...]

    @property
    def title(self) -> str:
        return f"4Pi workshop pack: {self.organisation}"

    @property
    def name_direction(self) -> str:
        return direction(self.organisation)

    @property
    def standards(self) -> int:
        return sum(len(principle.standards) for principle in self.principles)


def build_workshop(
    assessment: Assessment,
    questions: Sequence[QuestionPage],
    *,
    is_large: bool,
    at: datetime,
) -> dict[str, Any]:
    """Freeze what is asked, without what was answered.

    Shape: what `json` can hold; `read_workshop` gives the dataclass back.
    """
    grouped = groupby(questions, key=lambda question: question.principle)
    people = assessment.organisation.people_called
    pack = WorkshopPack(
        organisation=assessment.organisation.name,
        scope=str(assessment),
        edition=assessment.edition.title,
        edition_version=assessment.edition.version,
        is_large=is_large,
        made_on=timezone.localdate(at),
        principles=tuple(
            WorkshopPrinciple(
                code=principle.code,
                name=principle.name,
                gloss=in_own_words(principle.gloss, people),
                question=in_own_words(principle.question_organisation, people),
                standards=tuple(_standard(question) for question in members),
            )
            for principle, members in grouped
        ),
    )
    return freeze(pack)


def read_workshop(frozen: dict[str, Any]) -> WorkshopPack:
    """Give a frozen pack its types back."""
    return WorkshopPack(
        **frozen
        | {
            "made_on": date.fromisoformat(frozen["made_on"]),
            "principles": tuple(_read_principle(p) for p in frozen["principles"]),
        }
    )


def _standard(question: QuestionPage) -> WorkshopStandard:
    standard = question.standard
    return WorkshopStandard(
        code=standard.code,
        title=standard.title,
        statement=standard.statement,
        is_core=standard.is_core,
        levels=tuple(
            LevelEntry(choice.value, choice.word, choice.sentence)
            for choice in question.choices
        ),
    )


def _read_principle(frozen: dict[str, Any]) -> WorkshopPrinciple:
    standards = tuple(_read_standard(s) for s in frozen["standards"])
    return WorkshopPrinciple(**frozen | {"standards": standards})


def _read_standard(frozen: dict[str, Any]) -> WorkshopStandard:
    levels = tuple(LevelEntry(**level) for level in frozen["levels"])
    return WorkshopStandard(**frozen | {"levels": levels})
