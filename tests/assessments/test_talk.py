"""Comments on an answer, and another look at it: on the pages, and in the trail."""

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import AnotherLook, Comment, Draft, Mention, Response
from assessments.operations import (
    answer,
    ask_for_another_look,
    note_dissent,
    post_comment,
    resolve_comment,
)
from assessments.queries import assessment_record
from assessments.queries.my_data import my_writing
from organisations.models import AuditEvent, Membership
from organisations.operations import remove_member
from reports.document import build_document
from tests.factories import (
    NOW,
    Cast,
    content,
    make_cast,
    make_locked_assessment,
    the_response,
)
from tests.made_once import made_once
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class World:
    cast: Cast
    # By the contributor, for the lead; and where it is written.
    comment: Comment
    address: str


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        cast = make_cast()
        response = the_response(cast.assessment)
        answer(response=response, content=content(), version=0, by=cast.lead, at=NOW)
        comment = post_comment(
            response=response,
            text="Is it so at night?",
            tell=[cast.lead],
            by=cast.contributor,
            at=NOW,
        )
        address = cast.assessment.question_address("principles", 1)
        yield World(cast, comment, address)


@pytest.fixture
def world(made, db) -> World:
    return deepcopy(made)


@pytest.fixture
def cast(world):
    return world.cast


def browser_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def lead(cast):
    return browser_of(cast.lead)


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def shown(client, address):
    """What the boxes of the page say that nobody sees."""
    text = client.get(address).content.decode()
    return {
        name: re.search(rf'name="{name}" value="([^"]+)"', text)[1]
        for name in ("version", "writing", "author")
    }


def untouched(client, address, **typed):
    """Send the form as the page shows it, and what was typed in it besides."""
    boxes = {"choice": "2", "reason": "Most teams do.", "is_finished": ""}
    pieces = {f"evidence_{n}_type": "document" for n in (1, 2, 3)}
    return shown(client, address) | boxes | pieces | typed


def events(*verbs):
    return AuditEvent.objects.filter(verb__in=verbs)


def edit_address(world, page="edit"):
    place = ["riverside", world.cast.assessment.public_id, world.comment.public_id]
    return reverse(f"assessments:comment_{page}", args=place)


# On the page of a question


def test_comment_is_posted_with_who_is_to_hear_of_it(world, cast, lead):
    tom = str(cast.contributor.public_id)
    typed = untouched(
        lead, world.address, comment="Yes, there too.\r\n", tell=[tom], post_comment="y"
    )

    page = lead.post(world.address, typed)
    again = lead.post(world.address, typed)

    assert page.url == again.url == f"{world.address}#comments"
    comment = Comment.objects.get(author=cast.lead)
    assert comment.text == "Yes, there too."
    assert [m.person for m in comment.mentions.all()] == [cast.contributor]
    # That a standard was commented on, and no word of it.
    event = events("posted").get(actor=cast.lead.public_id)
    assert event.details == {
        "assessment": str(cast.assessment.public_id),
        "standard": "PR1",
    }
    # Nothing of the answer was changed, so that nothing is kept of it.
    assert the_response(cast.assessment).version == 1
    assert not Draft.objects.exclude(typed="").exists()
    text = words(lead.get(page.url))
    assert "Comments (2 open)" in text
    today = date_format(timezone.localdate(), "j F Y")
    assert f"Asha Lead , {today}" in text
    assert "Yes, there too." in text
    assert "not saved yet" not in text


def test_answer_that_is_typed_outlives_the_posting_of_a_comment(world, cast, lead):
    typed = untouched(lead, world.address, reason="Half a thought", comment="And you?")

    lead.post(world.address, typed | {"post_comment": "yes"})

    text = lead.get(world.address).content.decode()
    assert "Half a thought</textarea>" in text
    assert "not saved yet" in text
    assert "And you?</textarea>" not in text
    assert the_response(cast.assessment).reason == "Most teams do."


def test_answer_of_a_colleague_meanwhile_is_no_draft_of_mine(world, cast, lead):
    typed = untouched(lead, world.address, comment="And you?", post_comment="yes")
    response = the_response(cast.assessment)
    answer(
        response=response,
        content=content(level=3),
        version=1,
        by=cast.co_lead,
        at=NOW,
    )

    lead.post(world.address, typed)

    assert not Draft.objects.exclude(typed="").exists()
    assert "not saved yet" not in words(lead.get(world.address))


def test_saving_keeps_the_comment_beside_it_and_posts_nothing(world, cast, lead):
    stale = untouched(lead, world.address, choice="4", comment="Too la")
    typed = untouched(lead, world.address, choice="3", comment="I raised i")

    page = lead.post(world.address, typed)

    assert page.url == cast.assessment.question_address("principles", 2)
    shown = lead.get(page.url).content.decode()
    assert "Your comment is not posted yet." in shown
    assert f'href="{world.address}#comments">go to your comment on PR1</a>' in shown
    assert the_response(cast.assessment).level == 3
    text = lead.get(world.address).content.decode()
    assert "I raised i</textarea>" in text
    assert re.search(r'value="3"[^>]* checked', text)
    # Nor does an answer that comes too late.
    assert lead.post(world.address, stale).status_code == 409
    assert "Too la</textarea>" in lead.get(world.address).content.decode()
    assert not Comment.objects.filter(author=cast.lead).exists()
    done = untouched(lead, world.address, comment="Too late?", post_comment="yes")
    lead.post(world.address, done)
    assert Comment.objects.get(author=cast.lead).text == "Too late?"


def test_comment_posted_again_after_going_back_is_there_once(world, cast, lead):
    typed = untouched(lead, world.address, comment="I raised it.", post_comment="yes")
    anew = untouched(lead, world.address, comment="I raised it.", post_comment="yes")
    assert typed["writing"] != anew["writing"]

    for each in (typed, anew, typed):
        lead.post(world.address, each)

    said = Comment.objects.get(author=cast.lead)
    assert (
        AuditEvent.objects.filter(verb="posted", actor=cast.lead.public_id).count() == 1
    )
    # Once it is dealt with, or somebody has answered, it is said anew.
    resolve_comment(comment=said, by=cast.co_lead, at=NOW)
    lead.post(world.address, anew | {"writing": str(uuid4())})
    assert Comment.objects.filter(author=cast.lead).count() == 2


def test_what_cannot_be_saved_or_posted_is_shown_again(world, cast, lead):
    said = {"comment": "I raised it.", "reason": "Kept as typed"}
    wrong = untouched(lead, world.address, evidence_1_link="x", **said)
    empty = untouched(lead, world.address, reason="Kept too", post_comment="yes")
    nobody = untouched(lead, world.address, tell="nobody", post_comment="y", **said)

    pages = [lead.post(world.address, typed) for typed in (wrong, empty, nobody)]

    texts = [page.content.decode() for page in pages]
    assert "The link of evidence 1 must be" in texts[0]
    assert "I raised it.</textarea>" in texts[0]
    assert "Write your comment." in texts[1]
    assert "Kept too</textarea>" in texts[1]
    assert "does not belong here any more" in texts[2]
    assert all("<title>Error: " in text for text in texts)
    assert not Comment.objects.filter(author=cast.lead).exists()


def test_comment_is_kept_while_it_is_typed_and_when_the_session_ends(world, cast, lead):
    typed = untouched(lead, world.address, comment="Half a sen")
    lead.post(world.address, typed | {"draft": "yes", "turn": "1"})
    text = lead.get(world.address).content.decode()
    assert "Half a sen</textarea>" in text

    typed = untouched(lead, world.address, comment="Typed for long", post_comment="y")
    lead.logout()
    page = lead.post(world.address, typed)
    sign_in(lead, cast.lead, to=page.url)

    assert "Typed for long</textarea>" in lead.get(world.address).content.decode()
    assert not Comment.objects.filter(author=cast.lead).exists()


def test_it_is_dealt_with_once_and_opened_again(world, lead):
    key = str(world.comment.public_id)
    typed = untouched(lead, world.address, comment="Not yet posted", reason="Typed")

    for button in ("resolve", "resolve", "reopen", "resolve"):
        page = lead.post(world.address, typed | {button: key})

    # What was just dealt with is not folded away.
    assert page.url == f"{world.address}?past=open#comments"
    shown_now = lead.get(page.url).content.decode()
    assert re.search(
        r'<details class="govuk-details" open>\s*<summary.*Dealt', shown_now
    )
    assert "The comment is dealt with." in shown_now
    assert [e.verb for e in events("resolved", "reopened").order_by("pk")] == [
        "resolved",
        "reopened",
        "resolved",
    ]
    page = lead.get(world.address)
    text = words(page)
    assert "Comments Your" not in text
    assert "All comments are dealt with." in text
    assert "Dealt with on" in text
    assert "says Asha Lead" in text
    assert "Not yet posted</textarea>" in page.content.decode()
    assert "Typed</textarea>" in page.content.decode()
    bad = [lead.post(world.address, typed | {"resolve": x}) for x in ("x", key[::-1])]
    assert [page.status_code for page in bad] == [404, 404]


# One's own


def test_own_comment_can_be_changed_and_nobody_elses(world, cast):
    tom, asha = browser_of(cast.contributor), browser_of(cast.lead)
    address = edit_address(world)
    maureen = str(cast.co_lead.public_id)
    shown_then = {"version": "1", "comment": "Is it so by day?", "tell": maureen}

    assert "Is it so at night?</textarea>" in tom.get(address).content.decode()
    first = tom.post(address, shown_then)
    double = tom.post(address, shown_then)
    late = tom.post(address, {"version": "1", "comment": "Typed elsewhere"})

    assert first.url == double.url == f"{world.address}#comments"
    text = late.content.decode()
    assert "changed or deleted in another window" in text
    assert "Is it so by day?" in text
    assert "Typed elsewhere</textarea>" in text
    assert 'name="version" value="2"' in text
    comment = Comment.objects.get()
    assert (comment.text, comment.version) == ("Is it so by day?", 2)
    assert [m.person for m in Mention.objects.all()] == [cast.co_lead]
    assert events("edited").count() == 1
    page = words(asha.get(world.address))
    assert "changed since. For Maureen Colead" in page
    assert "Change your comment" not in page
    refused = [asha.get(address), asha.post(edit_address(world, "delete"))]
    assert [page.status_code for page in refused] == [403, 403]


def test_deleted_words_are_gone_and_the_trace_stays(world, cast):
    tom = browser_of(cast.contributor)
    address = edit_address(world, "delete")

    assert "Is it so at night?" in words(tom.get(address))
    tom.post(address)
    tom.post(address)

    comment = Comment.objects.get()
    assert (comment.text, comment.deleted_by) == ("", cast.contributor)
    assert comment.sent != world.comment.sent
    assert not Mention.objects.exists()
    assert events("deleted").count() == 1
    assert "Deleted on" in words(tom.get(world.address))
    assert tom.get(address).status_code == 302
    assert tom.get(edit_address(world)).status_code == 302


def test_of_who_has_left_a_lead_may_delete_the_words(world, cast, lead):
    members = Membership.objects.select_related("organisation", "user")
    remove_member(membership=members.get(user=cast.contributor), by=cast.lead, at=NOW)

    text = words(lead.get(world.address))
    page = lead.post(edit_address(world, "delete"))

    assert "A former member , 23 November" in text
    assert "Tom" not in text
    assert page.status_code == 302
    assert Comment.objects.get().deleted_by == cast.lead


def test_viewer_reads_and_writes_nothing(world, cast):
    viewer = browser_of(cast.viewer)

    page = viewer.get(world.address)
    refused = viewer.post(world.address, {"comment": "x", "post_comment": "yes"})

    assert "Is it so at night?" in words(page)
    assert "Your comment" not in words(page)
    assert refused.status_code == 403
    assert Comment.objects.count() == 1


def test_while_our_view_is_locked_nothing_is_said(cast):
    assessment = make_locked_assessment(cast.riverside, cast.lead, "A ward")
    address = assessment.question_address("principles", 1)
    asha = browser_of(cast.lead)

    text = words(asha.get(address))
    late = asha.post(
        address, {"comment": "Too late", "post_comment": "yes"}, follow=True
    )
    ask = reverse(
        "assessments:another_look",
        args=["riverside", assessment.public_id, "principles", 1],
    )

    assert "comments are closed" in text
    assert "Your comment" not in text
    assert "comments are closed as well" in words(late)
    assert "can't be changed" in asha.post(ask, {"why": "x"}).content.decode().replace(
        "&#x27;", "'"
    )
    assert not Comment.objects.of(assessment).exists()
    assert not AnotherLook.objects.exists()


# Another look


def test_lead_asks_for_another_look_until_somebody_has_looked(world, cast):
    ask = reverse(
        "assessments:another_look",
        args=["riverside", cast.assessment.public_id, "principles", 1],
    )
    maureen, tom = browser_of(cast.co_lead), browser_of(cast.contributor)
    pages = {
        "question": world.address,
        "principle": cast.assessment.principle_address("principles"),
        "overview": cast.assessment.get_absolute_url(),
        "quality": reverse(
            "assessments:quality", args=["riverside", cast.assessment.public_id]
        ),
        "check": cast.assessment.check_address("principles"),
        "one page": cast.assessment.one_page_address("principles"),
    }
    note_dissent(
        response=the_response(cast.assessment),
        text="Not in our team.",
        version=1,
        by=cast.lead,
        at=NOW,
    )
    Response.objects.of(cast.assessment).exclude(version=0).update(is_finished=True)

    assert tom.get(ask).status_code == 403
    # Where there is no answer there is nothing to look at again.
    unanswered = cast.assessment.question_address("principles", 2)
    assert ask in maureen.get(world.address).content.decode()
    assert "another look" not in words(maureen.get(unanswered))
    assert "Say in a sentence" in words(maureen.post(ask, {"why": " "}))
    page = maureen.post(ask, {"why": "Whom did we ask?"})
    again = maureen.post(ask, {"why": "Typed twice"})

    assert page.url == world.address
    assert "Another look is asked for already." in words(again)
    texts = {name: words(tom.get(address)) for name, address in pages.items()}
    assert "This needs another look , says Maureen Colead" in texts["question"]
    assert "Whom did we ask?" in texts["question"]
    assert "Ask for another look" not in texts["question"]
    assert "Some see it differently. 1 open comment." in texts["principle"]
    # Not completed, whatever was said before.
    assert "Needs another look" in texts["principle"]
    assert "Completed" not in texts["principle"]
    for name in ("check", "one page"):
        assert "This needs another look: Whom did we ask?" in texts[name]
        assert "Some see it differently: Not in our team." in texts[name]
    assert "1 of these answers needs another look." in texts["check"]
    assert "1 needs another look. 1 open comment" in texts["overview"]
    assert "Needs another look (1)" in texts["quality"]
    assert "Whom did we ask?" in texts["quality"]
    # Who answered is told where she comes in, and nobody else is.
    asha, overview = browser_of(cast.lead), pages["overview"]
    links = {
        overview: f'href="{world.address}">PR1 ',
        "/": f'href="{overview}#another-look">1 of your answers needs another look<',
        cast.riverside.get_absolute_url(): f'href="{overview}#another-look">1 of your',
    }
    for page, link in links.items():
        assert link in asha.get(page).content.decode()
        assert "of your answers" not in words(tom.get(page))

    look = AnotherLook.objects.get()
    typed = untouched(tom, world.address, reason="While I look")
    refused = tom.post(world.address, typed | {"looked": str(look.public_id)})
    look.refresh_from_db()
    assert look.looked_at is None
    assert not refused.url.endswith("#comments")
    shown_again = tom.get(world.address).content.decode()
    assert "it still needs another look" in shown_again
    assert "While I look</textarea>" in shown_again
    assert "a save alone does not say so" in shown_again
    stays = the_response(cast.assessment).reason
    as_it_was = untouched(tom, world.address, reason=stays, is_finished="yes")
    saved = words(tom.post(world.address, as_it_was, follow=True))
    assert "It still needs your “I have looked at it again”." in saved
    as_it_was = untouched(tom, world.address, reason=stays, is_finished="yes")
    for _ in range(2):
        tom.post(world.address, as_it_was | {"looked": str(look.public_id)})

    look.refresh_from_db()
    assert look.looked_by == cast.contributor
    assert [e.verb for e in events("asked", "looked").order_by("pk")] == [
        "asked",
        "looked",
    ]
    text = tom.get(world.address).content.decode()
    assert "needs another look" not in text
    assert "another look" not in words(tom.get(pages["quality"]))
    assert "Completed" in words(tom.get(pages["principle"]))
    assert not any("of your answers" in words(asha.get(page)) for page in links)


# What it costs, and what else reads it


def test_constant_queries_however_much_is_said(world, cast, lead):
    addresses = [
        world.address,
        cast.assessment.principle_address("principles"),
        cast.assessment.get_absolute_url(),
    ]
    response = the_response(cast.assessment)
    ask_for_another_look(response=response, why="x", by=cast.lead, at=NOW)
    before = [count_of(lead, address) for address in addresses]

    for n in range(30):
        comment = post_comment(
            response=response,
            text=f"Comment {n}",
            tell=[cast.contributor, cast.viewer],
            by=cast.co_lead,
            at=NOW + timedelta(minutes=n),
        )
        if n % 2:
            resolve_comment(comment=comment, by=cast.lead, at=NOW)

    assert [count_of(lead, address) for address in addresses] == before
    assert max(before[1:]) <= 8
    assert before[0] <= 14
    text = words(lead.get(world.address))
    assert "Comments (16 open)" in text
    assert "Dealt with or deleted (15)" in text


def count_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


def test_report_and_its_document_hold_no_comment(cast, world):
    record = assessment_record(cast.assessment)

    assert record.principles[0].standards[0].open_comments == 1
    assert "at night" not in str(build_document(record, at=NOW))


def test_own_words_are_in_the_file_of_ones_own(cast, world):
    mine = my_writing(cast.contributor)
    asked = my_writing(cast.lead)

    assert [row["text"] for row in mine["comments that you wrote"]] == [
        "Is it so at night?"
    ]
    assert len(asked["comments that are for you"]) == 1
    assert "at night" not in str(asked)
