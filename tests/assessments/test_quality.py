"""What is worth a look before our view is locked."""

import re
from datetime import date

import pytest
from django.urls import reverse

from assessments.models import Response
from assessments.operations import answer, post_comment
from assessments.queries import assessment_record, quality_page
from assessments.rules import EvidenceContent, is_old, is_short, missing_proof
from tests.factories import NOW, TODAY, content, make_assessment, the_response


DOCUMENT = "a document that says how you work"
EXAMPLE = "an example of it in use"
CHANGE = "a change that people can point to"
PROOF = (
    EvidenceContent(title="Charter", type="document", dated_on=TODAY),
    EvidenceContent(title="Log", type="number", dated_on=TODAY),
)


@pytest.mark.parametrize(
    ("level", "kinds", "missing"),
    [
        (None, [], ()),
        (2, [], ()),
        (3, [], (DOCUMENT, EXAMPLE)),
        (3, ["document"], (EXAMPLE,)),
        (3, ["account"], (DOCUMENT,)),
        (3, ["document", "document"], (EXAMPLE,)),
        *((3, ["document", use], ()) for use in ("number", "account", "seen")),
        *((3, ["document", use], ()) for use in ("change", "outside_view")),
        (4, [], (DOCUMENT, EXAMPLE, CHANGE)),
        (4, ["document", "number"], (CHANGE,)),
        (4, ["document", "change"], ()),
    ],
)
def test_a_high_level_asks_for_its_proof(level, kinds, missing):
    assert missing_proof(level, kinds) == missing


@pytest.mark.parametrize(
    ("dated_on", "on", "old"),
    [
        (None, date(2026, 11, 23), False),
        (date(2024, 11, 23), date(2026, 11, 23), False),
        (date(2024, 11, 22), date(2026, 11, 23), True),
        (date(2024, 2, 29), date(2026, 2, 28), False),
        (date(2024, 2, 29), date(2026, 3, 1), True),
        (date(2026, 12, 1), date(2026, 11, 23), False),
    ],
)
def test_evidence_is_old_the_day_after_24_months(dated_on, on, old):
    assert is_old(dated_on, on=on) is old


@pytest.mark.parametrize(
    ("reason", "short"),
    [("", True), ("Yes.", True), (" " * 30, True), ("Most of our groups do.", False)],
)
def test_a_reason_below_a_sentence_is_short(reason, short):
    assert is_short(reason) is short


LONG = "Nearly all of our groups do it, and people say so."


def say(cast, code, **overrides):
    answer(
        response=the_response(cast.assessment, code),
        content=content(
            **{"reason": LONG, "evidence": PROOF, "is_finished": True} | overrides
        ),
        version=0,
        by=cast.lead,
        at=NOW,
    )


def say_all(cast):
    for response in Response.objects.of(cast.assessment).filter(version=0):
        say(cast, response.standard.code)


def page_of(cast):
    record = assessment_record(cast.assessment)
    return quality_page(record, cast.assessment, today=TODAY)


def found(cast):
    return {
        group.heading: [line.code for line in group.lines]
        for group in page_of(cast).groups
    }


@pytest.fixture
def lead(cast, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.lead)
    return client


def address_of(cast, page="quality"):
    return reverse(f"assessments:{page}", args=["riverside", cast.assessment.public_id])


def text_of(page):
    return " ".join(page.content.decode().split())


@pytest.mark.django_db
def test_each_kind_is_found_where_it_is_and_nowhere_else(cast):
    old = EvidenceContent(title="Minutes", type="document", dated_on=date(2023, 5, 1))
    undated = EvidenceContent(title="Poster", type="document")
    left_out = {"state": "not_applicable", "level": None, "evidence": ()}
    left_out |= {"not_applicable_because": "no_staff"}
    say(cast, "PR2", state="dont_know", level=None, reason="")
    say(cast, "PR3", level=3, evidence=())
    say(cast, "PR4", evidence=(old, undated))
    for code in ("PS2", "PS4", "PS6"):
        say(cast, code, **left_out)
    say(cast, "PC1", **left_out)
    say(cast, "PC2", reason="Yes.")
    say(cast, "PC3", reason="", is_finished=False)
    say(cast, "PC4", level=1, evidence=())
    say(cast, "PC5", level=0, evidence=())
    say(cast, "PC6", evidence=PROOF[:1])
    for text in ("Is it?", "It is."):
        post_comment(
            response=the_response(cast.assessment, "PC7"),
            text=text,
            tell=[],
            by=cast.lead,
            at=NOW,
        )
    for response in Response.objects.of(cast.assessment).filter(version=0):
        if response.standard.code != "PR1":
            say(cast, response.standard.code)

    assert found(cast) == {
        "Not answered": ["PR1"],
        "Not finished": ["PC3"],
        "Open comments": ["PC7"],
        "Don’t know yet": ["PR2"],
        "A level with little to show": ["PR3", "PR4", "PC4", "PC6"],
        "Evidence that is old, or has no date": ["PR4", "PR4"],
        "Much that does not apply": ["PS2", "PS4", "PS6"],
        "A reason shorter than a sentence": ["PC2", "PC3"],
    }
    assert page_of(cast).stops


@pytest.mark.django_db
def test_above_six_in_all_each_that_does_not_apply_is_listed(cast, lead):
    codes = ["PR1", "PR4", "PU3", "PU4", "PS2", "PS4", "PC1"]
    for code in codes:
        say(
            cast,
            code,
            state="not_applicable",
            level=None,
            not_applicable_because="other",
            evidence=(),
        )
    say_all(cast)

    assert found(cast) == {"Much that does not apply": codes}
    # So many are folded, with their number, and each is there.
    text = text_of(lead.get(address_of(cast)))
    assert "Show all 7" in text
    assert all(f">{code} " in text for code in codes)


@pytest.mark.django_db
def test_each_line_leads_to_the_place_where_it_is_put_right(cast, lead):
    say(cast, "PR1", level=4, evidence=(), reason="Yes.", is_finished=False)
    say_all(cast)
    said = {"text": "Is it?", "tell": [], "by": cast.lead, "at": NOW}
    post_comment(response=the_response(cast.assessment, "PR1"), **said)

    page = lead.get(address_of(cast))

    text = text_of(page)
    assert f"What would show it: {DOCUMENT}, {EXAMPLE} and {CHANGE}." in text
    question = cast.assessment.question_address("principles", 1)
    links = re.findall(rf'href="({question}[^"]*)"', text)
    places = ["id_is_finished_0", "comments", "evidence", "id_reason"]
    assert links == [f"{question}#{place}" for place in places]
    form = lead.get(question).content.decode()
    for link in links:
        assert f'id="{link.partition("#")[2]}"' in form


@pytest.mark.django_db
def test_all_is_well(cast, lead):
    say_all(cast)

    text = text_of(lead.get(address_of(cast)))

    assert "Nothing more to look at" in text
    assert "Go on to lock our view" in text


@pytest.mark.django_db
def test_what_is_missing_leaves_out_the_way_to_the_lock(cast, lead):
    text = text_of(lead.get(address_of(cast)))

    assert "Not answered (30)" in text
    # What stops the lock is never folded, however long it is.
    assert "Show all" not in text
    assert "Go on to lock our view" not in text
    assert "See what is worth a look first" in text_of(
        lead.get(address_of(cast, "lock"))
    )


@pytest.mark.django_db
def test_contributor_is_not_led_to_a_lock_she_may_not_use(cast, client):
    say_all(cast)
    client.force_login(cast.contributor)

    assert "Go on to lock" not in text_of(client.get(address_of(cast)))


@pytest.mark.django_db
def test_lock_page_says_what_locking_means_and_locks_with_warnings(cast, lead):
    say(cast, "PR1", state="dont_know", level=None, reason="")
    say(cast, "PR2", level=4, evidence=(), reason="Yes.")
    say_all(cast)

    asked = text_of(lead.get(address_of(cast, "lock")))
    done = lead.post(address_of(cast, "lock"), follow=True)

    assert "While our view is locked, nobody can change our answers." in asked
    assert "3 things are worth a look. 1 standard says" in asked
    assert address_of(cast) in asked
    assert "Our view is locked." in text_of(done)
    assert "none of this can be changed" in text_of(lead.get(address_of(cast)))


@pytest.mark.django_db
def test_what_was_typed_is_text_on_the_page(cast, lead):
    marked = EvidenceContent(title="<script>alert(1)</script>", type="document")
    say(cast, "PR1", evidence=(marked,), reason="<b>x</b>")

    text = text_of(lead.get(address_of(cast)))

    assert "<script>alert" not in text
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text


@pytest.mark.slow
@pytest.mark.django_db
def test_page_asks_the_same_number_of_queries_whatever_there_is(
    cast, lead, django_assert_max_num_queries, django_assert_num_queries
):
    lead.get(address_of(cast))
    with django_assert_max_num_queries(8) as empty:
        lead.get(address_of(cast))
    say_all(cast)
    for number in range(20):
        make_assessment(cast.riverside, cast.lead, f"Team {number}")

    with django_assert_num_queries(len(empty)):
        lead.get(address_of(cast))
    with django_assert_max_num_queries(8):
        lead.get(address_of(cast, "lock"))
