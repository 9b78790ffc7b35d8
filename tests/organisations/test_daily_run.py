"""What the daily run does, on which day, and that it does it once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from organisations import emails
from organisations.chores import Result, daily, daily_run, outbox, run_the_day
from organisations.models import (
    AuditEvent,
    DailyRun,
    Membership,
    Milestone,
    Organisation,
    Outbox,
    Reminder,
    SignUp,
)
from organisations.operations import pause_organisation, resume_organisation
from tests.factories import (
    NOW,
    make_member,
    make_organisation,
    make_user,
    make_waiting_sign_up,
    signed_up,
)


pytestmark = pytest.mark.django_db

Stage = Organisation.Stage
START = date(2026, 11, 23)  # due on 23 August 2027


def on(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def make(slug="riverside", **overrides):
    organisation = make_organisation(slug, **signed_up(START) | overrides)
    make_member(organisation, Membership.Role.LEAD, f"Lead {slug}")
    make_member(organisation, Membership.Role.CO_LEAD, f"Co {slug}")
    return organisation


def mails(template="reminder"):
    return Outbox.objects.filter(template=template)


def words_of(mail):
    return emails.unseal(mail.secret)


def text_of(mail):
    return emails.build(mail).body


# Reminders of the next assessment


def test_leads_and_co_leads_are_reminded_three_months_and_one_month_before():
    make()
    days = [date(2027, 5, 22), date(2027, 5, 23), date(2027, 5, 24)]
    days += [date(2027, 7, 22), date(2027, 7, 23), date(2027, 8, 23)]

    found = [daily_run(on(day)).reminded for day in days]

    assert found == [0, 1, 0, 0, 1, 0]
    assert mails().count() == 4
    assert set(mails().values_list("to", flat=True)) == {
        "lead.riverside@people.example",
        "co.riverside@people.example",
    }
    assert words_of(mails().first())["publish_by"] == "23 August 2027"


def test_a_late_run_sends_the_nearest_reminder_alone():
    make()

    daily_run(on(date(2027, 8, 20)))

    assert mails().count() == 2
    assert Reminder.objects.get().months == 1


def test_a_date_that_is_put_off_is_reminded_of_again():
    riverside = make()
    daily_run(on(date(2027, 7, 23)))
    Organisation.objects.filter(pk=riverside.pk).update(due_on=date(2027, 12, 23))

    daily_run(on(date(2027, 9, 23)))

    assert list(Reminder.objects.order_by("pk").values_list("due_on", "months")) == [
        (date(2027, 8, 23), 1),
        (date(2027, 12, 23), 3),
    ]


def test_the_mail_says_what_and_why_and_names_no_stage():
    make(name="R & B")
    daily_run(on(date(2027, 5, 23)))
    mail = mails().first()

    assert emails.build(mail).subject == "Dates of R & B"
    text = text_of(mail)
    assert "published by 23 August 2027" in text
    assert "http://localhost:8000/o/riverside/" in text
    assert "Why you get this: you are a lead or co-lead of R & B." in text
    assert "within a month" not in text
    assert "R &amp; B" in emails.build(mail).alternatives[0].content


# Lapse


def test_it_lapses_on_the_day_after_and_both_are_told_how_to_come_back():
    riverside = make()

    assert daily_run(on(date(2027, 8, 23))).lapsed == 0
    assert daily_run(on(date(2027, 8, 24))).lapsed == 1
    assert daily_run(on(date(2027, 8, 25))) == Result()

    riverside.refresh_from_db()
    assert (riverside.stage, riverside.stage_since) == (
        Stage.LAPSED,
        date(2027, 8, 24),
    )
    assert mails("lapsed").count() == 2
    assert "come back at any time" in text_of(mails("lapsed").first())
    event = AuditEvent.objects.get(verb="lapsed")
    assert (event.actor, event.details) == (None, {"before": "signed_up"})


@pytest.mark.parametrize("status", ["paused", "merged"])
def test_nothing_goes_to_who_is_paused_or_merged(status):
    fields = {"status": status, "paused_at": NOW}
    if status == "merged":
        fields["merged_into"] = make_organisation("harbour")
    riverside = make(**fields)
    Milestone.objects.create(organisation=riverside, text="Pay", due_on=START)

    for day in (date(2027, 5, 23), date(2027, 8, 24)):
        assert daily_run(on(day)) == Result()

    assert not Outbox.objects.exists()


def test_after_a_pause_it_goes_on():
    riverside, steward = make(), make_user("Jo", is_staff=True)
    pause_organisation(organisation=riverside, by=steward, at=NOW)
    daily_run(on(date(2027, 8, 24)))
    resume_organisation(organisation=riverside, by=steward, at=NOW)

    assert daily_run(on(date(2027, 9, 1))).lapsed == 1


def test_who_never_signed_up_is_left_alone():
    make_member(make_organisation("quiet"), "lead", "Asha")

    assert daily_run(on(date(2030, 1, 1))) == Result()


# Milestones


def milestone(organisation, due_on, **fields):
    return Milestone.objects.create(
        organisation=organisation,
        text=fields.pop("text", "Pay people"),
        due_on=due_on,
        **{"added_on": START} | fields,
    )


def test_a_milestone_is_reminded_of_a_month_before_and_the_day_after():
    riverside = make()
    milestone(riverside, date(2027, 3, 31))
    days = [date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 31)]
    days += [date(2027, 4, 1), date(2027, 4, 2)]

    found = [daily_run(on(day)).reminded for day in days]

    assert found == [0, 1, 0, 1, 0]
    first, *_, last = mails().order_by("pk")
    assert "31 March 2027: Pay people" in text_of(first)
    assert words_of(first)["missed"] == ""
    assert words_of(last)["missed"] == "31 March 2027: Pay people"
    assert "published by" not in text_of(last)


@pytest.mark.parametrize(
    "fields",
    [
        {"kept_on": START},
        {"dropped_on": START, "why_dropped": "No money"},
        {"added_on": date(2027, 3, 1)},
    ],
)
def test_no_reminder_of_what_is_kept_dropped_or_new(fields):
    milestone(make(), date(2027, 3, 31), **fields)

    assert daily_run(on(date(2027, 3, 2))) == Result()


def test_several_dates_of_one_day_make_one_mail():
    riverside = make()
    milestone(riverside, date(2027, 6, 23), text="Pay people")
    milestone(riverside, date(2027, 6, 23), text="A charter")
    milestone(riverside, date(2027, 5, 22), text="A panel")

    daily_run(on(date(2027, 5, 23)))

    assert mails().count() == 2
    words = words_of(mails().first())
    assert words["coming"] == "23 June 2027: Pay people\n23 June 2027: A charter"
    assert words["missed"] == "22 May 2027: A panel"
    assert words["publish_by"] == "23 August 2027"
    assert Reminder.objects.count() == 4


# One that fails, and who runs it when


def test_one_that_fails_stops_nobody_else(monkeypatch, caplog):
    bad = make("bad")
    make("good")
    tell = daily.tell_leads

    def tell_unless_bad(*, organisation, **fields):
        if organisation == bad:
            raise RuntimeError("secret words")
        return tell(organisation=organisation, **fields)

    monkeypatch.setattr(daily, "tell_leads", tell_unless_bad)

    result = daily_run(on(date(2027, 5, 23)))

    assert (result.reminded, result.failed) == (1, 1)
    assert f"failed for organisation {bad.pk}" in caplog.text
    assert not Reminder.objects.filter(organisation=bad).exists()
    monkeypatch.setattr(daily, "tell_leads", tell)
    assert daily_run(on(date(2027, 5, 24))).reminded == 1


def test_old_sign_ups_are_forgotten_and_a_fault_there_is_told(monkeypatch):
    draft = make_waiting_sign_up(state="withdrawn", changed_at=on(START, 6))
    now = on(START + timedelta(days=31))

    assert daily_run(now) == Result(forgotten=1)
    assert not SignUp.objects.filter(pk=draft.pk).exists()
    monkeypatch.setattr(daily, "forget_old_drafts", None)
    assert daily_run(now) == Result(failed=1)


def test_a_day_is_done_once_and_its_lease_ends():
    make()
    now = on(date(2027, 5, 23))
    DailyRun.objects.create(day=now.date(), lease_until=now + outbox.LEASE)

    assert run_the_day(now) is None
    assert run_the_day(now + timedelta(minutes=5)).reminded == 1
    assert run_the_day(now + timedelta(minutes=10)) is None
    assert run_the_day(now + timedelta(days=1)) == Result()


def test_a_run_that_takes_too_long_goes_on_at_once(monkeypatch):
    make("one")
    make("two")
    now = on(date(2027, 5, 23))
    monkeypatch.setattr(daily, "WORKING_SECONDS", -1)
    assert run_the_day(now) == Result(is_whole=False)

    monkeypatch.undo()
    assert run_the_day(now).reminded == 2


def test_by_hand_it_says_what_it_did(time_machine, capsys, monkeypatch):
    make()
    time_machine.move_to(on(date(2027, 8, 24)))

    call_command("daily_run")

    assert capsys.readouterr().out == (
        "Organisations reminded: 0, lapsed: 1. Old sign-ups forgotten: 0\n"
    )
    make("bad")
    monkeypatch.setattr(daily, "lapse", None)
    with pytest.raises(CommandError, match="failed: 1"):
        call_command("daily_run")


def test_a_quiet_day_costs_five_queries(django_assert_num_queries):
    for number in range(3):
        milestone(make(f"organisation-{number}"), date(2027, 8, 1))

    with django_assert_num_queries(5):
        daily_run(on(date(2027, 1, 1)))


# Clocks


@pytest.mark.parametrize(
    ("moment", "is_over"),
    [
        # In summer the local day ends an hour before that of UTC.
        ("2027-08-23T22:59:59+00:00", False),
        ("2027-08-23T23:00:00+00:00", True),
    ],
)
def test_a_day_ends_at_midnight_in_london(moment, is_over):
    make()
    now = datetime.fromisoformat(moment)

    assert daily_run(now).lapsed == is_over


@pytest.mark.parametrize(
    "moment",
    ["2027-12-31T23:59:59", "2028-02-29T00:00:00", "2027-03-28T00:59:58"],
)
def test_in_winter_it_is_the_day_of_utc(moment):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert timezone.localdate(now) == now.date()
