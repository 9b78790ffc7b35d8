"""The arithmetic, by tables of examples."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import ScoredResponse, score_principle


def scored(*levels):
    """Make responses: a number is a level, None is unanswered, "-" does not apply."""
    return [
        ScoredResponse(level=None, applies=False)
        if level == "-"
        else ScoredResponse(level=level)
        for level in levels
    ]


@pytest.mark.parametrize(
    ("levels", "mean", "answered", "applicable", "in_place"),
    [
        ((), None, 0, 0, 0),
        ((None, None), None, 0, 2, 0),
        (("-", "-"), None, 0, 0, 0),
        ((0, 0, 0), "0.0", 3, 3, 0),
        ((4, 4), "4.0", 2, 2, 2),
        ((3, 2), "2.5", 2, 2, 1),
        ((0, 1, None), "0.5", 2, 3, 0),
        ((4, "-", None), "4.0", 1, 2, 1),
        ((1, 1, 2), "1.3", 3, 3, 0),
        ((1, 2, 2), "1.7", 3, 3, 0),
        # A quarter and three quarters lie on a half of the first decimal.
        ((1, 1, 1, 2), "1.3", 4, 4, 0),
        ((2, 3, 3, 3), "2.8", 4, 4, 3),
    ],
)
def test_score_principle(levels, mean, answered, applicable, in_place):
    score = score_principle(scored(*levels))

    assert score.mean == (None if mean is None else Decimal(mean))
    assert (score.answered, score.applicable, score.in_place) == (
        answered,
        applicable,
        in_place,
    )


@given(st.lists(st.integers(0, 4), min_size=1, max_size=7))
def test_mean_is_the_exact_mean_rounded_half_up(levels):
    exact = Fraction(sum(levels), len(levels))

    mean = score_principle(scored(*levels)).mean

    assert Fraction(mean) == Fraction(int(exact * 10 + Fraction(1, 2)), 10)


@given(st.lists(st.sampled_from([0, 1, 2, 3, 4, None, "-"]), max_size=7))
def test_order_does_not_matter(levels):
    assert score_principle(scored(*levels)) == score_principle(
        scored(*reversed(levels))
    )
