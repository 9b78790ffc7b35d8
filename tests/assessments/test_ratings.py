"""Own levels: nobody sees another's before all have one, and then nobody's name."""

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Dissent, Rating, RatingRound, Response
from assessments.operations import (
    answer,
    ask_for_ratings,
    note_dissent,
    rate,
    show_ratings,
)
from assessments.queries import assessment_record, rating_of
from assessments.queries.my_data import my_writing
from assessments.rules import NotAllowed, NotAskedNow
from organisations.models import AuditEvent
from organisations.operations import ask_for_access, grant_access
from reports.document import build_document
from tests.factories import NOW, Cast, content, make_cast, the_response
from tests.made_once import made_once


pytestmark = pytest.mark.django_db

# What each showing of a page has anew.
EACH_TIME = re.compile(r'name="(csrfmiddlewaretoken|author|writing)" value="[^"]+"')


@dataclass(frozen=True)
class World:
    cast: Cast
    address: str


def ask(cast, *people, principles=("principles",)):
    ask_for_ratings(
        assessment=cast.assessment,
        principles=principles,
        people=people or [cast.lead, cast.co_lead, cast.contributor],
        by=cast.lead,
        at=NOW,
    )


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Three are asked; a steward may read our view."""
    with made_once(django_db_blocker):
        cast = make_cast()
        response = the_response(cast.assessment)
        answer(response=response, content=content(), version=0, by=cast.lead, at=NOW)
        ask(cast)
        asked = ask_for_access(
            organisation=cast.riverside, reason="They asked.", by=cast.steward, at=NOW
        )
        grant_access(grant=asked, by=cast.lead, at=NOW)
        yield World(cast, cast.assessment.question_address("principles", 1))


@pytest.fixture
def world(made, db) -> World:
    return deepcopy(made)


@pytest.fixture
def cast(world):
    return world.cast


def say(cast, who, level, code="PR1"):
    response = the_response(cast.assessment, code)
    rating = rating_of(response, who)
    return rate(rating=rating, level=level, by=who, at=NOW)


def browser_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def own_address(cast, position=1):
    return cast.assessment.own_level_address("principles", position)


def test_lead_asks_and_each_says_their_own_in_one_go(world, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    asha, tom = browser_of(cast.lead), browser_of(cast.contributor)
    page = reverse(
        "assessments:own_levels", args=["riverside", cast.assessment.public_id]
    )
    everybody = [str(who.public_id) for who in (cast.lead, cast.contributor)]

    shown = asha.get(page)
    alone = asha.post(page, {"people": everybody[0], "principles": "purpose"})
    again = asha.post(page, {"people": everybody, "principles": "principles"})
    done = asha.post(
        page, {"people": everybody, "principles": ["principles", "purpose"]}
    )

    assert "Leila Viewer" not in words(shown)
    assert "PR1 Values worked out together: 0 of 3 have one." in words(shown)
    assert "Ask at least two people" in words(alone)
    assert "being asked about all of these already" in words(again)
    assert done.url == page
    assert RatingRound.objects.count() == 11
    assert AuditEvent.objects.filter(verb="asked_each").latest("pk").details == {
        "assessment": str(cast.assessment.public_id),
        "standards": 5,
        "people": 2,
    }

    overview = words(tom.get(cast.assessment.get_absolute_url()))
    assert "You are asked for your own level of 11 standards first." in overview
    assert "11 to go" in words(tom.get(own_address(cast)))
    wrong = tom.post(own_address(cast), {})
    saved = tom.post(own_address(cast), {"level": "cannot_say"})
    assert "Choose a level, or" in words(wrong)
    assert saved.url == own_address(cast, 2)
    assert "Your own level of PR1 saved at " in words(tom.get(saved.url))
    rating = Rating.objects.get(person=cast.contributor, rated_at__isnull=False)
    assert (rating.level, rating.rated_at) == (None, NOW)
    question = words(tom.get(world.address))
    assert "1 of them has one" in question
    assert "Change your own level" in question
    assert "What we say together" in question
    # The viewer was not asked, and neither was the lead about what she gave already.
    assert browser_of(cast.viewer).get(own_address(cast)).status_code == 403


PEOPLE = ("co_lead", "contributor", "viewer", "steward")


def test_no_page_is_different_for_what_another_chose(world, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    say(cast, cast.lead, 4)
    say(cast, cast.co_lead, 1)
    place = ["riverside", cast.assessment.public_id]
    pages = [
        reverse(f"assessments:{name}", args=place)
        for name in ("overview", "quality", "evidence", "evidence_csv", "own_levels")
    ]
    pages += [
        world.address,
        own_address(cast),
        cast.assessment.history_address("principles", 1),
        cast.assessment.principle_address("principles"),
        reverse("access", args=["riverside"]),
    ]
    browsers = {who: browser_of(getattr(cast, who)) for who in PEOPLE}

    def everything():
        return {
            (who, page): EACH_TIME.sub("", browser.get(page).content.decode())
            for who, browser in browsers.items()
            for page in pages
        } | {who: str(my_writing(getattr(cast, who))) for who in PEOPLE}

    before = everything()
    say(cast, cast.lead, 0)
    after = everything()

    assert before == after
    assert "2 of them have one" in before["steward", world.address]
    events = AuditEvent.objects.filter(verb="rated")
    assert {str(sorted(event.details)) for event in events} == {
        "['assessment', 'standard']"
    }
    # The same comparison sees what is not kept from her.
    mine = [browser_of(cast.lead).get(own_address(cast)).content for _ in "12"]
    say(cast, cast.lead, 4)
    assert EACH_TIME.sub("", mine[0].decode()) == EACH_TIME.sub("", mine[1].decode())
    changed = browser_of(cast.lead).get(own_address(cast)).content.decode()
    assert EACH_TIME.sub("", changed) != EACH_TIME.sub("", mine[0].decode())


def test_the_spread_is_there_when_all_have_one_and_then_stays(world, cast):
    assert not say(cast, cast.lead, 3)
    assert not say(cast, cast.co_lead, 1)
    rating = rating_of(the_response(cast.assessment), cast.contributor)
    tom = browser_of(cast.contributor)
    assert "What each of you thought" not in words(tom.get(world.address))

    last = tom.post(own_address(cast), {"level": "3"}, follow=True)

    assert "All have one for PR1" in words(last)
    for who in ("lead", "viewer", "steward"):
        text = words(browser_of(getattr(cast, who)).get(world.address))
        assert "1 Early steps 1" in text
        assert "3 In place and felt 2" in text
        assert "0 Not started 0" in text
    assert "Nobody asks for your own level" in words(
        tom.get(own_address(cast), follow=True)
    )
    with pytest.raises(NotAskedNow):
        rate(rating=rating, level=0, by=cast.contributor, at=NOW)
    assert Rating.objects.get(pk=rating.pk).level == 3


def test_lead_waits_for_nobody_else_once_two_have_one(cast):
    asked = RatingRound.objects.get(response__standard__code="PR1")
    say(cast, cast.lead, 2)
    with pytest.raises(NotAllowed):
        show_ratings(asked=asked, by=cast.lead, at=NOW)
    say(cast, cast.co_lead, None)
    place = ["riverside", cast.assessment.public_id, asked.public_id]
    asha = browser_of(cast.lead)

    pages = [
        asha.post(reverse("assessments:show_own_levels", args=place), follow=True)
        for _ in "12"
    ]

    assert "PR1: its page shows how the levels spread." in words(pages[0])
    assert "Nobody is asked about this any more" in words(pages[1])
    assert asked.ratings.count() == 2
    text = words(asha.get(cast.assessment.question_address("principles", 1)))
    assert "Cannot say 1" in text
    # A new round begins anew, and shows nothing until it is whole.
    ask(cast)
    text = words(asha.get(cast.assessment.question_address("principles", 1)))
    assert "What each of you thought" not in text
    assert "0 of them have one" in text


def test_nobody_rates_for_another(cast):
    rating = rating_of(the_response(cast.assessment), cast.lead)

    with pytest.raises(NotAskedNow):
        rate(rating=rating, level=0, by=cast.contributor, at=NOW)

    assert Rating.objects.get(pk=rating.pk).rated_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(level=3)


def test_dissent_stays_beside_the_version_it_is_about(world, cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    place = ["riverside", cast.assessment.public_id, "principles", 1]
    address = reverse("assessments:dissent", args=place)
    tom = browser_of(cast.contributor)
    typed = {"version": "1", "dissent": "Two of us say 1: not by night."}

    assert 'name="version" value="1"' in tom.get(address).content.decode()
    for _ in "12":
        assert tom.post(address, typed).url == world.address
    assert "differently about PR1 saved at 12:00." in words(tom.get(world.address))
    response = the_response(cast.assessment)
    answer(response=response, content=content(level=3), version=1, by=cast.lead, at=NOW)
    late = tom.post(address, typed | {"dissent": "Typed too late"})

    assert "The answer was changed meanwhile." in words(late)
    assert "Typed too late</textarea>" in late.content.decode()
    noted = Dissent.objects.get()
    assert (noted.version, noted.noted_by) == (1, cast.contributor)
    record = assessment_record(cast.assessment)
    assert "not by night" in record.principles[0].standards[0].dissent
    assert "not by night" in str(build_document(record, at=NOW))
    for page in (world.address, cast.assessment.history_address("principles", 1)):
        assert "not by night" in words(browser_of(cast.viewer).get(page))
    assert AuditEvent.objects.get(verb="noted").details == {
        "assessment": str(cast.assessment.public_id),
        "standard": "PR1",
        "version": 1,
    }
    later = NOW + timedelta(hours=1)
    stands = the_response(cast.assessment)
    gone = note_dissent(
        response=stands, text="", version=2, by=cast.lead, at=later, seen=noted.pk
    )
    assert gone
    assert "not by night" not in words(tom.get(world.address))


def hidden(page):
    """Read from a page what it says of itself, as it sends it."""
    tags = re.findall(r'<input type="hidden"[^>]*>', page.content.decode())
    found = [dict(re.findall(r'(name|value)="([^"]*)"', tag)) for tag in tags]
    return {each["name"]: each.get("value", "") for each in found}


def test_dissent_of_a_colleague_is_never_overwritten(world, cast):
    place = ["riverside", cast.assessment.public_id, "principles", 1]
    address = reverse("assessments:dissent", args=place)
    tom, asha = browser_of(cast.contributor), browser_of(cast.lead)
    meeting = cast.assessment.meeting_address("principles", 1)
    first, shown = hidden(tom.get(address)), hidden(asha.get(address))
    before = hidden(asha.get(meeting))
    tom.post(address, first | {"dissent": "Tom: not by night."})

    page = asha.post(address, shown | {"dissent": "Asha: not at weekends."})

    assert page.status_code == 409
    assert "Tom: not by night." in words(page)
    assert "Asha: not at weekends.</textarea>" in page.content.decode()
    assert Dissent.objects.get().text == "Tom: not by night."
    # Whoever leaves now finds hers on the page of the question, and his stays.
    left = asha.get(world.address)
    assert "Asha: not at weekends.</textarea>" in left.content.decode()
    typed = {"choice": "2", "reason": "Most teams do."}
    again = asha.post(
        world.address, hidden(left) | typed | {"dissent": "Asha: not at weekends."}
    )
    assert again.status_code == 409
    joined = asha.post(address, hidden(again) | {"join": "yes", "dissent": "Hers."})
    assert "Nothing is saved yet." in words(joined)
    both = "Tom: not by night.\n\nHers."
    assert f"{both}</textarea>" in joined.content.decode()
    assert asha.post(address, hidden(joined) | {"dissent": both}).status_code == 302
    assert [each.text for each in Dissent.objects.order_by("pk")][1:] == [both]
    assert "not saved yet" not in words(asha.get(world.address))
    # A box that nobody touched changes nothing, however old its page is.
    saved = asha.post(meeting, before | typed | {"version": "1", "dissent": ""})
    assert saved.status_code == 302
    assert Dissent.objects.count() == 2


@pytest.mark.parametrize("where", ["dissent", "question"])
def test_dissent_typed_while_our_view_is_locked_is_kept(world, cast, where):
    place = ["riverside", cast.assessment.public_id, "principles", 1]
    there = reverse("assessments:dissent", args=place)
    there = there if where == "dissent" else world.address
    asha = browser_of(cast.lead)
    shown = hidden(asha.get(there)) | {"choice": "2", "reason": "Most teams do."}
    Response.objects.of(cast.assessment).update(is_locked=True)
    locked = {"status": "locked", "locked_at": NOW, "locked_by": cast.lead}
    Assessment.objects.filter(pk=cast.assessment.pk).update(**locked)

    asha.post(there, shown | {"dissent": "Typed as it was locked."})

    assert "Typed as it was locked." in words(asha.get(world.address))
    unlocked = {"status": "answering", "locked_at": None, "locked_by": None}
    Assessment.objects.filter(pk=cast.assessment.pk).update(**unlocked)
    Response.objects.of(cast.assessment).update(is_locked=False)
    text = asha.get(world.address).content.decode()
    assert "Typed as it was locked.</textarea>" in text
    assert not Dissent.objects.exists()
