"""What was said the last time stands beside the empty boxes; no level is copied."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from assessments.models import Draft, Response
from assessments.operations import answer, lock, start_assessment
from assessments.rules import EvidenceContent, age_of
from organisations.operations import change_unit
from tests.assessments.test_one_page import boxes, text
from tests.factories import NOW, content, make_locked_assessment, the_response
from tests.standards.source import files, row, write


pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=400)
EVIDENCE = (
    EvidenceContent(
        title="Charter",
        type="change",
        link="https://riverside.example/charter",
        note="Written with eight people",
        dated_on=date(2025, 3, 4),
        is_public=True,
        cqc_category="people",
    ),
    EvidenceContent(title="Minutes", type="document"),
)


@pytest.fixture
def before(cast, time_machine):
    """The whole organisation's view, locked."""
    time_machine.move_to(NOW, tick=False)
    said = {"PR1": content(level=3, reason="What we said then", evidence=EVIDENCE)}
    dont_know = content(state="dont_know", level=None)
    for response in Response.objects.of(cast.assessment).select_related(
        "assessment__organisation", "standard"
    ):
        new = said.get(response.standard.code, dont_know)
        answer(response=response, content=new, version=0, by=cast.lead, at=NOW)
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)
    time_machine.move_to(LATER, tick=False)
    return cast.assessment


@pytest.fixture
def lead(cast, client, before):
    client.force_login(cast.lead)
    return client


def begin(cast, scope_name=""):
    return start_assessment(
        organisation=cast.riverside,
        by=cast.lead,
        at=LATER,
        scope="service" if scope_name else "organisation",
        scope_name=scope_name,
    )


def new_edition(tmp_path):
    """Load the edition of the year after, with other words for one standard."""
    source = files()
    source["edition"] |= {
        "code": "england-2027-1",
        "title": "4Pi self-assessment, England, 2027.1",
        "version": "2027.1",
        "published_on": "2026-12-01",
    }
    standard = row(source, "standards", "PR1")
    standard["statement"] = standard["statement"].replace("carers", "families")
    standard["levels"]["3"] = standard["levels"]["3"].replace("4 out of 5", "most")
    call_command("load_standards", write(source, tmp_path / "new"), verbosity=0)


def test_last_time_is_beside_the_empty_boxes(cast, lead):
    now = begin(cast)

    page = lead.get(now.question_address("principles", 1))

    words = text(page)
    assert "Last time, November 2026" in words
    assert "What we said then" in words
    assert "4 March 2025, 2 years old: older than 24 months" in words
    assert "The wording has changed" not in words
    empty = boxes(page)
    assert "choice" not in empty
    assert (empty["reason"], empty["evidence_1_title"]) == ("", "")
    other = text(lead.get(now.question_address("principles", 2)))
    assert "Don&#x27;t know yet" in other
    assert "Use last time" not in other


def test_its_evidence_is_used_with_its_date_and_never_a_level(cast, lead):
    now = begin(cast)
    address = now.question_address("principles", 1)
    typed = boxes(lead.get(address)) | {
        "reason": "What we say now",
        "evidence_1_title": "New survey",
        "comment": "To Tom",
    }

    page = lead.post(address, typed | {"last_evidence": "yes"})

    with_it = boxes(page)
    assert page.status_code == 200
    assert "Look whether it still holds, then save." in text(page)
    assert with_it["reason"] == "What we say now"
    assert with_it["comment"] == "To Tom"
    titles = [with_it[f"evidence_{n}_title"] for n in (1, 2, 3)]
    assert titles == ["New survey", "Charter", "Minutes"]
    assert "choice" not in with_it
    assert the_response(now).version == 0
    # Who leaves now finds it there again.
    assert boxes(lead.get(address))["evidence_2_title"] == "Charter"
    assert lead.post(address, with_it | {"last_evidence": "yes"}).status_code == 200
    assert lead.post(address, with_it).status_code == 302
    pieces = the_response(now).evidence.order_by("position")
    assert pieces[1].dated_on == date(2025, 3, 4)
    assert (pieces[1].cqc_category, pieces[1].is_public) == ("people", True)
    assert len(pieces) == 3
    assert the_response(now).state == "unanswered"
    # The comment was not posted: it alone is kept.
    assert Draft.objects.exclude(typed="").count() == 1
    assert boxes(lead.get(address))["comment"] == "To Tom"


def test_changed_words_are_marked(cast, lead, tmp_path):
    new_edition(tmp_path)
    now = begin(cast)

    words = text(lead.get(now.question_address("principles", 1)))

    assert "The wording has changed since then." in words
    assert "<del>carers.</del>" in words
    assert "<ins>families.</ins>" in words
    assert "Level 3 said" in words
    same = text(lead.get(now.question_address("principles", 2)))
    assert "Last time" in same
    assert "The wording has changed" not in same


def test_page_of_many_has_it_for_each(cast, lead):
    now = begin(cast)
    address = now.one_page_address("principles")
    page = lead.get(address)
    assert text(page).count("Last time, November 2026") == 6
    typed = boxes(page) | {"PR2-reason": "Typed before", "last_evidence": "PR1"}

    with_it = boxes(lead.post(address, typed))

    assert with_it["PR1-evidence_1_title"] == "Charter"
    assert with_it["PR1-evidence_1_dated_on_year"] == "2025"
    assert "PR1-choice" not in with_it
    assert with_it["PR2-reason"] == "Typed before"
    assert lead.post(address, with_it).status_code == 302
    assert the_response(now).evidence.count() == 2
    assert the_response(now, "PR2").reason == "Typed before"


def test_only_the_same_organisations_locked_view_of_the_same_counts(cast, lead):
    team = begin(cast, "Outreach team")
    whole = begin(cast)

    assert "Last time" not in text(lead.get(team.question_address("principles", 1)))
    assert "Last time" not in text(
        lead.get(cast.assessment.question_address("principles", 1))
    )
    lead.force_login(cast.stranger)
    theirs = cast.others_assessment.question_address("principles", 1)
    assert "Last time" not in text(lead.get(theirs))
    assert lead.get(whole.question_address("principles", 1)).status_code == 404
    # Who brings evidence where there is none loses nothing and gets nothing.
    page = lead.post(theirs, {"version": "0", "reason": "x", "last_evidence": "yes"})
    assert page.status_code == 302


def test_team_is_the_same_under_another_name(cast, client, time_machine):
    before = make_locked_assessment(cast.riverside, cast.lead, "Ward 4")
    time_machine.move_to(LATER, tick=False)
    change_unit(
        unit=before.unit,
        name="Rowan ward",
        parent=None,
        version=before.unit.version,
        by=cast.lead,
        at=LATER,
    )
    now = begin(cast, "Rowan ward")
    client.force_login(cast.lead)

    assert now.unit == before.unit
    assert "Last time" in text(client.get(now.question_address("principles", 1)))


@pytest.mark.parametrize(
    ("dated_on", "age"),
    [
        (date(2026, 11, 23), "less than a month old"),
        (date(2026, 10, 24), "less than a month old"),
        (date(2026, 10, 23), "1 month old"),
        (date(2024, 12, 1), "23 months old"),
        (date(2024, 11, 23), "2 years old"),
        (date(2020, 1, 31), "6 years old"),
    ],
)
def test_age_is_said_in_words(dated_on, age):
    assert age_of(dated_on, on=NOW.date()) == age
