"""Freeze an assessment into two pages for a board, and read them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from organisations.content import COMMITMENT
from organisations.models import Milestone, Organisation

from .freezing import freeze, thaw
from .lines import (
    Extremes,
    PrincipleLine,
    lines_of,
    principle_line,
    strongest_and_weakest,
)
from .paper import Paper
from .record import LevelEntry, ReportDocument


# How much of each stands on two pages; the full record has all of it.
STANDARDS, REASON, MILESTONES, TO_FIND_OUT = 3, 120, 3, 6
# And where all of it is long.
REASON_IF_FULL, TO_FIND_OUT_IF_FULL = 50, 3
# How many lines its own words may fill on the first sheet at full size, at the size
# below, and with milestones; and all words on the second sheet, in both sizes.
ROOM, ROOM_IF_CROWDED, ROOM_WITH_MILESTONES = 4, 11, 14
ROOM_BELOW, ROOM_BELOW_IF_CROWDED = 37, 43


@dataclass(frozen=True)
class MilestoneLine:
    text: str
    due_on: date


@dataclass(frozen=True)
class Named:
    """A standard that has no level, by its code and title."""

    code: str
    title: str


@dataclass(frozen=True)
class BoardPaper(Paper):
    """The whole of one paper, with nothing left to look up."""

    template: ClassVar[str] = "board_paper"

    period_from: date | None
    period_until: date | None
    people: str
    signed_up_on: date | None
    until: date | None
    promise: tuple[str, ...]
    milestones: tuple[MilestoneLine, ...]
    more_milestones: int
    levels: tuple[LevelEntry, ...]
    principles: tuple[PrincipleLine, ...]
    standards: int
    in_place: int
    applicable: int
    not_applicable: int
    outside: int
    is_partial: bool
    strongest: Extremes
    weakest: Extremes
    to_find_out: tuple[Named, ...]
    more_to_find_out: int
    unanswered: int
    levelled: int
    without_evidence: int
    asks: tuple[str, ...]
    # At level 0 there is nothing that evidence could show.
    above_nought: int = 0

    @property
    def title(self) -> str:
        return f"4Pi board paper: {self.organisation}"

    @property
    def size(self) -> str:
        """Name the classes that keep it on two pages; large print takes more."""
        if self.is_large:
            return "large"
        first = lines_of(self.organisation, self.scope, *self.milestone_texts)
        if first > ROOM_IF_CROWDED:
            return "crowded packed"
        is_full = first > ROOM or self.lines_below > ROOM_BELOW
        return "crowded" if is_full else ""

    @property
    def lines_below(self) -> int:
        """Guess what fills the second sheet besides its headings."""
        ends = (self.strongest, self.weakest)
        standards = [line for end in ends for line in end.lines]
        # Before a sentence stands its level, and after a reason where the rest is.
        said = [f"{s.level_word} {s.level_sentence} {' ' * 20}" for s in standards]
        reasons = [f"{s.reason} {' ' * 20}" for s in standards if s.reason]
        titles = [f"{s.code} {s.title}" for s in standards]
        unknown = [f"{' ' * 40}{'; '.join(self.unknown_names)}"] * bool(
            self.to_find_out
        )
        # Each is a line of its own, where there is one.
        counts = (self.unanswered, self.without_evidence, *(end.more for end in ends))
        # Below a reason that runs the other way.
        lines_apart = sum(s.is_cut and s.is_right_to_left for s in standards)
        return lines_of(*titles, *said, *reasons, *unknown, *self.asks) + sum(
            map(bool, counts), lines_apart
        )

    @property
    def unknown_names(self) -> tuple[str, ...]:
        return tuple(f"{each.code} {each.title}" for each in self.to_find_out)

    @property
    def milestone_texts(self) -> tuple[str, ...]:
        return tuple(each.text for each in self.milestones)


def build_board_paper(
    whole: ReportDocument,
    organisation: Organisation,
    milestones: Sequence[Milestone],
    *,
    is_large: bool,
) -> dict[str, Any]:
    """Freeze what a board needs of a full record, and what it promised before.

    Shape: what `json` can hold; `read_board_paper` gives the dataclass back.
    """
    paper = _board_paper(whole, organisation, milestones, is_large=is_large)
    if not is_large and paper.lines_below > ROOM_BELOW_IF_CROWDED:
        paper = _with_less_below(paper, whole)
    return freeze(paper)


def _board_paper(
    whole: ReportDocument,
    organisation: Organisation,
    milestones: Sequence[Milestone],
    *,
    is_large: bool,
) -> BoardPaper:
    has_commitment = organisation.has_commitment()
    strongest, weakest = strongest_and_weakest(
        whole.standards, most=STANDARDS, letters=REASON
    )
    levelled = [s for s in whole.standards if s.level is not None]
    shown = milestones[:MILESTONES]
    # Beside the longest names there is no room for any.
    while shown and _lines_above(whole, shown) > ROOM_WITH_MILESTONES:
        shown = shown[:-1]
    return BoardPaper(
        organisation=whole.organisation,
        scope=whole.scope,
        edition=whole.edition,
        edition_version=whole.edition_version,
        is_large=is_large,
        locked_at=whole.locked_at,
        frozen_at=whole.frozen_at,
        period_from=whole.period_from,
        period_until=whole.period_until,
        people=whole.people or "people who use services",
        signed_up_on=organisation.signed_up_on if has_commitment else None,
        until=organisation.due_on if has_commitment else None,
        promise=COMMITMENT,
        milestones=tuple(MilestoneLine(each.text, each.due_on) for each in shown),
        more_milestones=len(milestones) - len(shown),
        levels=whole.levels,
        principles=tuple(principle_line(each) for each in whole.principles),
        standards=len(whole.standards),
        in_place=whole.in_place,
        applicable=whole.applicable,
        not_applicable=len(whole.not_applicable),
        outside=len(whole.outside),
        is_partial=whole.is_partial,
        strongest=strongest,
        weakest=weakest,
        to_find_out=tuple(
            Named(s.code, s.title) for s in whole.dont_know[:TO_FIND_OUT]
        ),
        more_to_find_out=len(whole.dont_know[TO_FIND_OUT:]),
        unanswered=len(whole.unanswered),
        levelled=len(levelled),
        above_nought=sum(bool(s.level) for s in levelled),
        without_evidence=sum(bool(s.level and not s.evidence) for s in levelled),
        asks=tuple(_asks(whole, has_commitment=has_commitment)),
    )


def _lines_above(whole: ReportDocument, milestones: Sequence[Milestone]) -> int:
    texts = [each.text for each in milestones]
    return lines_of(whole.organisation, whole.scope, *texts)


def _with_less_below(paper: BoardPaper, whole: ReportDocument) -> BoardPaper:
    """Cut what people wrote shorter, so that two sheets hold the rest."""
    strongest, weakest = strongest_and_weakest(
        whole.standards, most=STANDARDS, letters=REASON_IF_FULL
    )
    named = paper.to_find_out[:TO_FIND_OUT_IF_FULL]
    return replace(
        paper,
        strongest=strongest,
        weakest=weakest,
        to_find_out=named,
        more_to_find_out=len(whole.dont_know) - len(named),
    )


def read_board_paper(frozen: dict[str, Any]) -> BoardPaper:
    """Give a frozen paper its types back."""
    return thaw(BoardPaper, frozen)


def _asks(whole: ReportDocument, *, has_commitment: bool) -> Iterator[str]:
    """Say what a board is asked to do, in the order in which it would."""
    people = whole.people or "people who use services"
    if not has_commitment:
        yield "Decide whether to make the 4Pi commitment."
    yield (
        "Talk about where most is still to do. Choose what to work on first, who leads "
        "it, and by when."
    )
    if whole.dont_know or whole.unanswered:
        yield "Name who finds out what we do not know yet, and by when."
    yield (
        f"Ask {people} and carers how they see it. Agree time and money for this, and "
        "fair pay for those who take part."
    )
    if whole.is_draft:
        yield "Say when our view can be locked. Until then it can still change."
    else:
        yield "Agree what we publish of this, with the parts that are hard to read."
