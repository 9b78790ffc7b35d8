"""Freeze what public evidence bears on a duty, or on a set of them, and read it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from standards.queries import DutySet, DutyWords

from .freezing import freeze, thaw
from .paper import Paper
from .record import EvidenceEntry, LevelEntry, ReportDocument, StandardEntry


# Source: domain.md 5.1; it stands on every export.
NOT_PROOF = "Shows where this evidence may help. It is not proof of compliance."


@dataclass(frozen=True)
class DutyStandard:
    """A standard that bears on a duty; `state` as in the full record."""

    code: str
    title: str
    statement: str
    is_core: bool
    state: str
    level: int | None
    level_word: str
    level_sentence: str
    not_applicable_because: str
    evidence: tuple[EvidenceEntry, ...]

    @property
    def answer(self) -> str:
        """Say its level, or why it has none."""
        if self.level is not None:
            return f"Level {self.level}: {self.level_word}"
        return WITHOUT_LEVEL[self.state]


WITHOUT_LEVEL = {
    "dont_know": "Don’t know yet",
    "not_applicable": "Does not apply",
    "unanswered": "Not answered yet",
}


@dataclass(frozen=True)
class DutyEntry:
    """A duty with its status on the day, and the codes of what bears on it."""

    code: str
    title: str
    body: str
    jurisdiction: str
    applies_to: tuple[str, ...]
    summary: str
    status: str
    status_note: str
    source: str
    checked_on: date | None
    checked_by: str
    standards: tuple[str, ...]
    # Standards that are not asked in this assessment.
    not_asked: tuple[str, ...]


@dataclass(frozen=True)
class DutyEvidence(Paper):
    """The whole of one export, with nothing left to look up."""

    template: ClassVar[str] = "duties"

    people: str
    about: str
    levels: tuple[LevelEntry, ...]
    duties: tuple[DutyEntry, ...]
    standards: tuple[DutyStandard, ...]
    not_proof: str = NOT_PROOF

    @property
    def title(self) -> str:
        return f"4Pi evidence by duty: {self.organisation}"

    @property
    def lines(self) -> tuple[tuple[DutyEntry, tuple[DutyStandard, ...]], ...]:
        """Put beside each duty the standards that bear on it."""
        named = {standard.code: standard for standard in self.standards}
        return tuple(
            (duty, tuple(named[code] for code in duty.standards))
            for duty in self.duties
        )


def build_duties(
    whole: ReportDocument, sets: Sequence[DutySet], *, about: str, is_large: bool
) -> dict[str, Any]:
    """Freeze the levels and the public evidence of what bears on some duties.

    Shape: `about` names a set, or gives the code of one duty. What `json` can hold;
    `read_duties` gives the dataclass back. No reason, no dissent and no private
    evidence is in it.
    """
    title, duties = _chosen(sets, about)
    asked = {standard.code for standard in whole.standards}
    bearing = {code for duty in duties for code, _ in duty.standards}
    return freeze(
        DutyEvidence(
            organisation=whole.organisation,
            scope=whole.scope,
            edition=whole.edition,
            edition_version=whole.edition_version,
            is_large=is_large,
            locked_at=whole.locked_at,
            frozen_at=whole.frozen_at,
            people=whole.people or "people who use services",
            about=title,
            levels=whole.levels,
            duties=tuple(_duty(duty, asked) for duty in duties),
            standards=tuple(
                _standard(standard)
                for standard in whole.standards
                if standard.code in bearing
            ),
        )
    )


def read_duties(frozen: dict[str, Any]) -> DutyEvidence:
    """Give a frozen export its types back."""
    return thaw(DutyEvidence, frozen)


def _chosen(sets: Sequence[DutySet], about: str) -> tuple[str, tuple[DutyWords, ...]]:
    """Find a set by its name, or one duty by its code.

    Raises: KeyError, since nobody is offered another.
    """
    named = {each.name: each.duties for each in sets}
    single = {duty.code: (duty.title, (duty,)) for each in sets for duty in each.duties}
    return (about, named[about]) if about in named else single[about]


def _duty(duty: DutyWords, asked: set[str]) -> DutyEntry:
    return DutyEntry(
        code=duty.code,
        title=duty.title,
        body=duty.body,
        jurisdiction=duty.jurisdiction,
        applies_to=duty.applies_to,
        summary=duty.summary,
        status=duty.status,
        status_note=duty.status_note,
        source=duty.source,
        checked_on=duty.checked_on,
        checked_by=duty.checked_by,
        standards=tuple(code for code, _ in duty.standards if code in asked),
        not_asked=tuple(
            f"{code} {title}" for code, title in duty.standards if code not in asked
        ),
    )


def _standard(standard: StandardEntry) -> DutyStandard:
    return DutyStandard(
        code=standard.code,
        title=standard.title,
        statement=standard.statement,
        is_core=standard.is_core,
        state=standard.state,
        level=standard.level,
        level_word=standard.level_word,
        level_sentence=standard.level_sentence,
        not_applicable_because=standard.not_applicable_because,
        evidence=tuple(item for item in standard.evidence if item.is_public),
    )
