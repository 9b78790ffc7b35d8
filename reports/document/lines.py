"""What the shorter documents take of a full record, line by line."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import ceil

from .record import PrincipleEntry, StandardEntry
from .text import direction


# The letters of a line across a sheet.
LINE = 85


@dataclass(frozen=True)
class PrincipleLine:
    """One principle in figures; `mean` as in the full record."""

    code: str
    name: str
    gloss: str
    mean: str | None
    in_place: int
    applicable: int
    without_level: int
    not_applicable: int

    @property
    def level(self) -> Decimal | None:
        return None if self.mean is None else Decimal(self.mean)


@dataclass(frozen=True)
class StandardLine:
    """One standard with its level; `reason` is cut short where `is_cut` says so."""

    code: str
    title: str
    level: int
    level_word: str
    level_sentence: str
    reason: str
    is_cut: bool

    @property
    def reason_direction(self) -> str:
        return direction(self.reason)

    @property
    def is_right_to_left(self) -> bool:
        return self.reason_direction == "rtl"


@dataclass(frozen=True)
class Extremes:
    """The few at one end, and how many more are at the level of the last of them."""

    lines: tuple[StandardLine, ...]
    more: int


def principle_line(principle: PrincipleEntry) -> PrincipleLine:
    return PrincipleLine(
        code=principle.code,
        name=principle.name,
        gloss=principle.gloss,
        mean=principle.mean,
        in_place=principle.in_place,
        applicable=principle.applicable,
        without_level=principle.without_level,
        not_applicable=principle.not_applicable,
    )


def strongest_and_weakest(
    standards: Sequence[StandardEntry], *, most: int, letters: int
) -> tuple[Extremes, Extremes]:
    """Find the standards with the highest and the lowest levels.

    Shape: at most so many of each, core standards first among equals; what is weakest
    is below all that is strongest, and where all are at one level there is neither.
    """
    by_level: dict[int, list[StandardEntry]] = defaultdict(list)
    for standard in sorted(standards, key=lambda s: not s.is_core):
        if standard.level is not None:
            by_level[standard.level].append(standard)
    levels = sorted(by_level)
    high = [(level, s) for level in reversed(levels[1:]) for s in by_level[level]]
    lowest = min((level for level, _ in high[:most]), default=0)
    low = [(level, s) for level in levels for s in by_level[level] if level < lowest]
    return _extremes(high, most, letters), _extremes(low, most, letters)


def shortened(text: str, letters: int) -> tuple[str, bool]:
    """Cut a text at a word, and say whether anything is missing.

    Shape: one line; a cut text ends in an ellipsis and is never longer than asked; a
    wide letter takes the room of almost two.
    """
    line = " ".join(text.split())
    ends = list(accumulate(map(_width, line)))
    if not ends or ends[-1] <= letters:
        return line, False
    kept = line[: bisect_right(ends, letters - 1)]
    # A word as long as the room is cut within, since there is no better place.
    words = kept.rpartition(" ")[0] or kept
    return f"{words}…", True


def lines_of(*texts: str) -> int:
    """Guess how many lines some texts fill on a sheet, each on lines of its own."""
    return sum(ceil(sum(map(_width, text)) / LINE) for text in texts)


def _width(letter: str) -> float:
    is_wide = unicodedata.east_asian_width(letter) in "WF" or letter in "mwMW@%"
    return 1.8 if is_wide else 1


def _extremes(
    standards: Sequence[tuple[int, StandardEntry]], most: int, letters: int
) -> Extremes:
    shown, rest = standards[:most], standards[most:]
    more = sum(level == shown[-1][0] for level, _ in rest)
    return Extremes(tuple(_line(s, level, letters) for level, s in shown), more)


def _line(standard: StandardEntry, level: int, letters: int) -> StandardLine:
    reason, is_cut = shortened(standard.reason, letters)
    return StandardLine(
        code=standard.code,
        title=standard.title,
        level=level,
        level_word=standard.level_word,
        level_sentence=standard.level_sentence,
        reason=reason,
        is_cut=is_cut,
    )
