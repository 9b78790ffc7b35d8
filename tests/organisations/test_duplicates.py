"""Which names and numbers are taken for the same organisation."""

import time

import pytest

from organisations.models import Organisation, SignUp
from organisations.queries import possible_duplicates, sign_up_duplicates
from tests.factories import NOW, make_draft, make_organisation, make_sign_up


pytestmark = pytest.mark.django_db


def register(name, **overrides):
    fields = {
        "name": name,
        "stage": "signed_up",
        "signed_up_on": NOW.date(),
        "stage_since": NOW.date(),
        "due_on": NOW.date(),
    }
    return make_organisation(f"o{Organisation.objects.count()}", **fields | overrides)


def names(name, **numbers):
    return [each.name for each in possible_duplicates(name=name, **numbers)]


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ("Riverside Support", "riverside  SUPPORT"),
        ("Riverside Support", "The Riverside Support Charity Ltd"),
        ("Riverside Support", "Riverside Suport"),
        ("Riverside Support", "Support Riverside"),
        ("Kent and Medway NHS Trust", "Kent & Medway"),
        ("Kent and Medway NHS and Social Care Partnership Trust", "Kent and Medway"),
        ("Ŷnys Môn Mind", "Ynys Mon Mind"),
        ("St Mary's House", "St Marys House"),
        ("Mind", "MIND"),
        ("The Foundation Trust", "Foundation Trust"),
        ("Harbour", "Harbor"),
        ("Øresund Group", "oresund"),
    ],
)
def test_alike(there, typed):
    register(there)

    assert names(typed) == [there]


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ("Riverside Support", "Hillside Support"),
        ("Kent County Council", "Kent Mind"),
        ("The Foundation Trust", "The Riverside Trust"),
        ("Leeds Mind", "Bristol Mind"),
        ("Riverside Support", "%"),
        ("Riverside Support", "_" * 9),
        ("Riverside Support", "' OR 1=1"),
        ("Riverside Support", ""),
    ],
)
def test_not_alike(there, typed):
    register(there)

    assert names(typed) == []


def test_same_number_is_enough_and_comes_first():
    register("Meadow Trust")
    register("Hill Trust", ods_code="RXY")
    register("Vale Group", charity_number="SC012345")

    assert names("Meadow", ods_code="rxy") == ["Hill Trust", "Meadow Trust"]
    assert names("Nothing", charity_number="sc012345") == ["Vale Group"]
    assert names("Nothing") == []


def test_only_what_is_public_is_shown():
    make_organisation("meadow", name="Meadow Trust")
    other = register("Meadow House")
    Organisation.objects.filter(pk=register("Meadow Trusts").pk).update(
        status="merged", merged_into=other, paused_at=NOW
    )
    make_sign_up(name="Meadow Trust")

    assert names("Meadow Trust") == []


def test_stewards_see_others_that_wait():
    sign_up = make_sign_up(name="Meadow Trust")
    other = make_sign_up(name="The Meadow NHS Trust", area="Surrey")
    make_draft(name="Meadow Trust")
    make_sign_up(name="Hill Trust")
    SignUp.objects.filter(pk=make_sign_up(name="Meadow Trust").pk).update(
        state="withdrawn"
    )

    (found,) = sign_up_duplicates(sign_up)

    assert (found.name, found.area) == ("The Meadow NHS Trust", "Surrey")
    assert found.public_id == other.public_id


def test_five_at_most_in_one_query(django_assert_num_queries):
    for n in range(9):
        register(f"Meadow House {n}")

    with django_assert_num_queries(1):
        found = names("Meadow House")

    assert len(found) == 5


@pytest.mark.slow
def test_two_thousand_are_looked_through_in_one_query(django_assert_num_queries):
    """All of them share a word with what is typed: the worst there can be."""
    Organisation.objects.bulk_create(
        Organisation(
            slug=f"many-{n}",
            name=f"Meadow number {n} of the towns and villages of Kent",
            kind="council",
            stage="signed_up",
            signed_up_on=NOW.date(),
            stage_since=NOW.date(),
            due_on=NOW.date(),
        )
        for n in range(2000)
    )

    with django_assert_num_queries(1):
        began = time.monotonic()
        found = names("Meadow and some other words of Kent")
        took = time.monotonic() - began

    assert len(found) <= 5
    # A hundred times what it takes: a search of every pair would be over it.
    assert took < 10
