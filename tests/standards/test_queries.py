"""What the public pages are given, and at what price."""

from typing import Any

import pytest

from standards import queries
from standards.models import Duty, Edition, Principle, Standard


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ask", "price"),
    [
        (queries.edition_summary, 5),
        (lambda: queries.principle_page("process"), 9),
        (lambda: queries.principle_page("purpose"), 9),
        (queries.duty_families, 3),
        (lambda: queries.duty_page("REG9"), 3),
        (lambda: queries.duty_page("FYFVMH"), 3),
    ],
)
def test_a_page_costs_the_same_however_much_it_shows(
    ask: Any, price: int, edition: Edition, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(price):
        ask()


def test_the_summary_holds_the_whole_framework(edition: Edition) -> None:
    summary = queries.edition_summary()

    assert [p.name for p in summary.principles] == [
        "Principles", "Purpose", "Presence", "Process", "Impact",
    ]  # fmt: skip
    assert [len(p.standards) for p in summary.principles] == [6, 5, 6, 7, 6]
    assert [level.value for level in summary.levels] == [0, 1, 2, 3, 4]
    assert len(summary.domains) == 4


def test_the_questions_stand_in_the_order_of_the_audiences(edition: Edition) -> None:
    standards = queries.principle_page("principles").standards

    assert [q.audience for q in standards[1].questions] == [
        "People who use services",
        "Carers, family and friends",
        "Staff",
        "People, about their own care",
    ]
    assert len(standards[0].questions) == 3


def test_the_last_principle_has_none_after_it(edition: Edition) -> None:
    following = queries.principle_page("process").following

    assert following
    assert following.address == "/standards/impact/"
    assert queries.principle_page("impact").following is None


def test_each_family_of_duties_stands_once(edition: Edition) -> None:
    families = queries.duty_families()

    names = [family.name for family in families]
    assert len(names) == len(set(names))
    assert sum(len(family.duties) for family in families) == 65


def test_what_is_not_there_is_said(edition: Edition) -> None:
    with pytest.raises(Principle.DoesNotExist):
        queries.principle_page("nowhere")
    with pytest.raises(Duty.DoesNotExist):
        queries.duty_page("NOWHERE")


def test_a_standard_links_to_its_place_on_the_page(edition: Edition) -> None:
    page = queries.duty_page("REG20")

    assert [link.address for link in page.standards] == [
        Standard.objects.get(edition=edition, code=code).get_absolute_url()
        for code in ("PR6", "PC7")
    ]
    assert page.standards[0].address == "/standards/principles/#PR6"
