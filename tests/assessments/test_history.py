"""Every version of a response: who, when, what changed; and bringing one back."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Evidence, Response, ResponseRevision
from assessments.operations import EditConflict, answer, lock, restore
from assessments.queries import past_versions, response_at, told_versions
from assessments.queries.differences import differences
from assessments.rules import AlreadyLocked, EvidenceContent
from organisations.models import AuditEvent
from organisations.operations import pause_organisation
from tests.at_once import all_at_once
from tests.factories import NOW, content, make_cast, the_response


pytestmark = pytest.mark.django_db

CHARTER = EvidenceContent(
    title="Charter", type="document", dated_on=date(2026, 1, 2), note="By our panel."
)


def say(cast, version, *, by=None, at=NOW, **said):
    answer(
        response=the_response(cast.assessment),
        content=content(**said),
        version=version,
        by=by or cast.lead,
        at=at,
    )


def told(cast, reader=None):
    response = response_at(cast.assessment, "principles", 1)
    found = past_versions(response, reader=reader or cast.lead)
    return told_versions(response, list(found))


def version_of(cast, number):
    return ResponseRevision.objects.get(
        response=the_response(cast.assessment), version=number, outcome="saved"
    )


def bring_back(cast, number, *, shown, by=None):
    restore(
        revision=version_of(cast, number),
        version=shown,
        by=by or cast.lead,
        at=NOW + timedelta(hours=1),
    )


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def address(cast):
    return cast.assessment.history_address("principles", 1)


# What is different, word by word


@pytest.mark.parametrize(
    ("before", "after", "taken_out", "put_in"),
    [
        ("", "", [], []),
        ("Same words.", "Same words.", [], []),
        ("", "New.", [], ["New."]),
        ("Gone.", "", ["Gone."], []),
        ("Most teams do it.", "Some teams do it.", ["Most "], ["Some "]),
        ("One two three", "One three", ["two "], []),
        ("One\n\ntwo", "One\n\nand two", [], ["and "]),
        ("שלום לכם", "שלום לכולם", ["לכם"], ["לכולם"]),
        ("e\u0301te\u0301", "\u00e9t\u00e9", ["e\u0301te\u0301"], ["\u00e9t\u00e9"]),
    ],
)
def test_differences_are_told_by_words(before, after, taken_out, put_in):
    old, new = differences(before, after)

    assert [p.text for p in old if p.is_changed] == taken_out
    assert [p.text for p in new if p.is_changed] == put_in
    assert "".join(p.text for p in old) == before
    assert "".join(p.text for p in new) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 5_000, "b a " * 2_500),
        ("a\n" * 5_000, "b\na\n" * 2_500),
        ("x" * 10_000, "y" * 10_000),
        ("one\n" + "a " * 2_000, "two\n" + "a b " * 1_000),
    ],
)
def test_the_longest_texts_are_compared_too(before, after):
    old, new = differences(before, after)

    assert "".join(p.text for p in old) == before
    assert "".join(p.text for p in new) == after
    assert any(p.is_changed for p in new)


def test_long_texts_share_their_paragraphs():
    same = "word " * 900 + "\n"

    old, new = differences("a b " * 300 + "\n" + same, "c d " * 300 + "\n" + same)

    assert [p.is_changed for p in old] == [True, False]
    assert new[1].text == same


# The versions


def test_each_version_says_what_it_changed(cast):
    say(cast, 0, level=1, reason="Some teams do.", evidence=(CHARTER,))
    other = EvidenceContent(title="Log", type="number")
    public = EvidenceContent(title="Charter", type="document", is_public=True)
    say(
        cast,
        1,
        by=cast.contributor,
        level=3,
        reason="Most teams do.",
        is_finished=True,
        evidence=(public, other),
    )
    say(cast, 2, state="dont_know", level=None, reason="Most teams do.")

    newest, second, first = told(cast)

    assert (newest.version, newest.is_current, second.is_current) == (3, True, False)
    assert newest.choice == "Don't know yet"
    assert newest.choice_before == second.choice == "3 In place and felt"
    assert not newest.has_new_reason
    assert newest.finished == "Not marked as finished any more."
    assert {(c.how, c.title) for c in newest.evidence_changes} == {
        ("taken out", "Charter"),
        ("taken out", "Log"),
    }
    assert second.saved_by == "Tom Contributor"
    assert [p.text for p in second.before if p.is_changed] == ["Some "]
    assert [p.text for p in second.after if p.is_changed] == ["Most "]
    assert [(c.how, c.title) for c in second.evidence_changes] == [
        ("changed (note, date, who may see it)", "Charter"),
        ("put in", "Log"),
    ]
    assert (first.choice_before, first.choice) == ("Not answered", "1 Early steps")
    assert first.reason == "Some teams do."
    assert first.evidence[0].dated_on == date(2026, 1, 2)
    assert [(c.how, c.title) for c in first.evidence_changes] == [("put in", "Charter")]


def test_evidence_in_another_order_is_said(cast):
    log = EvidenceContent(title="Log", type="number")
    say(cast, 0, evidence=(CHARTER, log))
    say(cast, 1, evidence=(log, CHARTER))

    assert [c.how for c in told(cast)[0].evidence_changes] == ["put in another order"]


def test_what_came_too_late_is_for_its_author_alone(cast):
    say(cast, 0, reason="Asha was first")
    with pytest.raises(EditConflict):
        say(cast, 0, by=cast.contributor, reason="Tom came later")

    own = told(cast, cast.contributor)

    assert [v.is_saved for v in own] == [False, True]
    assert own[0].reason == "Tom came later"
    assert not own[0].has_changes
    for reader in (cast.lead, cast.co_lead, cast.viewer, cast.steward):
        assert [v.reason for v in told(cast, reader)] == ["Asha was first"]


# Bringing one back


def test_restoring_makes_a_new_version_that_says_the_same(cast):
    say(cast, 0, level=1, reason="As it was", is_finished=True, evidence=(CHARTER,))
    say(cast, 1, level=4, reason="Overdone")

    bring_back(cast, 1, shown=2, by=cast.contributor)

    response = the_response(cast.assessment)
    assert (response.version, response.level) == (3, 1)
    assert (response.reason, response.is_finished) == ("As it was", True)
    assert response.saved_by == cast.contributor
    evidence_item = Evidence.objects.get(response=response)
    assert (evidence_item.note, evidence_item.dated_on) == (
        "By our panel.",
        date(2026, 1, 2),
    )
    event = AuditEvent.objects.get(verb="restored")
    assert event.details == {"standard": "PR1", "version": 3}
    assert AuditEvent.objects.filter(verb="answered").count() == 2
    saved = ResponseRevision.objects.filter(outcome="saved").order_by("version")
    assert [r.version for r in saved] == [1, 2, 3]
    assert saved[2].evidence == saved[0].evidence


def test_restoring_over_a_page_that_is_stale_is_a_conflict(cast):
    say(cast, 0, reason="First")
    say(cast, 1, reason="Second")
    say(cast, 2, by=cast.contributor, reason="Meanwhile")

    with pytest.raises(EditConflict):
        bring_back(cast, 1, shown=2)

    assert the_response(cast.assessment).reason == "Meanwhile"
    rejected = ResponseRevision.objects.get(outcome="rejected")
    assert (rejected.saved_by, rejected.reason) == (cast.lead, "First")
    assert not AuditEvent.objects.filter(verb="restored").exists()


def test_restoring_twice_is_done_once(cast):
    say(cast, 0, reason="First")
    say(cast, 1, reason="Second")

    bring_back(cast, 1, shown=2)
    bring_back(cast, 1, shown=2)

    assert the_response(cast.assessment).version == 3
    assert AuditEvent.objects.filter(verb="restored").count() == 1


def test_nothing_is_restored_once_our_view_is_locked(cast):
    for response in Response.objects.of(cast.assessment).select_related("standard"):
        answer(
            response=the_response(cast.assessment, response.standard.code),
            content=content(),
            version=0,
            by=cast.lead,
            at=NOW,
        )
    say(cast, 1, reason="Second")
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    # Also what says the same as what stands.
    for number in (1, 2):
        with pytest.raises(AlreadyLocked):
            bring_back(cast, number, shown=2)

    page = client_of(cast.lead).post(restore_address(cast, 1), {"version": "2"})
    text = client_of(cast.lead).get(page.url).content.decode()
    assert "no version can be restored now" in text
    assert "Restore this" not in text
    assert the_response(cast.assessment).version == 2
    assert not ResponseRevision.objects.filter(outcome="rejected").exists()


# The pages


def restore_address(cast, number):
    return f"{cast.assessment.history_address('principles', 1)}{number}/restore/"


def test_history_says_what_changed_and_shows_all_of_it(cast, address):
    say(cast, 0, level=1, reason="Some <b>teams</b> do.", evidence=(CHARTER,))
    say(cast, 1, by=cast.contributor, level=3, reason="Most <b>teams</b> do.")

    text = client_of(cast.viewer).get(address).content.decode()

    assert text.index("Version 2: the answer now") < text.index("Version 1<")
    assert "Tom Contributor" in text
    assert "was <del>1 Early steps</del>, became <ins>3 In place and felt</ins>" in text
    assert re.search(r"<del>.{0,80}Some </del>&lt;b&gt;teams", text)
    assert re.search(r"<ins>.{0,80}Most </ins>&lt;b&gt;teams", text)
    assert "Some &lt;b&gt;teams&lt;/b&gt; do." in text
    assert "By our panel." in text
    assert "Restore this" not in text


def test_question_page_leads_to_the_history(cast, address):
    question = cast.assessment.question_address("principles", 1)
    client = client_of(cast.lead)
    assert address not in client.get(question).content.decode()
    assert "Nothing yet" in client.get(address).content.decode()

    say(cast, 0)

    for person in (cast.lead, cast.viewer):
        assert f'href="{address}"' in client_of(person).get(question).content.decode()


def test_button_restores_and_says_so(cast, address):
    say(cast, 0, reason="First")
    say(cast, 1, reason="Second", is_finished=True)
    client = client_of(cast.contributor)
    text = client.get(address).content.decode()
    assert text.count("Restore this") == 1
    assert "to restore it takes that mark away." in text
    assert restore_address(cast, 1) in text

    page = client.post(restore_address(cast, 1), {"version": "2"}, follow=True)

    assert page.redirect_chain == [(address, 302)]
    text = page.content.decode()
    assert "Version 1 is our answer again. It is not marked as finished any more." in (
        text
    )
    assert "to restore it sets that mark again." in text
    assert the_response(cast.assessment).reason == "First"
    page = client.post(restore_address(cast, 2), {"version": "3"}, follow=True)
    assert "It is marked as finished again." in page.content.decode()


@pytest.mark.parametrize("version", ["1", "", "two", "-1", "99999999999999999999"])
def test_stale_button_gets_the_conflict_page(cast, version):
    say(cast, 0, reason="First", evidence=(CHARTER,))
    say(cast, 1, by=cast.contributor, reason="Second")
    client = client_of(cast.lead)

    page = client.post(restore_address(cast, 1), {"version": version})

    text = page.content.decode()
    assert page.status_code == 409
    assert "Tom Contributor changed this answer" in text
    assert "First</textarea>" in text
    assert 'name="version" value="2"' in text
    assert 'value="Charter"' in text
    question = cast.assessment.question_address("principles", 1)
    assert f'action="{question}"' in text
    assert the_response(cast.assessment).reason == "Second"
    assert "First" in client.get(question).content.decode()


def test_who_may_not_answer_may_not_restore(cast):
    say(cast, 0, reason="First")
    say(cast, 1, reason="Second")
    refused = {"viewer": 403, "stranger": 404, "steward": 404, "removed": 404}

    found = {
        person: client_of(getattr(cast, person))
        .post(restore_address(cast, 1), {"version": "2"})
        .status_code
        for person in refused
    }
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)
    paused = client_of(cast.lead)

    assert found == refused
    assert paused.post(restore_address(cast, 1), {"version": "2"}).status_code == 403
    address = cast.assessment.history_address("principles", 1)
    assert "Restore this" not in paused.get(address).content.decode()
    assert the_response(cast.assessment).version == 2


@pytest.mark.parametrize("number", [0, 3, 99])
def test_there_is_nothing_to_restore_but_what_was_saved(cast, number):
    say(cast, 0, reason="First")
    with pytest.raises(EditConflict):
        say(cast, 7, by=cast.contributor, reason="Never stood")
    client = client_of(cast.contributor)

    assert client.post(restore_address(cast, number)).status_code == 404
    assert client.post(restore_address(cast, 7)).status_code == 404
    missing = cast.assessment.history_address("principles", 99)
    assert client.get(missing).status_code == 404


@pytest.mark.slow
def test_history_is_paged_and_asks_the_same_number_of_queries(cast, address):
    client = client_of(cast.lead)
    say(cast, 0, reason="Version number 1.")
    say(cast, 1, reason="Version number 2.")
    client.get(address)
    with CaptureQueriesContext(connection) as at_two:
        client.get(address)
    people = [cast.lead, cast.contributor, cast.co_lead]
    for version in range(2, 60):
        by = people[version % 3]
        say(cast, version, by=by, reason=f"Version number {version + 1}.")
    client.get(address)

    for number, versions in ((1, range(60, 35, -1)), (3, range(10, 0, -1))):
        with CaptureQueriesContext(connection) as now:
            text = client.get(address, {"page": number}).content.decode()
        shown = [int(n) for n in re.findall(r">Version (\d+)[<:]", text)]
        assert shown == list(versions)
        assert len(now) == len(at_two) <= 9

    # The oldest of a page is told against the newest of the next.
    second = client.get(address, {"page": 2}).content.decode()
    assert re.search(r"<del>.{0,60}10\.</del>", second)


# At the same moment


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_restoring_and_saving_at_once_is_one_of_the_two(edition):
    cast = make_cast()
    say(cast, 0, reason="First")
    say(cast, 1, reason="Second")
    earlier = version_of(cast, 1)

    def try_to(act):
        def task():
            try:
                act()
            except EditConflict:
                return False
            return True

        return task

    done = all_at_once(
        [
            try_to(lambda: restore(revision=earlier, version=2, by=cast.lead, at=NOW)),
            try_to(lambda: say(cast, 2, by=cast.contributor, reason="Third")),
            try_to(lambda: say(cast, 2, by=cast.co_lead, reason="Third as well")),
        ]
    )

    assert sum(done) == 1
    assert the_response(cast.assessment).version == 3
    assert ResponseRevision.objects.filter(outcome="rejected").count() == 2
