"""Dates of a commitment, counted in months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.rules import first_due, months_after, next_due


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2026, 11, 23), 2, date(2027, 1, 23)),
        (date(2026, 5, 31), 9, date(2027, 2, 28)),
        (date(2027, 5, 31), 9, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 1, 31), -3, date(2026, 10, 31)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
    ],
)
def test_months_end_with_the_month(day, months, expected):
    assert months_after(day, months) == expected


def test_the_first_publication_is_due_sooner_than_the_next():
    assert first_due(date(2026, 11, 23)) == date(2027, 8, 23)
    assert next_due(date(2026, 11, 23)) == date(2028, 5, 23)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_counting_on_and_back_loses_at_most_the_end_of_a_month(day, months):
    there = months_after(day, months)

    assert (there.year - day.year) * 12 + there.month - day.month == months
    assert 0 <= (day - months_after(there, -months)).days <= 3
