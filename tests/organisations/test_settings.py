"""An organisation's own settings: its entry, its milestones, leaving, coming back."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from organisations import emails
from organisations.models import AuditEvent, Milestone, Organisation, Outbox
from organisations.operations import (
    AlreadyDone,
    Paused,
    add_milestone,
    come_back,
    drop_milestone,
    edit_entry,
    keep_milestone,
    leave_register,
    pause_organisation,
)
from organisations.queries import standing_of
from organisations.rules import TooManyMilestones, in_words
from tests.factories import NOW, make_organisation, signed_up


pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture
def riverside(cast):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    cast.riverside.refresh_from_db()
    return cast.riverside


@pytest.fixture
def lapsed(cast, riverside):
    fields = signed_up(date(2026, 1, 1), stage="lapsed", stage_since=date(2026, 10, 2))
    Organisation.objects.filter(pk=riverside.pk).update(**fields)
    riverside.refresh_from_db()
    return riverside


@pytest.fixture
def client(cast):
    client = Client()
    client.force_login(cast.lead)
    return client


def address(name, *more):
    return reverse(name, args=["riverside", *more])


def events(verb):
    return AuditEvent.objects.filter(verb=verb)


TYPED = {
    "version": "0",
    "nation": "wales",
    "area": "Ynys Môn",
    "website": "riverside.example",
    "serves": "Adults.",
    "scope": "whole",
    "domains": ["OC", "GS"],
    "co_lead": "named",
    "payment": "yes",
    "own_words": "We begin with <b>people</b>.",
}


# The entry


def test_it_is_saved_shown_and_audited_by_name_of_field(client, riverside):
    page = client.post(address("settings_entry"), TYPED, follow=True)

    riverside.refresh_from_db()
    assert riverside.website == "https://riverside.example"
    assert riverside.search_text == "riverside ynys mon"
    assert riverside.version == 1
    assert riverside.history.latest().area == "Ynys Môn"
    assert "We begin with &lt;b&gt;people&lt;/b&gt;." in page.content.decode()
    event = events("edited").get()
    assert event.details["fields"] == sorted(
        ["area", "co_lead", "domains", "nation", "own_words", "payment", "serves"]
        + ["website"]
    )


def test_the_same_twice_is_saved_once(client, riverside):
    for _ in range(2):
        assert client.post(address("settings_entry"), TYPED).status_code == 302

    assert events("edited").count() == 1


def test_who_comes_second_is_shown_both_texts(cast, client, riverside):
    values = {"area": "Anglesey"}
    edit_entry(
        organisation=riverside, values=values, version=0, by=cast.co_lead, at=NOW
    )

    page = client.post(address("settings_entry"), TYPED)

    text = page.content.decode()
    assert page.status_code == 409
    assert "Anglesey" in text
    assert "Ynys Môn" in text
    assert 'name="version" value="1"' in text
    riverside.refresh_from_db()
    assert riverside.area == "Anglesey"
    client.post(address("settings_entry"), TYPED | {"version": "1"})
    riverside.refresh_from_db()
    assert riverside.area == "Ynys Môn"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"scope": "service"}, "Name the service or team."),
        ({"co_lead": "recruiting"}, "Say by when you find a co-lead."),
        ({"payment": "no"}, "Say why not everybody is paid."),
        ({"website": "javascript:alert(1)"}, "Enter a web address"),
        ({"nation": "atlantis"}, "Choose one of these."),
        ({"domains": ["XX"]}, "Choose from the list."),
        ({"area": "x\x00"}, "a character that we cannot store"),
    ],
)
def test_what_is_wrong_is_said_and_kept(client, riverside, typed, sentence):
    page = client.post(address("settings_entry"), TYPED | typed)

    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: " in text
    assert sentence in text
    assert "We begin with" in text
    assert not events("edited").exists()


def test_name_kind_and_stage_are_not_to_be_changed_here(client, riverside):
    stolen = {"name": "Harbour", "kind": "council", "stage": "joint_view"}
    stolen |= {"due_on": "2030-01-01", "public_gaps": "None at all."}

    client.post(address("settings_entry"), TYPED | stolen)

    riverside.refresh_from_db()
    assert (riverside.name, riverside.stage) == ("Riverside", "signed_up")
    assert riverside.public_gaps == ""


def test_public_texts_can_be_mended_once_something_is_published(client, riverside):
    Organisation.objects.update(published_on=TODAY, public_gaps="Carrers.")
    page = client.get(address("settings_entry")).content.decode()
    assert "Carrers." in page

    client.post(address("settings_entry"), TYPED | {"public_gaps": "Carers."})

    riverside.refresh_from_db()
    assert riverside.public_gaps == "Carers."


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("settings_entry", TYPED),
        ("milestone_add", {"text": "We begin with <b>people</b>."}),
    ],
)
def test_what_was_typed_outlives_the_session(cast, client, riverside, name, typed):
    text = client.get(address(name)).content.decode()
    mark = re.search(r'name="author" value="([^"]+)"', text)[1]
    client.logout()

    page = client.post(address(name), typed | {"author": mark}, follow=True)
    assert "sign-in" in page.request["PATH_INFO"]
    client.force_login(cast.lead)

    text = client.get(address(name)).content.decode()
    assert "We begin with &lt;b&gt;people&lt;/b&gt;." in text
    assert "We kept what you wrote" in text


# Milestones


def add(cast, organisation, **fields):
    fields = {"text": "Pay people", "due_on": date(2027, 3, 31)} | fields
    return add_milestone(organisation=organisation, by=cast.lead, at=NOW, **fields)


def test_a_milestone_is_kept_or_dropped_once_and_never_deleted(cast, riverside):
    kept, dropped = add(cast, riverside), add(cast, riverside)
    keep_milestone(milestone=kept, by=cast.lead, at=NOW)
    drop_milestone(milestone=dropped, why="No money", by=cast.co_lead, at=NOW)

    for milestone in (kept, dropped):
        with pytest.raises(AlreadyDone):
            keep_milestone(milestone=milestone, by=cast.lead, at=NOW)
        with pytest.raises(AlreadyDone):
            drop_milestone(milestone=milestone, why="x", by=cast.lead, at=NOW)

    dropped.refresh_from_db()
    assert (dropped.dropped_on, dropped.why_dropped) == (TODAY, "No money")
    assert [events(verb).count() for verb in ("added", "kept", "dropped")] == [2, 1, 1]


def test_a_dozen_milestones_wait_at_most(cast, riverside):
    first, *_ = [add(cast, riverside) for _ in range(12)]
    with pytest.raises(TooManyMilestones):
        add(cast, riverside)

    keep_milestone(milestone=first, by=cast.lead, at=NOW)
    add(cast, riverside)


def test_nothing_changes_while_it_is_paused(cast, riverside):
    milestone = add(cast, riverside)
    pause_organisation(organisation=riverside, by=cast.steward, at=NOW)
    milestone = Milestone.objects.select_related("organisation").get()

    for change in (
        lambda: add(cast, riverside),
        lambda: keep_milestone(milestone=milestone, by=cast.lead, at=NOW),
        lambda: edit_entry(
            organisation=riverside,
            values={"area": "x"},
            version=0,
            by=cast.lead,
            at=NOW,
        ),
        lambda: come_back(organisation=riverside, by=cast.lead, at=NOW),
    ):
        with pytest.raises(Paused):
            change()


def test_milestones_by_the_pages(client, riverside, time_machine):
    time_machine.move_to(NOW)
    typed = {"text": "A charter", "due_on_day": "31", "due_on_month": "3"}
    wrong = client.post(address("milestone_add"), typed | {"due_on_year": "2026"})
    assert "The date must be in the future." in wrong.content.decode()
    client.post(address("milestone_add"), typed | {"due_on_year": "2027"})
    milestone = Milestone.objects.get()
    page = client.get(address("settings")).content.decode()
    assert "Due in 4 months" in page

    again = client.post(address("milestone_drop", milestone.public_id), {"why": " "})
    assert "Say why you drop it." in again.content.decode()
    page = client.post(
        address("milestone_drop", milestone.public_id), {"why": "No room"}, follow=True
    )
    assert "No room" in page.content.decode()
    page = client.post(address("milestone_keep", milestone.public_id), follow=True)
    assert "kept or dropped already" in page.content.decode()


# Coming back, and leaving


def test_a_lapsed_organisation_comes_back_by_one_button(client, lapsed, time_machine):
    time_machine.move_to(NOW)
    page = client.get(reverse("workspace", args=["riverside"])).content.decode()
    assert "Lapsed since 2 October 2026." in page
    assert "Come back to the register" in page

    for _ in range(2):
        page = client.post(address("settings_come_back"), follow=True)

    lapsed.refresh_from_db()
    # Its assessment of before is not published yet.
    assert (lapsed.stage, lapsed.due_on) == ("under_way", date(2027, 8, 23))
    assert lapsed.signed_up_on == date(2026, 1, 1)
    assert "has not lapsed" in page.content.decode()
    assert events("under_way").count() == 1
    assert Outbox.objects.filter(template="come_back").count() == 2
    mail = emails.build(Outbox.objects.filter(template="come_back").first())
    assert "Asha Lead has brought Riverside back." in mail.body
    assert "says “Assessment under way” again" in mail.body


def test_leaving_takes_the_entry_away_and_history_keeps_it(cast, client, riverside):
    Organisation.objects.update(published_on=TODAY, public_gaps="Carers.")
    add(cast, riverside)
    page = client.get(address("settings_leave")).content.decode()
    assert 'name="stage" value="signed_up"' in page

    client.post(address("settings_leave"), {"stage": "signed_up"})

    riverside.refresh_from_db()
    assert (riverside.stage, riverside.due_on, riverside.published_on) == (
        "",
        None,
        None,
    )
    assert riverside.public_gaps == ""
    assert events("left").get().details == {"before": "signed_up"}
    assert Milestone.objects.count() == 1
    assert cast.assessment.organisation == riverside
    assert Outbox.objects.filter(template="left_register").count() == 2
    public = Client().get(reverse("register_organisation", args=["riverside"]))
    assert public.status_code == 404


@pytest.mark.parametrize("before", ["", "own_view", "nonsense"])
def test_leaving_goes_from_the_stage_that_was_shown_alone(cast, riverside, before):
    with pytest.raises(AlreadyDone):
        leave_register(organisation=riverside, before=before, by=cast.lead, at=NOW)

    assert not events("left").exists()


# What is read


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, "gone by"),
        (0, "today"),
        (1, "tomorrow"),
        (30, "in 30 days"),
        (31, "in about a month"),
        (60, "in about a month"),
        (61, "in 2 months"),
        (273, "in 9 months"),
    ],
)
def test_how_far_off_is_said_as_people_would(days, expected):
    assert in_words(TODAY + timedelta(days=days), TODAY) == expected


def test_the_settings_name_what_is_due_and_nag_about_one_lead(cast, riverside):
    add(cast, riverside, due_on=TODAY + timedelta(days=20))
    add(cast, riverside, due_on=TODAY + timedelta(days=90))

    standing = standing_of(riverside, TODAY)

    assert (standing.when_due, standing.has_one_lead) == ("in 9 months", True)
    assert [m.when for m in standing.due_milestones] == ["in 20 days"]


def test_a_contributor_reads_and_changes_nothing(cast, riverside):
    client = Client()
    client.force_login(cast.contributor)

    page = client.get(address("settings")).content.decode()

    assert "Signed up, since 23 November 2026." in page
    for words in ("Change your entry", "Leave the register", "Add a milestone"):
        assert words not in page


def test_it_costs_the_same_with_many_milestones(
    cast, riverside, client, django_assert_max_num_queries
):
    for _ in range(12):
        add(cast, riverside)

    with django_assert_max_num_queries(9):
        client.get(address("settings"))


def test_who_never_signed_up_has_settings_too(cast, client):
    page = client.get(address("settings")).content.decode()

    assert "is not on the register" in page
    assert make_organisation("other").stage == ""
