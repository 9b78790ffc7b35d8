"""Stages move by themselves: each move once, with one event and its history."""

from datetime import date, timedelta

import pytest

from assessments.operations import publish_own_view
from assessments.rules import OwnView
from organisations import steps
from organisations.models import AuditEvent, Organisation
from organisations.operations import pause_organisation
from organisations.rules import AlreadyDone, reminder_due
from tests.factories import (
    NOW,
    make_assessment,
    make_locked_assessment,
    make_member,
    make_organisation,
    make_user,
    signed_up,
)


pytestmark = pytest.mark.django_db

Stage = Organisation.Stage
TODAY = NOW.date()


@pytest.fixture
def asha(db):
    return make_user("Asha")


def make(stage, **overrides):
    fields = signed_up(date(2026, 5, 1), stage=stage)
    if stage in {Stage.OWN_VIEW, Stage.JOINT_VIEW}:
        fields["published_on"] = date(2026, 5, 1)
    if not stage:
        fields = {}
    return make_organisation("riverside", **fields | overrides)


def moves():
    return list(
        AuditEvent.objects.filter(subject_type="organisations.organisation")
        .order_by("pk")
        .values_list("verb", "details")
    )


@pytest.mark.parametrize("before", ["", *Stage.values])
def test_starting_moves_only_who_has_just_signed_up(asha, before):
    riverside = make(before)
    fields = {"organisation": riverside, "by": asha, "at": NOW}

    steps.assessment_started(**fields)
    steps.assessment_started(**fields)

    riverside.refresh_from_db()
    if before != Stage.SIGNED_UP:
        assert (riverside.stage, moves()) == (before, [])
        return
    assert (riverside.stage, riverside.stage_since) == (Stage.UNDER_WAY, TODAY)
    assert riverside.due_on == date(2027, 2, 1)
    assert moves() == [("under_way", {"before": "signed_up"})]
    assert riverside.history.latest().history_user == asha


def test_starting_an_assessment_moves_the_stage(edition, asha):
    riverside = make(Stage.SIGNED_UP)
    make_assessment(riverside, asha)
    make_assessment(riverside, asha, "A ward")

    riverside.refresh_from_db()
    assert riverside.stage == Stage.UNDER_WAY
    assert len(moves()) == 1


@pytest.mark.parametrize("before", Stage.values)
def test_publishing_gives_a_stage_and_the_next_date(asha, before):
    riverside = make(before)

    steps.assessment_published(
        organisation=riverside,
        by=asha,
        at=NOW,
        assessed_by="2-4",
        words={"public_gaps": "Carers."},
        of="a",
    )

    riverside.refresh_from_db()
    assert (riverside.stage, riverside.published_on) == (Stage.OWN_VIEW, TODAY)
    assert (riverside.due_on, riverside.assessed_by) == (date(2028, 5, 23), "2-4")
    assert (riverside.public_gaps, riverside.version) == ("Carers.", 1)
    assert moves() == [("own_view", {"before": before, "assessment": "a"})]


def test_who_never_signed_up_publishes_nothing(asha):
    riverside = make("")
    with pytest.raises(AlreadyDone, match="not on the register"):
        steps.assessment_published(
            organisation=riverside, by=asha, at=NOW, assessed_by="1", words={}, of="a"
        )

    assert moves() == []


@pytest.mark.parametrize("before", ["", *Stage.values])
def test_only_who_goes_on_lapses_and_once(before):
    riverside = make(before)
    late = NOW + timedelta(days=200)
    assert steps.lapse(organisation=riverside, at=NOW) is False

    lapsed = steps.lapse(organisation=riverside, at=late)
    steps.lapse(organisation=Organisation.objects.get(), at=late)

    assert lapsed is (before in Organisation.GOING_ON)
    assert moves() == ([("lapsed", {"before": before})] if lapsed else [])


def test_a_stale_reader_moves_nothing(asha):
    stale = make(Stage.SIGNED_UP)
    steps.assessment_started(organisation=make_copy(stale), by=asha, at=NOW)

    assert not steps.lapse(organisation=stale, at=NOW + timedelta(days=200))


def make_copy(organisation):
    return Organisation.objects.get(pk=organisation.pk)


def test_a_paused_organisation_does_not_lapse(asha):
    riverside = make(Stage.UNDER_WAY)
    pause_organisation(organisation=make_copy(riverside), by=asha, at=NOW)

    assert not steps.lapse(organisation=riverside, at=NOW + timedelta(days=200))


def test_coming_back_begins_anew_and_history_keeps_the_lapse(asha):
    riverside = make(Stage.UNDER_WAY)
    late = NOW + timedelta(days=200)
    steps.lapse(organisation=riverside, at=late)

    steps.come_back(organisation=riverside, by=asha, at=late + timedelta(days=9))

    riverside.refresh_from_db()
    assert (riverside.stage, riverside.signed_up_on) == (
        Stage.SIGNED_UP,
        date(2026, 5, 1),
    )
    assert riverside.due_on == date(2028, 3, 20)
    assert [row.stage for row in riverside.history.order_by("pk")][-2:] == [
        Stage.LAPSED,
        Stage.SIGNED_UP,
    ]
    with pytest.raises(AlreadyDone, match="has not lapsed"):
        steps.come_back(organisation=riverside, by=asha, at=late)


def make_published(organisation, by):
    assessment = make_locked_assessment(organisation, by)
    own_view = OwnView(why_not_asked="Not yet.")
    publish_own_view(assessment=assessment, own_view=own_view, by=by, at=NOW)


@pytest.mark.parametrize(
    ("make_work", "stage"),
    [
        (make_assessment, Stage.UNDER_WAY),
        (make_locked_assessment, Stage.UNDER_WAY),
        (make_published, Stage.SIGNED_UP),
    ],
)
def test_who_comes_back_goes_on_with_what_is_not_published(
    edition, asha, make_work, stage
):
    riverside = make(Stage.SIGNED_UP)
    make_work(riverside, asha)
    riverside.refresh_from_db()
    late = NOW + timedelta(days=900)
    assert steps.lapse(organisation=riverside, at=late)

    steps.come_back(organisation=riverside, by=asha, at=late)

    riverside.refresh_from_db()
    assert riverside.stage == stage
    assert moves()[-1] == (stage, {"before": "lapsed"})


def test_leads_and_co_leads_are_told_and_nobody_else(asha):
    riverside = make(Stage.SIGNED_UP)
    for role in ("lead", "co_lead", "contributor", "viewer"):
        make_member(riverside, role, f"A {role}")
    gone = make_member(riverside, "lead", "Gone")
    gone.is_active = False
    gone.save()
    tell = {
        "organisation": riverside,
        "template": "lapsed",
        "context": {"due_on": "1 May 2027"},
        "at": NOW,
    }

    assert steps.tell_leads(**tell, kind="news") == 2
    stop = riverside.memberships.get(role="co_lead").user.mail_preferences.create
    stop(kind="news", stopped_at=NOW)
    assert steps.tell_leads(**tell, kind="reminders") == 2
    assert steps.tell_leads(**tell, kind="news") == 1


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2027-02-27", None),
        ("2027-02-28", 12),
        ("2027-11-28", 12),
        ("2027-11-29", 3),
        ("2028-01-28", 3),
        ("2028-01-29", 1),
        ("2028-02-29", 1),
    ],
)
def test_the_nearest_reminder_is_due(today, expected):
    leap_day = date(2028, 2, 29)

    found = reminder_due(
        leap_day, since=date(2026, 5, 29), today=date.fromisoformat(today)
    )

    assert found == expected


def test_a_reminder_that_lies_before_the_last_move_is_not_due():
    due_on = date(2027, 8, 23)
    since = date(2027, 5, 23)

    assert reminder_due(due_on, since=since, today=date(2027, 7, 22)) is None
    assert reminder_due(due_on, since=since, today=date(2027, 7, 23)) == 1
