"""A principle answered on one page: each standard is saved for itself, none is lost."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Draft, Response, ResponseRevision
from assessments.operations import answer, change_set_up, keep_draft, lock
from assessments.rules import SetUp, Writing
from organisations.models import AuditEvent
from tests.factories import NOW, content, the_response
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

CODES = ("PR1", "PR2", "PR3", "PR4", "PR5", "PR6")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def address(cast):
    return cast.assessment.one_page_address("principles")


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def boxes(page):
    """Read from a page what it would send if nobody typed anything."""
    words = page.content.decode()
    form = words[words.index("data-draft") :]
    fields = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type")
        if "name" in attributes and (
            kind not in {"radio", "checkbox"} or " checked" in tag
        ):
            default = "on" if kind == "checkbox" else ""
            fields[attributes["name"]] = attributes.get("value", default)
    for name, text in re.findall(
        r'<textarea\b[^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', form
    ):
        fields[name] = text
    for name, options in re.findall(
        r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in fields.items()}


def opened(client, address):
    return boxes(client.get(address))


def say(cast, code, by=None, **words):
    response = the_response(cast.assessment, code)
    answer(
        response=response,
        content=content(**words),
        version=response.version,
        by=by or cast.contributor,
        at=NOW,
    )


def versions(cast):
    rows = Response.objects.of(cast.assessment).filter(standard__code__in=CODES)
    return dict(rows.values_list("standard__code", "version"))


def nothing_is_saved(cast):
    return set(versions(cast).values()) == {0}


def text(page):
    return " ".join(page.content.decode().split())


def test_one_button_saves_what_was_changed_and_nothing_else(cast, lead, address):
    say(cast, "PR4", reason="Tom's")
    typed = {"PR1-choice": "2", "PR1-reason": "First", "PR2-choice": "dont_know"}
    typed |= {"PR2-evidence_1_title": "Minutes", "PR2-evidence_1_is_public": "on"}
    sent = opened(lead, address) | typed

    page = lead.post(address, sent)

    assert page.url == f"{cast.assessment.check_address('principles')}?one_page=yes"
    changed = {"PR1": 1, "PR2": 1, "PR4": 1}
    assert versions(cast) == dict.fromkeys(CODES, 0) | changed
    assert the_response(cast.assessment, "PR1").reason == "First"
    (piece,) = the_response(cast.assessment, "PR2").evidence.all()
    assert (piece.title, piece.is_public) == ("Minutes", True)
    assert the_response(cast.assessment, "PR4").saved_by == cast.contributor
    assert AuditEvent.objects.filter(verb="answered").count() == 3
    # It has no box to say that one has finished, so that is said.
    assert (
        "PR1 and PR2 stay in progress until somebody says that they are finished."
    ) in text(lead.get(page.url))
    # Pressed once more, nothing happens.
    assert lead.post(address, opened(lead, address)).status_code == 302
    assert versions(cast) == dict.fromkeys(CODES, 0) | changed


def test_conflict_of_one_stops_no_other_and_loses_nothing(cast, lead, address):
    shown = opened(lead, address)
    say(cast, "PR2", reason="Tom was first", level=4)
    say(cast, "PR3", reason="Tom again")
    mine = {f"PR{n}-reason": f"Asha on PR{n}" for n in (1, 2)}
    mine |= {"PR2-evidence_1_title": "Her list"}

    page = lead.post(address, shown | mine)

    words = text(page)
    assert page.status_code == 409
    assert "Tom Contributor changed this answer while you were writing." in words
    assert "Tom was first" in words
    assert "Saved: PR1." in words
    now = boxes(page)
    assert now["PR2-reason"] == "Asha on PR2"
    assert now["PR2-version"] == "1"
    # What he changed and she did not touch is his, without a word.
    assert now["PR3-reason"] == "Tom again"
    assert the_response(cast.assessment, "PR2").reason == "Tom was first"
    assert ResponseRevision.objects.get(outcome="rejected").reason == "Asha on PR2"

    # Saving the rest is no choice between the two.
    still = lead.post(address, now | {"PR4-reason": "Another matter"})
    assert still.status_code == 409
    assert "Saved: PR4." in text(still)
    assert boxes(still)["PR2-reason"] == "Asha on PR2"
    assert the_response(cast.assessment, "PR2").reason == "Tom was first"
    # Nor is leaving the page: opened anew, both texts are shown before one is saved.
    anew = lead.get(address)
    assert "Tom saved this at" in text(anew)
    chosen = boxes(anew) | {"PR2-mine": "yes"}
    assert lead.post(address, chosen).status_code == 409
    assert the_response(cast.assessment, "PR2").reason == "Tom was first"

    now = boxes(lead.get(address)) | boxes(still)
    joined = lead.post(address, now | {"join": "PR2", "PR5-reason": "Typed since"})
    both = boxes(joined)
    assert both["PR2-reason"] == "Tom was first\n\nAsha on PR2"
    assert both["PR5-reason"] == "Typed since"
    assert "Tom Contributor changed this answer" in text(joined)
    assert the_response(cast.assessment, "PR2").version == 1
    # Whoever leaves the page now is asked again when she saves it later.
    left = boxes(lead.get(address))
    assert (left["PR2-reason"], left["PR2-version"]) == (both["PR2-reason"], "0")
    assert lead.post(address, both).status_code == 302
    saved = the_response(cast.assessment, "PR2")
    assert (saved.reason, saved.version) == ("Tom was first\n\nAsha on PR2", 2)
    assert [e.title for e in saved.evidence.all()] == ["Her list"]
    assert the_response(cast.assessment, "PR5").reason == "Typed since"
    assert not Draft.objects.exclude(typed="").exists()


def test_what_is_wrong_with_one_is_explained_and_the_others_are_saved(
    cast, lead, address
):
    wrong = {
        "PR1-choice": "not_applicable",
        "PR1-reason": "We give none",
        "PR2-choice": "not_applicable",
        "PR3-evidence_1_link": "javascript:alert(1)",
        "PR3-evidence_4_title": "A fourth",
        "PR4-choice": "1",
        "PR5-reason": "é" * 10_001,
    }

    page = lead.post(address, opened(lead, address) | wrong)

    words = text(page)
    assert page.status_code == 200
    assert "Error: " in words
    for sentence in (
        '<a href="#id_PR1-not_applicable_because">PR1: Choose why it does not apply.',
        "PR2: Choose one of the levels on this page.",
        "PR3: The link of evidence 1 must be a web address",
        "PR3: You can give 3 pieces of evidence at most.",
        "PR5: Use 10,000 characters or fewer.",
        "Saved: PR4. PR4 stays in progress until somebody says that it is finished.",
    ):
        assert sentence in words
    assert versions(cast) == dict.fromkeys(CODES, 0) | {"PR4": 1}
    now = boxes(page)
    assert now["PR3-evidence_4_title"] == "A fourth"
    assert now["PR5-reason"] == "é" * 10_001
    # The page may be left: all of it is there again, without complaints.
    again = lead.get(address)
    assert "There is a problem" not in text(again)
    assert boxes(again)["PR5-reason"] == "é" * 10_001
    assert boxes(again)["PR1-reason"] == "We give none"


def test_same_rules_as_on_the_page_of_one(cast, lead, address):
    """What does not apply needs a reason of the list, and is then saved."""
    because = {"PR1-not_applicable_because": "other", "PR1-reason": "None is given."}
    typed = because | {"PR1-choice": "not_applicable", "PR2-choice": "4"}

    page = lead.post(address, opened(lead, address) | typed, follow=True)

    assert "Readers may ask what shows the level of PR2." in text(page)
    assert the_response(cast.assessment, "PR1").state == "not_applicable"


def test_draft_of_the_page_is_one_of_each_standard(cast, client, lead, address):
    say(cast, "PR3", reason="Tom's")
    shown = opened(lead, address)
    typed = shown | {"PR1-reason": "Half a thou", "PR2-evidence_1_note": "no title"}

    said = lead.post(address, typed | {"draft": "yes", "turn": 1}).json()["said"]

    assert said.startswith("Draft saved at ")
    assert Draft.objects.exclude(typed="").count() == 2
    own_page = cast.assessment.question_address("principles", 1)
    assert "Half a thou" in text(lead.get(own_page))
    again = lead.get(address)
    assert boxes(again)["PR1-reason"] == "Half a thou"
    assert "not saved yet" in text(again)
    client.force_login(cast.co_lead)
    assert "Half a thou" not in text(client.get(address))
    client.force_login(cast.lead)
    # Deleted again, there is nothing to keep.
    typed = shown | {"PR2-evidence_1_note": "no title", "draft": "yes", "turn": 2}
    client.post(address, typed)
    assert "Half a thou" not in text(client.get(address))
    say(cast, "PR2", reason="Tom was first")
    late = client.post(address, typed | {"turn": 3}).json()["said"]
    assert re.search(r"PR2: Tom saved this at \d\d:\d\d", late)
    # What is saved is no draft any more.
    now = boxes(client.get(address))
    client.post(address, now | {"PR2-evidence_1_note": "", "PR1-choice": "1"})
    assert not Draft.objects.exclude(typed="").exists()


def test_drafts_of_the_standards_own_page_are_given_back_here(cast, lead, address):
    first = uuid4()
    for writing, words in ((first, "Typed+first"), (uuid4(), "Typed+there")):
        keep_draft(
            response=the_response(cast.assessment),
            writing=Writing(writing),
            typed=f"version=0&reason={words}&is_finished=yes",
            by=cast.lead,
            at=NOW,
        )

    now = opened(lead, address)
    page = lead.post(address, now | {"PR2-reason": "Beside", "use": str(first)})

    assert now["PR1-reason"] == "Typed there"
    taken = boxes(page)
    assert (taken["PR1-reason"], taken["PR2-reason"]) == ("Typed first", "Beside")
    assert "Typed there" in text(page)
    assert nothing_is_saved(cast)
    lead.post(address, taken)
    assert the_response(cast.assessment).reason == "Typed first"
    assert boxes(lead.get(address))["PR1-reason"] == "Typed there"


def test_draft_with_a_comment_stays_where_its_box_is(cast, lead, address):
    keep_draft(
        response=the_response(cast.assessment),
        writing=Writing(uuid4()),
        typed="version=0&reason=Typed+there&comment=To+Tom",
        by=cast.lead,
        at=NOW,
    )

    keep_draft(
        response=the_response(cast.assessment, "PR2"),
        writing=Writing(uuid4()),
        typed="version=0&choice=2&dissent=Not+at+night",
        by=cast.lead,
        at=NOW,
    )

    page = lead.get(address)
    lead.post(address, boxes(page) | {"PR1-choice": "1", "PR2-choice": "1"})

    assert "To Tom" in text(page)
    other_page = lead.get(cast.assessment.question_address("principles", 2))
    assert boxes(other_page)["dissent"] == "Not at night"
    own_page = lead.get(cast.assessment.question_address("principles", 1))
    assert boxes(own_page)["comment"] == "To Tom"


def test_damaged_draft_is_refused(lead, address):
    assert lead.post(address, {"draft": "yes"}).status_code == 400


def test_what_was_typed_outlives_the_session(cast, lead, address):
    shown = opened(lead, address)
    lead.logout()
    page = lead.post(address, shown | {"PR6-reason": "Typed for an hour"})

    sign_in(lead, cast.lead, to=page.url)
    again = lead.get(address)

    assert "Typed for an hour" in text(again)
    assert "We kept what you wrote" in text(again)
    lead.post(address, boxes(again))
    assert the_response(cast.assessment, "PR6").reason == "Typed for an hour"
    assert "We kept what you wrote" not in text(lead.get(address))


def test_locked_meanwhile_keeps_each_text(cast, lead, address):
    for response in Response.objects.of(cast.assessment).select_related("standard"):
        say(cast, response.standard.code, state="dont_know", level=None)
    shown = opened(lead, address)
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    page = lead.post(address, shown | {"PR1-reason": "Late", "PR2-reason": "Later"})

    assert page.status_code == 409
    assert boxes(page)["PR2-reason"] == "Later"
    kept = ResponseRevision.objects.filter(outcome="rejected")
    assert {revision.reason for revision in kept} == {"Late", "Later"}
    principle = cast.assessment.principle_address("principles")
    assert lead.get(address).url == principle
    assert "on one page" not in text(lead.get(principle))


def test_left_out_meanwhile_keeps_the_text(cast, lead, address):
    shown = opened(lead, address)
    own_care = SetUp(domains=("OC",))
    now = {"assessment": cast.assessment, "version": 0, "by": cast.lead, "at": NOW}
    change_set_up(set_up=own_care, **now)

    page = lead.post(address, shown | {"PR1-reason": "Typed", "PR2-reason": "Also"})

    assert "PR1: A lead has left this standard out" in text(page)
    assert boxes(page)["PR1-reason"] == "Typed"
    assert the_response(cast.assessment, "PR2").reason == "Also"
    assert "PR1-reason" not in opened(lead, address)
    own_page = cast.assessment.question_address("principles", 1)
    assert "Typed" in text(lead.get(own_page))


def test_principle_page_leads_here_and_the_next_follows(cast, lead, address):
    assert address in text(lead.get(cast.assessment.principle_address("principles")))
    lead.post(
        address, opened(lead, address) | {f"{c}-choice": "dont_know" for c in CODES}
    )
    check = f"{cast.assessment.check_address('principles')}?one_page=yes"
    assert 'name="one_page"' in text(lead.get(check))

    done = lead.post(check, {"one_page": "yes"})

    assert done.url == cast.assessment.one_page_address("purpose")
    assert (
        lead.get(f"{cast.assessment.get_absolute_url()}no/one-page/").status_code == 404
    )


def test_page_asks_no_more_of_a_full_assessment(cast, lead, address):
    lead.get(address)
    with CaptureQueriesContext(connection) as empty:
        lead.get(address)
    for code in CODES:
        say(cast, code)

    with CaptureQueriesContext(connection) as full:
        lead.get(address)

    assert len(full) == len(empty) <= 8
