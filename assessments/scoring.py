"""The arithmetic of levels. Pure: dataclasses in, dataclasses out, no framework.

There is no overall mark, on purpose: five principles, never one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


IN_PLACE = 3

# Above these an assessment is called partial: docs/scoring.md.
NOT_APPLICABLE_IN_A_PRINCIPLE = 2
NOT_APPLICABLE_IN_ALL = 6


@dataclass(frozen=True)
class ScoredResponse:
    """One standard's part in the sum: a level, or why there is none."""

    level: int | None
    applies: bool = True


@dataclass(frozen=True)
class PrincipleScore:
    """What a principle's responses come to.

    `applicable` is every standard but those that do not apply; `answered` those
    with a level. "Don't know yet" counts as unanswered, never as low.
    """

    mean: Decimal | None
    answered: int
    applicable: int
    in_place: int
    not_applicable: int


@dataclass(frozen=True)
class LeftOut:
    """How many standards do not apply, for each principle."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def is_partial(self) -> bool:
        """Say whether so much is left out that the rest is only a part."""
        return self.total > NOT_APPLICABLE_IN_ALL or any(
            count > NOT_APPLICABLE_IN_A_PRINCIPLE for count in self.counts
        )


def score_principle(responses: Sequence[ScoredResponse]) -> PrincipleScore:
    """Combine a principle's responses into one score.

    Shape: any order; no level at all gives `mean=None`, never 0.
    Unit: levels, 0 to 4, the mean rounded half up to one decimal.
    Source: docs/scoring.md.
    """
    levels = [r.level for r in responses if r.applies and r.level is not None]
    return PrincipleScore(
        mean=_rounded_mean(levels),
        answered=len(levels),
        applicable=sum(r.applies for r in responses),
        in_place=sum(level >= IN_PLACE for level in levels),
        not_applicable=sum(not r.applies for r in responses),
    )


def _rounded_mean(levels: Sequence[int]) -> Decimal | None:
    if not levels:
        return None
    # Decimal keeps 28 digits, so the quotient of two small integers never falls
    # on the wrong side of a half.
    mean = Decimal(sum(levels)) / len(levels)
    return mean.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
