"""Twenty people at once, with a real database between them."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from assessments.models import Draft, RatingRound, Response, ResponseRevision
from assessments.operations import ask_for_ratings, rate
from assessments.queries import rating_of
from assessments.queries.my_data import my_writing
from tests.at_once import all_at_once
from tests.factories import NOW, make_cast, make_member, the_response


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


def editor(person, response):
    """Open the question as somebody; return how she saves, and how she drafts."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    standard = response.standard
    address = response.assessment.question_address(
        standard.principle.slug, standard.position
    )

    def send(reason, version, **more):
        fields = {"choice": "2", "reason": reason, "writing": str(uuid4())}
        return client.post(address, fields | {"version": version} | more)

    return send


@pytest.mark.parametrize("saves", [2, pytest.param(100, marks=pytest.mark.clock)])
def test_nobody_meets_a_conflict_on_a_standard_of_her_own(team, saves):
    cast, people = team
    responses = list(
        Response.objects.of(cast.assessment)
        .select_related("standard__principle", "assessment__organisation")
        .order_by("pk")[:PEOPLE]
    )

    def work(person, response):
        send = editor(person, response)

        def task():
            done = []
            for n in range(saves):
                words, writing = f"{person.name}, {n}", str(uuid4())
                draft = {"draft": "yes", "turn": "1", "writing": writing}
                # As the page does: on SQLite one of twenty may wait in vain.
                tries = (send(words, n, **draft).status_code for _ in range(3))
                done.append(next(status for status in tries if status < 500))
                done.append(send(words, n, writing=writing).status_code)
            return done

        return task

    statuses = all_at_once([work(p, r) for p, r in zip(people, responses, strict=True)])

    assert statuses == [[200, 302] * saves] * PEOPLE
    assert not Draft.objects.exclude(typed="").exists()
    for person, response in zip(people, responses, strict=True):
        response.refresh_from_db()
        said = [f"{person.name}, {n}" for n in range(saves)]
        assert (response.version, response.reason) == (saves, said[-1])
        revisions = response.revisions.filter(saved_by=person, outcome="saved")
        kept = revisions.order_by("version").values_list("version", "reason")
        assert list(kept) == list(enumerate(said, start=1))


@pytest.mark.parametrize(
    ("count", "saves"), [(6, 3), pytest.param(PEOPLE, 50, marks=pytest.mark.clock)]
)
def test_every_text_of_a_standard_that_all_answer_is_kept(team, count, saves):
    cast, people = team
    people = people[:count]
    response = the_response(cast.assessment)

    def work(person):
        send = editor(person, response)

        def task():
            version, accepted = 0, []
            for n in range(saves):
                page = send(f"{person.name}, {n}", version)
                assert page.status_code in {302, 409}, page.status_code
                if page.status_code == 302:
                    accepted.append(f"{person.name}, {n}")
                    version += 1  # Until somebody else is first, that is right.
                else:
                    text = page.content.decode()
                    assert f"{person.name}, {n}" in text
                    version = int(re.search(r'name="version" value="(\d+)"', text)[1])
            return accepted

        return task

    accepted = all_at_once([work(person) for person in people])

    response.refresh_from_db()
    assert response.version == sum(map(len, accepted))
    saved = ResponseRevision.objects.filter(response=response, outcome="saved")
    versions = saved.order_by("version").values_list("version", flat=True)
    assert list(versions) == list(range(1, response.version + 1))
    assert response.reason == saved.order_by("version").last().reason
    for person, hers in zip(people, accepted, strict=True):
        tried = my_writing(person)["all that you saved or tried to save"]
        texts = {row["reason"]: row["outcome"] for row in tried}
        assert texts == {
            f"{person.name}, {n}": "saved"
            if f"{person.name}, {n}" in hers
            else "rejected"
            for n in range(saves)
        }


def test_two_last_own_levels_show_how_they_spread_once(edition):
    cast = make_cast()
    ask_for_ratings(
        assessment=cast.assessment,
        principles=["principles"],
        people=[cast.lead, cast.co_lead],
        by=cast.lead,
        at=NOW,
    )

    def say(person, level):
        rating = rating_of(the_response(cast.assessment), person)
        return lambda: rate(rating=rating, level=level, by=person, at=NOW)

    last = all_at_once([say(cast.lead, 1), say(cast.co_lead, 4)])

    assert sorted(last) == [False, True]
    shown = RatingRound.objects.get(shown_at__isnull=False)
    assert sorted(shown.ratings.values_list("level", flat=True)) == [1, 4]
