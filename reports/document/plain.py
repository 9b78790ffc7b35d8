"""Say an assessment in plain words, for the people whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from organisations.models import Organisation

from .freezing import freeze, thaw
from .paper import Paper
from .plain_words import ANSWERS, NO_LEVEL, PARTS, STANDARDS
from .record import PrincipleEntry, ReportDocument, StandardEntry


@dataclass(frozen=True)
class PlainStandard:
    """One standard as one idea; `picture` names the drawing beside it."""

    says: str
    level: int | None
    answer: str
    picture: str


@dataclass(frozen=True)
class PlainGroup:
    """The standards of a part that have the same answer."""

    level: int | None
    answer: str
    standards: tuple[PlainStandard, ...]


@dataclass(frozen=True)
class PlainPart:
    """One principle; `picture` names the drawing of what it is about."""

    name: str
    about: str
    picture: str
    standards: tuple[PlainStandard, ...]

    @property
    def groups(self) -> tuple[PlainGroup, ...]:
        """Put the same answers together, the furthest first."""
        answers = {(s.level, s.answer) for s in self.standards}
        return tuple(
            PlainGroup(
                level, answer, tuple(s for s in self.standards if s.answer == answer)
            )
            for level, answer in sorted(answers, key=_place)
        )


def _place(kind: tuple[int | None, str]) -> int:
    level, answer = kind
    # An older paper may have said a level in other words.
    return 1 + list(NO_LEVEL.values()).index(answer) if level is None else -level


@dataclass(frozen=True)
class PlainSummary(Paper):
    """A short report for the people who were asked, or will be."""

    template: ClassVar[str] = "plain_summary"

    people: str
    has_promised: bool
    parts: tuple[PlainPart, ...]

    @property
    def title(self) -> str:
        return f"4Pi in plain words: {self.organisation}"

    @property
    def standards(self) -> int:
        return sum(len(part.standards) for part in self.parts)

    @property
    def unknown(self) -> int:
        """Count what we looked for and do not know yet."""
        return self._with_answer(NO_LEVEL["dont_know"])

    @property
    def unanswered(self) -> int:
        return self._with_answer(NO_LEVEL["unanswered"])

    @property
    def not_applicable(self) -> int:
        return self._with_answer(NO_LEVEL["not_applicable"])

    def _with_answer(self, answer: str) -> int:
        return sum(s.answer == answer for p in self.parts for s in p.standards)


def build_plain_summary(
    whole: ReportDocument, organisation: Organisation, *, is_large: bool
) -> dict[str, Any]:
    """Freeze in plain words what a full record says of each standard.

    Shape: what `json` can hold; `read_plain_summary` gives the dataclass back. Nothing
    that a person wrote of a standard is in it: no reason, no evidence, no dissent.
    """
    return freeze(plain_summary(whole, organisation, is_large=is_large))


def read_plain_summary(frozen: dict[str, Any]) -> PlainSummary:
    """Give a frozen summary its types back."""
    return thaw(PlainSummary, frozen)


def plain_summary(
    whole: ReportDocument, organisation: Organisation, *, is_large: bool
) -> PlainSummary:
    """Say a full record in plain words."""
    return PlainSummary(
        organisation=whole.organisation,
        scope=whole.scope,
        edition=whole.edition,
        edition_version=whole.edition_version,
        is_large=is_large,
        locked_at=whole.locked_at,
        frozen_at=whole.frozen_at,
        people=whole.people or "people who use services",
        has_promised=organisation.has_commitment(),
        parts=tuple(_part(each) for each in whole.principles),
    )


def _part(principle: PrincipleEntry) -> PlainPart:
    # An edition may have a principle of which we have no words; it has its own.
    name, about = PARTS.get(principle.code, (principle.name, principle.gloss))
    return PlainPart(
        name=name,
        about=about,
        picture=PICTURES.get(principle.code, "paper"),
        standards=tuple(_standard(each) for each in principle.standards),
    )


PICTURES = {
    "PR": "principles",
    "PU": "purpose",
    "PS": "presence",
    "PC": "process",
    "IM": "impact",
}
PICTURES_WITHOUT_LEVEL = {
    "dont_know": "unknown",
    "unanswered": "no_answer",
    "not_applicable": "not_here",
}


def _standard(standard: StandardEntry) -> PlainStandard:
    says = STANDARDS.get(standard.code, f"{standard.title}.")
    if standard.level is None:
        return PlainStandard(
            says,
            None,
            NO_LEVEL[standard.state],
            PICTURES_WITHOUT_LEVEL[standard.state],
        )
    answer, picture = ANSWERS[standard.level], f"level_{standard.level}"
    return PlainStandard(says, standard.level, answer, picture)
