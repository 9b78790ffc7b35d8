"""Twenty people at once, with a real database between them."""

import pytest
from django.test import Client

from assessments.models import Response, ResponseRevision
from tests.at_once import all_at_once
from tests.factories import make_cast, make_member, the_response


PEOPLE = 20

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def team(edition):
    cast = make_cast()
    people = [
        make_member(cast.riverside, "contributor", f"Person {n}") for n in range(PEOPLE)
    ]
    return cast, people


def save(person, response, reason):
    """Save through the page, as the browser does, from what it was shown: version 0."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    standard = response.standard
    address = response.assessment.question_address(
        standard.principle.slug, standard.position
    )

    def task():
        return client.post(address, {"version": "0", "choice": "2", "reason": reason})

    return task


def test_twenty_people_save_different_standards(team):
    cast, people = team
    responses = list(
        Response.objects.of(cast.assessment)
        .select_related("standard__principle", "assessment__organisation")
        .order_by("pk")[:PEOPLE]
    )

    pages = all_at_once(
        [
            save(person, response, f"By {person.name}")
            for person, response in zip(people, responses, strict=True)
        ]
    )

    assert [page.status_code for page in pages] == [302] * PEOPLE
    for person, response in zip(people, responses, strict=True):
        response.refresh_from_db()
        assert (response.reason, response.version) == (f"By {person.name}", 1)


def test_twenty_people_save_the_same_standard(team):
    cast, people = team
    response = the_response(cast.assessment)

    pages = all_at_once(
        [save(person, response, f"By {person.name}") for person in people]
    )

    statuses = sorted(page.status_code for page in pages)
    assert statuses == [302] + [409] * (PEOPLE - 1)
    response.refresh_from_db()
    assert response.version == 1
    revisions = ResponseRevision.objects.filter(response=response)
    assert revisions.count() == PEOPLE
    for person, page in zip(people, pages, strict=True):
        revision = revisions.get(saved_by=person)
        assert revision.reason == f"By {person.name}"
        was_first = page.status_code == 302
        assert revision.outcome == ("saved" if was_first else "rejected")
        assert (response.saved_by_id == person.pk) is was_first
        if not was_first:
            assert f"By {person.name}" in page.content.decode()
            assert response.reason in page.content.decode()
