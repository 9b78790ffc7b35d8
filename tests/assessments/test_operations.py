"""What people do with an assessment, one at a time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments import operations
from assessments.models import Assessment, Evidence, Response, ResponseRevision
from assessments.operations import AlreadyUnderWay, EditConflict
from assessments.rules import AlreadyLocked, EvidenceContent, NotAllowed, NotReady
from organisations.models import AuditEvent
from tests.factories import NOW, content, make_assessment, the_response


pytestmark = pytest.mark.django_db


def events(verb):
    return AuditEvent.objects.filter(verb=verb)


def answer(cast, *, by=None, version=0, code="PR1", **overrides):
    operations.answer(
        response=the_response(cast.assessment, code),
        content=content(**overrides),
        version=version,
        by=by or cast.lead,
        at=NOW,
    )


def answer_everything(cast):
    for response in Response.objects.of(cast.assessment).select_related("standard"):
        answer(cast, code=response.standard.code)


def test_start_lays_out_thirty_responses(cast):
    responses = Response.objects.of(cast.assessment)

    assert responses.count() == 30
    assert responses.filter(is_core=True).count() == 12
    assert set(responses.values_list("state", flat=True)) == {"unanswered"}
    assert events("started").filter(organisation="riverside").count() == 1


def test_start_is_refused_while_the_same_scope_is_under_way(cast):
    with pytest.raises(AlreadyUnderWay):
        make_assessment(cast.riverside, cast.co_lead)

    assert Assessment.objects.of(cast.riverside).count() == 1


def test_start_of_another_scope_is_allowed(cast):
    make_assessment(cast.riverside, cast.lead, "Evening drop-in")

    assert Assessment.objects.of(cast.riverside).count() == 2


def test_answer_saves_all_of_it_with_one_revision_and_one_event(cast):
    evidence = (
        EvidenceContent(title="Charter", type="document", dated_on=date(2026, 1, 2)),
        EvidenceContent(title="Log", type="number", link="https://riverside.example/"),
    )

    answer(cast, level=3, reason="Ĉiuj", is_finished=True, evidence=evidence)

    saved = the_response(cast.assessment)
    assert (saved.level, saved.reason, saved.is_finished) == (3, "Ĉiuj", True)
    assert (saved.version, saved.saved_by, saved.saved_at) == (1, cast.lead, NOW)
    titles = Evidence.objects.filter(response=saved).order_by("position")
    assert list(titles.values_list("title", flat=True)) == ["Charter", "Log"]
    revision = ResponseRevision.objects.get(response=saved)
    assert (revision.outcome, revision.version) == ("saved", 1)
    assert revision.evidence[0]["dated_on"] == "2026-01-02"
    event = events("answered").get()
    assert event.actor == cast.lead.public_id
    assert event.details == {"standard": "PR1", "version": 1}


def test_answer_replaces_the_evidence_that_was_there(cast):
    answer(cast, evidence=(EvidenceContent(title="Old", type="document"),))

    answer(cast, version=1, evidence=(EvidenceContent(title="New", type="number"),))

    rows = Evidence.objects.filter(response=the_response(cast.assessment))
    assert [(e.title, e.position) for e in rows] == [("New", 1)]


def test_answer_with_a_stale_version_keeps_both_texts(cast):
    answer(cast, by=cast.contributor, reason="Theirs")

    with pytest.raises(EditConflict) as conflict:
        answer(cast, by=cast.lead, reason="Mine")

    assert conflict.value.response.saved_by == cast.contributor
    assert the_response(cast.assessment).reason == "Theirs"
    rejected = ResponseRevision.objects.get(outcome="rejected")
    assert (rejected.saved_by, rejected.reason) == (cast.lead, "Mine")
    assert events("answered").count() == 1


def test_answer_with_a_version_of_the_future_is_a_conflict(cast):
    with pytest.raises(EditConflict):
        answer(cast, version=7)

    assert the_response(cast.assessment).version == 0


def test_answer_sent_twice_is_saved_once(cast):
    answer(cast)
    answer(cast)

    assert the_response(cast.assessment).version == 1
    assert ResponseRevision.objects.count() == 1
    assert events("answered").count() == 1


def test_answer_that_changes_nothing_leaves_no_trace(cast):
    answer(cast, state="unanswered", level=None, reason="")

    assert the_response(cast.assessment).version == 0
    assert not events("answered").exists()


def test_answer_refuses_that_a_core_standard_does_not_apply(cast):
    with pytest.raises(NotAllowed):
        answer(
            cast,
            code="PR2",
            state="not_applicable",
            level=None,
            not_applicable_because="other",
        )

    assert the_response(cast.assessment, "PR2").version == 0


@pytest.mark.parametrize(
    "change",
    [
        {"not_applicable_because": "", "reason": "We have no groups."},
        {"not_applicable_because": "other", "reason": ""},
        {"not_applicable_because": "other", "reason": " \n"},
    ],
)
def test_answer_refuses_that_a_standard_does_not_apply_without_why(cast, change):
    with pytest.raises(NotAllowed):
        answer(cast, state="not_applicable", level=None, **change)

    assert the_response(cast.assessment).version == 0


def test_finish_principle_names_what_is_missing(cast):
    principle = cast.assessment.edition.principles.get(code="PR")
    answer(cast, code="PR1")

    with pytest.raises(NotReady) as refusal:
        operations.finish_principle(
            assessment=cast.assessment,
            principle=principle,
            codes=["PR1"],
            by=cast.lead,
            at=NOW,
        )

    assert refusal.value.codes == ("PR2", "PR3", "PR4", "PR5", "PR6")
    assert not the_response(cast.assessment).is_finished


def test_finish_principle_after_the_lock_leaves_no_trace(cast):
    principle = cast.assessment.edition.principles.get(code="PR")
    answer_everything(cast)
    operations.lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    with pytest.raises(AlreadyLocked):
        operations.finish_principle(
            assessment=cast.assessment,
            principle=principle,
            codes=["PR1"],
            by=cast.lead,
            at=NOW,
        )

    assert not events("finished").exists()
    assert not the_response(cast.assessment).is_finished


def test_lock_is_refused_while_a_standard_is_unanswered(cast):
    answer(cast)

    with pytest.raises(NotReady) as refusal:
        operations.lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    assert len(refusal.value.codes) == 29
    cast.assessment.refresh_from_db()
    assert not cast.assessment.is_locked()


def test_lock_allows_dont_know_yet(cast):
    answer_everything(cast)
    answer(cast, version=1, state="dont_know", level=None)

    operations.lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    assert cast.assessment.is_locked()
    assert events("locked").count() == 1


def test_answer_after_the_lock_is_refused_and_kept(cast):
    answer_everything(cast)
    operations.lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    with pytest.raises(AlreadyLocked):
        answer(cast, version=1, by=cast.contributor, reason="Too late")

    assert the_response(cast.assessment).reason != "Too late"
    rejected = ResponseRevision.objects.get(outcome="rejected")
    assert (rejected.saved_by, rejected.reason) == (cast.contributor, "Too late")


def test_lock_twice_says_so_and_moves_nothing(cast):
    answer_everything(cast)
    operations.lock(assessment=cast.assessment, by=cast.lead, at=NOW)

    with pytest.raises(AlreadyLocked):
        operations.lock(
            assessment=cast.assessment, by=cast.co_lead, at=NOW + timedelta(days=1)
        )

    cast.assessment.refresh_from_db()
    assert (cast.assessment.locked_by, cast.assessment.locked_at) == (cast.lead, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "answered", "level": None},
        {"state": "answered", "level": 5},
        {"state": "dont_know", "level": 2},
        {"state": "not_applicable", "level": None, "reason": "Why."},
        {
            "state": "not_applicable",
            "level": None,
            "not_applicable_because": "other",
            "reason": "",
        },
        {"state": "unanswered", "level": None, "is_finished": True},
        {"is_later": True},
        {"version": 3},
    ],
)
def test_database_refuses_a_response_that_contradicts_itself(cast, change):
    responses = Response.objects.filter(pk=the_response(cast.assessment).pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        responses.update(**change)


def test_database_refuses_not_applicable_on_a_core_standard(cast):
    responses = Response.objects.filter(pk=the_response(cast.assessment, "PR2").pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        responses.update(
            state="not_applicable", not_applicable_because="other", reason="Why."
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"position": 4, "title": "Fourth"},
        {"position": 0, "title": "Before the first"},
        {"position": 1, "title": ""},
        {"position": 1, "title": "Script", "link": "javascript:alert(1)"},
    ],
)
def test_database_refuses_evidence_that_is_out_of_bounds(cast, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(
            response=the_response(cast.assessment), type="document", **fields
        )
