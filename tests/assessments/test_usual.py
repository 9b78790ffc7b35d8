"""What is usual for a kind of organisation, offered and never decided."""

import pytest

from assessments.queries.usual import is_often_left_out, usual_first
from standards.queries import Link


CODES = ("CQC-LA", "TOC", "NG44", "WIP-2", "CARE-1", "REG9", "CQC-LIP", "PSED")


def links(*codes):
    return [Link(f"Duty {code}", f"/standards/duties/{code}/") for code in codes]


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("nhs_trust", ("REG9", "CQC-LIP", "TOC")),
        ("commissioner", ("WIP-2", "PSED", "NG44")),
        ("council", ("CARE-1", "CQC-LA", "PSED", "NG44")),
        ("care_charity", ("REG9", "CQC-LIP", "NG44")),
        ("other_charity", ("NG44", "PSED")),
        ("user_led", ("NG44",)),
        ("other", ("PSED",)),
        ("", ()),
    ],
)
def test_duties_of_a_kind_come_first_and_none_is_left_out(kind, first):
    rest = [code for code in CODES if code not in first]

    assert usual_first(links(*CODES), kind) == tuple(links(*first, *rest))


def test_what_often_does_not_apply_depends_on_the_kind():
    assert is_often_left_out("PS6", "user_led")
    assert is_often_left_out("IM2", "commissioner")
    assert not is_often_left_out("PS6", "council")
    assert not is_often_left_out("PR1", "user_led")
