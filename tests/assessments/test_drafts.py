"""What is typed and not saved: kept for its author, given back, thrown away."""

import re
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from assessments.models import Draft, Response, ResponseRevision
from assessments.operations import (
    EditConflict,
    answer,
    forget_drafts,
    keep_draft,
    lock,
    throw_away,
    throw_away_late,
)
from assessments.queries import being_written, unsaved
from assessments.queries.my_data import my_writing
from assessments.rules import Writing
from organisations.models import AuditEvent
from tests.factories import NOW, content, the_response
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

SAVED = "Draft saved at"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def address(cast):
    return cast.assessment.question_address("principles", 1)


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def clock_of(moment):
    return f"{localtime(moment):%H:%M}"


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())
    return found[1] if found else ""


def opened(client, address):
    """Open the question, and return what its form says of the page."""
    page = client.get(address)
    fields = ("author", "version", "writing", "follows")
    return {name: hidden(page, name) for name in fields}


def send(client, address, shown, turn=1, **typed):
    """Send a draft as the page's script does."""
    return client.post(address, shown | {"draft": "yes", "turn": turn} | typed)


def text(client, address):
    return client.get(address).content.decode()


def test_draft_is_for_its_author_alone_and_leaves_no_trace(cast, client, lead, address):
    said = send(lead, address, opened(lead, address), reason="Half a thou")

    assert said.json() == {
        "said": f"{SAVED} {clock_of(NOW)}. Only you see it until you save."
    }
    again = text(lead, address)
    assert "Half a thou" in again
    assert "not saved yet" in again
    assert "There is a problem" not in again
    client.force_login(cast.co_lead)
    for page in (
        address,
        cast.assessment.principle_address("principles"),
        cast.assessment.check_address("principles"),
        cast.assessment.get_absolute_url(),
    ):
        assert "Half a thou" not in text(client, page)
    assert the_response(cast.assessment).version == 0
    assert not ResponseRevision.objects.exists()
    assert not AuditEvent.objects.filter(verb="answered").exists()


def test_draft_cannot_be_read_in_the_database(lead, address):
    send(lead, address, opened(lead, address), reason="Half a thou")

    row = Draft.objects.get()
    assert "Half" not in row.typed
    assert "thou" not in row.typed


def test_half_typed_draft_comes_back_without_complaints(lead, address):
    typed = {
        "choice": "2",
        "evidence_1_note": "no title yet",
        "evidence_1_dated_on_month": "Mar",
        "evidence_1_link": "htt",
    }
    send(lead, address, opened(lead, address), reason="é" * 10_001, **typed)

    again = text(lead, address)

    assert "There is a problem" not in again
    for words in ("é" * 10_001, "no title yet", 'value="Mar"', 'value="htt"'):
        assert words in again


def test_save_clears_the_draft_and_what_arrives_late_is_not_new(cast, lead, address):
    shown = opened(lead, address)
    send(lead, address, shown, 1, reason="First words")
    lead.post(address, shown | {"choice": "2", "reason": "First words, and last"})
    send(lead, address, shown, 2, reason="First words, and")

    again = text(lead, address)

    assert "not saved yet" not in again
    assert the_response(cast.assessment).reason == "First words, and last"
    assert not Draft.objects.exclude(typed="").exists()
    assert Draft.objects.count() == 1


def test_draft_that_overtook_another_stays(lead, address):
    shown = opened(lead, address)
    send(lead, address, shown, 2, reason="The later words")
    send(lead, address, shown, 1, reason="The earlier")

    assert "The later words" in text(lead, address)
    assert Draft.objects.count() == 1


def test_page_that_gives_a_draft_back_takes_its_place(lead, address):
    send(lead, address, opened(lead, address), reason="On the phone")
    desk = opened(lead, address)

    send(lead, address, desk, reason="On the phone, and at the desk")

    assert Draft.objects.count() == 1
    assert "at the desk" in text(lead, address)


def test_two_windows_never_overwrite_each_other(lead, address, clock):
    one, other = opened(lead, address), opened(lead, address)
    send(lead, address, one, reason="In the first window")
    clock.shift(60)
    send(lead, address, other, reason="In the second window")

    again = text(lead, address)
    assert "In the first window" in again
    assert "In the second window</textarea>" in again
    # Either can be taken into the boxes, and the other stays beside them.
    now = opened(lead, address) | {"reason": "In the second window, at length"}
    taken = lead.post(address, now | {"use": one["writing"]}, follow=True)
    assert "In the first window</textarea>" in taken.content.decode()
    assert "In the second window, at length" in taken.content.decode()
    lead.post(address, other | {"reason": "In the second window"})
    assert "In the first window" in text(lead, address)


def test_window_that_goes_on_is_not_lost_to_one_that_saw_it_earlier(
    lead, address, clock
):
    phone = opened(lead, address)
    send(lead, address, phone, 1, reason="Begun on the phone")
    desk = opened(lead, address)
    clock.shift(60)
    send(lead, address, phone, 2, reason="Begun on the phone, ended there")
    clock.shift(60)
    send(lead, address, desk, 1, reason="Ended at the desk")

    again = text(lead, address)

    assert "Begun on the phone, ended there" in again
    assert "Ended at the desk" in again


def test_back_to_what_is_saved_takes_the_draft_away(lead, address):
    shown = opened(lead, address)
    send(lead, address, shown, 1, reason="A slip")

    said = send(lead, address, shown, 2, nothing="yes")

    assert said.json() == {"said": ""}
    assert "not saved yet" not in text(lead, address)


def test_draft_says_who_saved_meanwhile_and_save_shows_both(
    cast, client, lead, address
):
    shown = opened(lead, address)
    client.force_login(cast.contributor)
    client.post(address, opened(client, address) | {"reason": "Tom was first"})
    client.force_login(cast.lead)

    said = send(client, address, shown, reason="Asha goes on typing")

    sentence = (
        f"Tom saved this at {clock_of(NOW)}. "
        "Your words are safe; when you save, you will see both."
    )
    assert said.json() == {"said": sentence}
    assert sentence in text(client, address)
    back = opened(client, address)
    assert back["version"] == "0"
    page = client.post(address, back | {"reason": "Asha goes on typing"})
    assert page.status_code == 409
    both = page.content.decode()
    assert "Tom was first" in both
    assert "Asha goes on typing" in both
    assert not Draft.objects.exclude(typed="").exists()


def test_own_save_elsewhere_is_named_as_such(lead, address):
    shown = opened(lead, address)
    lead.post(address, opened(lead, address) | {"reason": "Saved over there"})

    said = send(lead, address, shown, reason="Typed here").json()["said"]

    assert said.startswith("You saved this in another window at ")


def test_draft_is_kept_when_our_view_is_locked_meanwhile(cast, lead, address):
    shown = opened(lead, address)
    for response in Response.objects.of(cast.assessment):
        loaded = the_response(cast.assessment, response.standard.code)
        dont_know = content(state="dont_know", level=None)
        answer(response=loaded, content=dont_know, version=0, by=cast.lead, at=NOW)
    send(lead, address, shown, reason="Begun")
    warned = text(lead, f"{cast.assessment.get_absolute_url()}lock/")
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    last = send(lead, address, shown, turn=2, reason="Too late, and not lost")
    said = last.json()["said"]

    assert "1 person has typed text that is not saved yet." in warned
    assert said.startswith("Our view is locked now.")
    again = text(lead, address)
    assert "Too late, and not lost" in again
    assert "Save and go to next question" not in again


def test_what_cannot_be_saved_yet_is_a_draft_without_any_script(lead, address):
    shown = opened(lead, address)

    page = lead.post(address, shown | {"choice": "7", "reason": "Still mine"})

    assert "There is a problem" in page.content.decode()
    assert "Still mine" in text(lead, address)
    went_on = {name: hidden(page, name) for name in ("writing", "follows", "version")}
    lead.post(address, went_on | {"choice": "1", "reason": "Still mine, mended"})
    assert "not saved yet" not in text(lead, address)
    assert not Draft.objects.exclude(typed="").exists()


def test_draft_after_the_session_ended_is_given_back_once(cast, lead, address):
    shown = opened(lead, address)
    lead.logout()

    page = send(lead, address, shown, reason="Typed while signed out")
    assert page.status_code == 302
    sign_in(lead, cast.lead, to=page.url)
    again = lead.get(address)
    assert "Typed while signed out" in again.content.decode()
    page = {n: hidden(again, n) for n in ("author", "version", "writing", "kept")}
    send(lead, address, page, reason="Typed while signed out, and on")

    words = text(lead, address)
    assert words.count("Typed while signed out") == 1
    assert "Typed while signed out, and on" in words


def test_page_whose_cookies_are_gone_says_so_and_keeps_the_words(cast, lead, address):
    shown = opened(lead, address)
    lead.cookies.clear()
    stranger = Client(enforce_csrf_checks=True)

    page = stranger.post(address, shown | {"reason": "Typed without cookies"})

    words = page.content.decode()
    assert page.status_code == 403
    assert "You are signed out</h1>" in words
    assert "We kept what you wrote" in words
    there = re.search(r'href="([^"]+)">Sign in again', words)[1]
    sign_in(lead, cast.lead, to=there)
    assert "Typed without cookies" in text(lead, address)


def test_throw_away_asks_first(cast, lead, address):
    send(lead, address, opened(lead, address), reason="Not worth it")
    there = re.search(r'href="([^"]+throw-away/[^"]+)"', text(lead, address))[1]

    asked = lead.get(there)
    assert "Not worth it" in asked.content.decode()
    assert "Not worth it" in text(lead, address)
    page = lead.post(there, {"thrown": hidden(asked, "thrown")}, follow=True)

    assert "What you typed is thrown away." in page.content.decode()
    assert "Not worth it" not in page.content.decode()
    assert lead.get(there).url == address


def test_what_was_typed_since_is_not_thrown_away(lead, address):
    shown = opened(lead, address)
    send(lead, address, shown, 1, reason="Shown when asked")
    there = f"{address}throw-away/"
    asked = lead.get(there)
    send(lead, address, shown, 2, reason="Typed since")

    lead.post(there, {"thrown": hidden(asked, "thrown")})

    assert "Typed since" in text(lead, address)


def test_nobody_throws_away_what_is_somebody_elses(cast):
    response, writing = the_response(cast.assessment), Writing(uuid4())
    turn = keep_draft(
        response=response, writing=writing, typed="reason=x", by=cast.lead, at=NOW
    )

    assert not throw_away(response=response, turn=turn, by=cast.co_lead)
    assert throw_away(response=response, turn=turn, by=cast.lead)


def late_texts(client, address):
    """Give why each text was not saved, as the page says it, and what it says."""
    told = r"level \d<br>(.*?)</p>\s*<div[^>]*><p>(.*?)</p>"
    return re.findall(told, text(client, address))


def test_late_text_says_why_and_only_its_author_throws_it_away(
    cast, lead, address, clock
):
    def say(words, version, by):
        told = content(reason=words)
        response = the_response(cast.assessment)
        answer(response=response, content=told, version=version, by=by, at=NOW)

    def too_late(words, version):
        with pytest.raises(EditConflict):
            say(words, version, cast.lead)

    say("Tom is first", 0, cast.contributor)
    too_late("After Tom", 0)
    with pytest.raises(EditConflict):
        say("Of the future", 7, cast.lead)
    Response.objects.update(is_locked=True)
    too_late("After the lock", 1)
    Response.objects.update(is_locked=False)
    say("Tom goes on", 1, cast.contributor)

    assert late_texts(lead, address) == [
        ("Our view was locked.", "After the lock"),
        ("Tom had saved this answer first.", "After Tom"),
    ]
    words = text(lead, address)
    assert "Texts of yours that were not saved" in words
    assert "Of the future" in words
    there = re.search(r'href="([^"]+writing=late-[^"]+)"', words)[1]
    asked = lead.get(there)
    assert "After the lock" in asked.content.decode()
    number = int(hidden(asked, "thrown").removeprefix("late-"))
    response = the_response(cast.assessment)
    for row, by in ((number, cast.co_lead), (version_row(1), cast.contributor)):
        assert not throw_away_late(response=response, number=row, by=by)
    other = Client()
    other.force_login(cast.co_lead)
    other.post(there, {"thrown": f"late-{number}"})
    other.force_login(cast.viewer)
    assert other.post(there, {"thrown": f"late-{number}"}).status_code == 403
    assert "After the lock" in text(lead, address)

    done = lead.post(there, {"thrown": f"late-{number}"}, follow=True)

    assert "What you typed is thrown away." in done.content.decode()
    assert late_texts(lead, address) == [
        ("Tom had saved this answer first.", "After Tom")
    ]
    assert lead.get(there).url == address


def test_own_save_elsewhere_is_named_beside_what_came_too_late(cast, lead, address):
    for words in ("Saved over there", "Typed here"):
        response = the_response(cast.assessment)
        with suppress(EditConflict):
            answer(
                response=response,
                content=content(reason=words),
                version=0,
                by=cast.lead,
                at=NOW,
            )

    why = "You had saved this answer in another window first."
    assert late_texts(lead, address) == [(why, "Typed here")]


def version_row(version):
    return ResponseRevision.objects.get(outcome="saved", version=version).pk


@pytest.mark.parametrize(
    "damage",
    [
        {"writing": "nothing of the kind"},
        {"writing": ""},
        {"reason": "x" * 400_001},
    ],
)
def test_damaged_draft_is_refused_and_breaks_nothing(lead, address, damage):
    page = send(lead, address, opened(lead, address), **damage)

    assert page.status_code == 400
    assert not Draft.objects.exists()


@pytest.mark.parametrize("damage", ["follows", "turn", "version"])
@pytest.mark.parametrize("words", ["", "-1", "9" * 30, "¼", "x y z"])
def test_damaged_number_loses_nothing(lead, address, damage, words):
    shown = opened(lead, address) | {"turn": "1", "draft": "yes", damage: words}

    page = lead.post(address, shown | {"reason": "Still here"})

    assert page.status_code == 200
    assert "Still here" in text(lead, address)


def test_viewer_cannot_keep_a_draft(cast, client, address):
    client.force_login(cast.viewer)

    page = send(client, address, {"writing": str(uuid4())}, reason="x")

    assert page.status_code == 403
    assert not Draft.objects.exists()


# Who is editing


def test_others_read_who_is_editing_for_ten_minutes(cast, client, lead, address, clock):
    send(lead, address, opened(lead, address), reason="Typing")
    client.force_login(cast.contributor)
    lists = cast.assessment.principle_address("principles")

    assert "Asha</span> is editing now." in text(client, address)
    clock.shift(timedelta(minutes=2))
    for page in (address, lists):
        words = text(client, page)
        assert "Asha</span> is editing, 2 minutes ago." in words
        assert "Save and go to next question" in text(client, address)
    clock.shift(timedelta(minutes=1))
    for page in (address, lists):
        assert "Asha</span> was editing 3 minutes ago." in text(client, page)
    clock.shift(timedelta(minutes=7))
    for page in (address, lists):
        words = text(client, page)
        assert "is editing" not in words
        assert "was editing" not in words


def test_author_reads_of_her_draft_in_the_list_and_not_that_she_is_editing(
    cast, lead, address
):
    send(lead, address, opened(lead, address), reason="Typing")

    words = text(lead, cast.assessment.principle_address("principles"))

    assert words.count("You typed something here that is not saved yet.") == 1
    assert "is editing" not in words
    assert "is editing" not in text(lead, address)


def test_nobody_is_editing_who_has_saved(cast, client, lead, address):
    shown = opened(lead, address)
    send(lead, address, shown, reason="Typing")
    lead.post(address, shown | {"reason": "Typing"})

    client.force_login(cast.contributor)

    assert "is editing" not in text(client, address)


def test_drafts_are_read_in_one_query_however_many(cast, django_assert_num_queries):
    response = the_response(cast.assessment)
    people = (cast.lead, cast.co_lead, cast.contributor)
    for person in people:
        for _ in range(5):
            keep_draft(
                response=response,
                writing=Writing(uuid4()),
                typed="reason=x",
                by=person,
                at=NOW,
            )

    with django_assert_num_queries(1):
        found = unsaved(response, cast.lead, NOW)
    with django_assert_num_queries(1):
        listed = being_written(cast.assessment, cast.lead, NOW)

    assert len(found.mine) == 5
    assert {e.name for e in found.editing} == {"Maureen", "Tom"}
    assert listed["PR1"].is_mine
    assert len(listed["PR1"].editing) == 2


def test_draft_costs_few_queries(cast, lead, address):
    shown = opened(lead, address)
    send(lead, address, shown, 1, reason="First")

    with CaptureQueriesContext(connection) as asked:
        send(lead, address, shown, 2, reason="Second")

    statements = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 8, statements


def test_draft_of_another_key_breaks_no_page(cast, lead, address, settings):
    send(lead, address, opened(lead, address), reason="Typing")
    settings.SECRET_KEY, before = "another key" * 5, settings.SECRET_KEY
    person = cast.lead

    assert unsaved(the_response(cast.assessment), person, NOW).mine == ()
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unsaved(the_response(cast.assessment), person, NOW).mine


def test_drafts_are_in_the_file_of_their_author(cast, lead, address):
    send(lead, address, opened(lead, address), reason="Half a thou")

    (mine,) = my_writing(cast.lead)["typed by you and not saved"]

    assert mine["typed"]["reason"] == ["Half a thou"]
    assert mine["standard_code"] == "PR1"
    assert my_writing(cast.co_lead)["typed by you and not saved"] == []


def test_drafts_go_with_the_account(cast, client, address):
    for person in (cast.contributor, cast.lead):
        client.force_login(person)
        send(client, address, opened(client, address), reason="Half a thou")

    forget_drafts(of=cast.contributor)

    assert Draft.objects.get().author == cast.lead


# What is saved is not called unsaved

UNSAVED = "not saved"
ANSWER = {"choice": "2", "reason": "Most teams do, since May"}


def drafts_of(page):
    return page.context["drafts"].mine


def test_saved_answer_is_not_called_unsaved_for_a_comment(
    cast, client, lead, address, clock
):
    overview = cast.assessment.get_absolute_url()
    lists = cast.assessment.principle_address("principles")
    comment = {"comment": "Ask the board", "tell": str(cast.co_lead.public_id)}
    lead.post(address, opened(lead, address) | ANSWER | comment)
    clock.shift(60)

    page = lead.get(address)
    words = page.content.decode()
    assert "not posted yet" in words
    assert UNSAVED not in words
    assert "Ask the board</textarea>" in words
    assert "since May</textarea>" in words
    (draft,) = drafts_of(page)
    assert (draft.reason, draft.choice, draft.is_comment) == ("", "", True)
    assert "Your comment here is not posted yet." in text(lead, lists)
    assert UNSAVED not in text(lead, lists)
    # Typed on, it is still no more than a comment; and saving brings it along.
    shown = opened(lead, address) | ANSWER | {"comment": "Ask the board first"}
    send(lead, address, shown)
    assert UNSAVED not in text(lead, address)
    client.force_login(cast.contributor)
    for there in (address, lists):
        assert "is editing" not in text(client, there)
    # Under an answer that somebody else saved meanwhile, it is over that answer.
    theirs = opened(client, address) | {"choice": "3", "reason": "All teams do"}
    client.post(address, theirs)
    client.force_login(cast.lead)
    words = text(client, address)
    assert "All teams do</textarea>" in words
    assert "Ask the board first</textarea>" in words
    assert "when you save, you will see both" not in words
    part = text(client, cast.assessment.one_page_address("principles"))
    assert "All teams do</textarea>" in part
    for response in Response.objects.of(cast.assessment).filter(version=0):
        loaded = the_response(cast.assessment, response.standard.code)
        dont_know = content(state="dont_know", level=None)
        answer(response=loaded, content=dont_know, version=0, by=cast.lead, at=NOW)
    assert "typed text that is not saved" not in text(client, f"{overview}lock/")
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)
    words = text(client, address)
    assert words.count("Ask the board first") == 1
    assert words.count("since May") == 0


@pytest.mark.parametrize("comment", ["", "Ask the board"])
def test_save_uses_up_what_it_holds(lead, address, clock, comment):
    """The draft that was given back went on elsewhere, after it was shown."""
    before = {"choice": "2", "reason": "Most teams do", "comment": comment}
    piece = {"evidence_1_note": "Minutes", "evidence_1_type": "document"}
    first = opened(lead, address)
    send(lead, address, first, 1, **before, **piece)
    back = opened(lead, address)
    clock.shift(60)
    send(lead, address, first, 2, **before, **piece)
    clock.shift(60)
    saved = ANSWER | {"comment": comment, "evidence_1_note": "Minutes of May"}
    saved["evidence_1_type"] = "document"
    send(lead, address, back, 1, **saved)
    assert lead.post(address, back | saved).status_code == 302
    # What was on its way is not new either.
    send(lead, address, first, 3, **before, **piece)

    page = lead.get(address)

    assert UNSAVED not in page.content.decode()
    assert [draft.comment for draft in drafts_of(page)] == [comment] * bool(comment)


@pytest.mark.parametrize(
    "more",
    [
        {"reason": "Most teams do, and the board"},
        {"choice": "3"},
        {"comment": "Ask Tom"},
        {"dissent": "Some do not"},
        {"evidence_1_note": "Our list"},
        {"evidence_1_note": "Minutes of May", "evidence_1_dated_on_day": "3"},
        {"not_applicable_because": "not_our_work"},
    ],
)
@pytest.mark.parametrize("is_late", [False, True])
def test_save_uses_up_nothing_that_it_does_not_hold(lead, address, more, is_late):
    kept = {"choice": "2", "reason": "Most teams do"} | more
    first, other = opened(lead, address), opened(lead, address)
    if not is_late:
        send(lead, address, first, **kept)
    saved = ANSWER | {"evidence_1_note": "Minutes of May"}
    lead.post(address, other | saved)
    if is_late:
        send(lead, address, first, **kept)

    (draft,) = drafts_of(lead.get(address))

    for name, words in more.items():
        assert draft.typed[name] == words


def test_change_of_what_is_saved_is_kept_though_it_says_less(lead, address):
    lead.post(address, opened(lead, address) | ANSWER)

    send(lead, address, opened(lead, address), choice="2", reason="Most teams do")

    page = lead.get(address)
    assert "Most teams do</textarea>" in page.content.decode()
    assert "not saved yet" in page.content.decode()


# Both texts


def conflict(cast, client, address, **mine):
    client.force_login(cast.lead)
    shown = opened(client, address)
    client.force_login(cast.contributor)
    theirs = {
        "reason": "Tom was first",
        "choice": "3",
        "evidence_1_title": "His minutes",
        "evidence_1_link": "https://riverside.example/minutes",
        "evidence_1_dated_on_day": "2",
        "evidence_1_dated_on_month": "1",
        "evidence_1_dated_on_year": "2026",
    }
    client.post(address, opened(client, address) | theirs)
    client.force_login(cast.lead)
    return client.post(address, shown | {"reason": "Asha came later"} | mine)


def fields_of(page):
    names = ("author", "version", "writing", "follows", "beside")
    return {name: hidden(page, name) for name in names}


def test_conflict_page_says_who_when_and_offers_three_ways(cast, client, address):
    page = conflict(cast, client, address)

    words = page.content.decode()
    assert page.status_code == 409
    assert "Tom Contributor changed this answer while you were writing." in words
    assert f"at {clock_of(NOW)} by Tom Contributor" in words
    for way in ("Keep mine", "Put both together", "Keep Tom&rsquo;s"):
        assert way in words
    assert "Asha came later</textarea>" in words


def test_both_texts_can_be_put_together_without_a_script(cast, client, address):
    mine = {"choice": "1", "evidence_1_title": "Her list"}
    page = conflict(cast, client, address, **mine)
    boxes = fields_of(page) | mine | {"reason": "\r\n\r\n\r\nAsha came later"}

    joined = client.post(address, boxes | {"join": "yes"})

    words = joined.content.decode()
    assert joined.context["form"]["reason"].value() == (
        "Tom was first\n\nAsha came later"
    )
    assert "Both texts together, not saved yet</h1>" in words
    for says in (page.content.decode(), words):
        assert (
            "chose: <strong>3 In place and felt</strong>. You chose: <strong>" in says
        )
    assert words.index("Save both together") < words.index("<h2")
    assert "Tom was first\n\nAsha came later</textarea>" in words
    assert the_response(cast.assessment).reason == "Tom was first"
    # Whoever leaves now finds both texts again, each once, and one page over.
    page = client.get(address)
    left = page.content.decode()
    assert "Tom was first\n\nAsha came later</textarea>" in left
    # It is still over what she wrote it against, so that she is asked again.
    assert f"Tom saved this at {clock_of(NOW)}" in left
    assert left.count("Asha came later") == 1
    assert "Text of yours that was not saved" not in left
    part = client.get(cast.assessment.one_page_address("principles"))
    assert "Tom was first\n\nAsha came later</textarea>" in part.content.decode()
    for piece in ("Her list", "His minutes", "https://riverside.example/minutes"):
        assert f'value="{piece}"' in words
    both = {
        "reason": "Tom was first\r\n\r\nAsha came later",
        "evidence_2_title": "His minutes",
    }
    names = ("author", "version", "writing", "follows")
    later = mine | {name: hidden(page, name) for name in names}
    later["reason"] = "Tom was first\r\n\r\nAsha came later"
    assert client.post(address, later).status_code == 409
    assert the_response(cast.assessment).reason == "Tom was first"
    assert client.post(address, fields_of(joined) | mine | both).status_code == 302
    saved = the_response(cast.assessment)
    assert saved.reason == "Tom was first\n\nAsha came later"
    assert (saved.level, saved.version) == (1, 2)
    assert saved.evidence.count() == 2


def test_words_typed_beside_the_other_text_never_overwrite_it(cast, client, address):
    page = conflict(cast, client, address)
    boxes = fields_of(page) | {"reason": "Asha typed on"}
    one_page = cast.assessment.one_page_address("principles")

    client.post(address, boxes | {"draft": "yes", "turn": "1"})

    left = text(client, address)
    assert "Asha typed on</textarea>" in left
    assert f"Tom saved this at {clock_of(NOW)}" in left
    assert "Asha came later" in left
    assert f"Tom saved this at {clock_of(NOW)}" in text(client, one_page)
    shown = client.get(address)
    names = ("author", "version", "writing", "follows")
    again = {name: hidden(shown, name) for name in names}
    again |= {"reason": "Asha typed on"}
    assert client.post(address, again).status_code == 409
    assert the_response(cast.assessment).reason == "Tom was first"


def test_joining_twice_says_nothing_twice(cast, client, address):
    page = conflict(cast, client, address)
    boxes = fields_of(page) | {"reason": "Asha came later", "join": "yes"}
    joined = client.post(address, boxes)
    again = fields_of(joined) | {
        "reason": "Tom was first\r\n\r\nAsha came later",
        "evidence_1_title": "His minutes",
        "join": "yes",
    }

    words = client.post(address, again).content.decode()

    assert words.count("Tom was first") == 2  # His own text, and the box.
    assert words.count('value="His minutes"') == 1


def test_no_text_is_cut_off_when_there_is_too_much_evidence(cast, client, address):
    mine = {f"evidence_{n}_title": f"Piece {n}" for n in (1, 2, 3)}
    page = conflict(cast, client, address, **mine)
    boxes = fields_of(page) | mine | {"reason": "Asha came later", "join": "yes"}

    words = client.post(address, boxes).content.decode()

    for piece in (*mine.values(), "His minutes"):
        assert f'value="{piece}"' in words


@pytest.mark.parametrize("is_joined", [False, True])
def test_keeping_theirs_shows_theirs_and_no_save_overwrites_it(
    cast, client, address, is_joined
):
    mine = {"choice": "1"}
    page = conflict(cast, client, address, **mine)
    typed = mine | {"reason": "Asha came later"}
    if is_joined:
        page = client.post(address, fields_of(page) | typed | {"join": "yes"})
        typed["reason"] = "Tom was first\r\n\r\nAsha came later"
        assert "Keep Tom&rsquo;s</button>" in page.content.decode()

    kept = client.post(address, fields_of(page) | typed | {"theirs": "yes"})

    assert kept.url == address
    for shown in (client.get(address), client.get(address)):
        words = shown.content.decode()
        assert "Tom was first</textarea>" in words
        assert str(shown.context["form"]["choice"].value()) == "3"
        assert words.count("Asha came later") == 1
    one_page = text(client, cast.assessment.one_page_address("principles"))
    assert "Asha came later</textarea>" not in one_page
    names = ("author", "version", "writing")
    drafts = shown.context["drafts"].mine
    assert bool(drafts) == is_joined
    if is_joined:
        # Taken up again, it is over what she wrote it against.
        used = client.get(f"{address}?use={drafts[0].turn.writing}")
        taken = {name: hidden(used, name) for name in (*names, "follows")}
        assert client.post(address, taken | typed).status_code == 409
    assert the_response(cast.assessment).reason == "Tom was first"
    assert hidden(shown, "version") == "1"
