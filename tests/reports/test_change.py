"""What changed since the last time: like with like, and why where nothing compares."""

from datetime import timedelta

import pytest

from assessments.models import Assessment, Response
from assessments.operations import answer, lock, start_assessment
from assessments.queries import assessment_record, background_of
from reports.document import build_document, read_document
from tests.assessments.test_last_time import new_edition
from tests.factories import NOW, content, the_response
from tests.reports.factories import answer_all


pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=365)


def whole(assessment):
    assessment = Assessment.objects.get(pk=assessment.pk)
    frozen = build_document(
        assessment_record(assessment), background_of(assessment), at=LATER
    )
    return read_document(frozen)


@pytest.fixture
def again(cast):
    """Answer everything, lock it, and begin anew a year later."""
    answer_all(cast.assessment, cast.lead)
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)
    return start_assessment(
        organisation=cast.riverside, by=cast.lead, at=LATER, scope="organisation"
    )


def say(assessment, code, by, **said):
    answer(
        response=the_response(assessment, code),
        content=content(**said),
        version=0,
        by=by,
        at=LATER,
    )


def test_each_standard_says_what_it_was_and_what_it_is(cast, again):
    # At first they were at 0, 1, 2, 3, 4 in turn.
    say(again, "PR1", cast.co_lead, level=3)
    say(again, "PR3", cast.contributor, level=2)
    say(again, "PR4", cast.contributor, level=1)
    say(again, "PR5", cast.contributor, state="dont_know", level=None)
    left_out = {"not_applicable_because": "no_staff", "reason": "We have no staff."}
    say(again, "PR6", cast.lead, state="not_applicable", level=None, **left_out)

    change = whole(again).change

    assert change.since == NOW
    assert (change.people_before, change.people_now) == (1, 3)
    principles = change.principles[0]
    assert principles.name == "Principles"
    assert [(s.code, s.before[:1], s.change) for s in principles.standards] == [
        ("PR1", "0", "Higher"),
        ("PR2", "1", "Not answered yet"),
        ("PR3", "2", "The same"),
        ("PR4", "3", "Lower"),
        ("PR5", "4", "Not known any more"),
        ("PR6", "0", "Does not apply any more"),
    ]
    assert sum(count for _, count in change.counts) == 30


def test_other_words_and_what_was_not_asked_are_not_compared(cast, tmp_path):
    pr4 = Response.objects.filter(standard__code="PR4")
    pr4.filter(assessment=cast.assessment).update(is_outside=True)
    answer_all(cast.assessment, cast.lead)
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)
    new_edition(tmp_path)
    again = start_assessment(
        organisation=cast.riverside, by=cast.lead, at=LATER, scope="organisation"
    )
    for code in ("PR1", "PR3", "PR4"):
        say(again, code, cast.lead, level=2)

    change = whole(again).change

    assert change.edition_version == "2026.1"
    changes = {s.code: s for s in change.principles[0].standards}
    assert changes["PR1"].change.startswith("Not compared")
    assert changes["PR3"].change == "The same"
    assert changes["PR4"].before == "Not asked"
    assert changes["PR4"].change == "Not asked last time"


def test_the_first_time_there_is_nothing_to_compare(cast):
    assert whole(cast.assessment).change is None
