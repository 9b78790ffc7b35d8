"""Two years, day by day, over both clock changes, a leap day and every date.

And the same run twice at the same moment, in threads and in two real processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from organisations.chores import Result, daily_run, run_the_day
from organisations.models import (
    AuditEvent,
    Milestone,
    Organisation,
    Outbox,
    Reminder,
)
from organisations.rules import months_after
from organisations.steps import assessment_published, come_back
from tests.at_once import all_at_once
from tests.factories import make_member, make_organisation, make_user, signed_up


pytestmark = [pytest.mark.slow, pytest.mark.database]

FIRST, LAST = date(2026, 11, 23), date(2028, 11, 22)
CLOCK_CHANGES = {date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26)}


def make(slug, signed_up_on):
    organisation = make_organisation(slug, **signed_up(signed_up_on))
    make_member(organisation, "lead", f"Lead {slug}")
    make_member(organisation, "co_lead", f"Co {slug}")
    return organisation


def moments(day):
    """Name when both runs are done: once, and around a change of clocks all the time."""
    hours = range(8) if day in CLOCK_CHANGES else (6,)
    for hour in hours:
        for minute in (0, 59) if day in CLOCK_CHANGES else (30,):
            yield datetime(day.year, day.month, day.day, hour, minute, 58, tzinfo=UTC)


def live_through(time_machine, do):
    """Let each day pass with what is `do`ne on it by people, and the daily runs."""
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        for moment in moments(day):
            time_machine.move_to(moment, tick=False)
            run_the_day(timezone.now())
            assert daily_run(timezone.now()).failed == 0
        if day in do:
            do[day](timezone.now())


@pytest.mark.django_db
@pytest.mark.same_on_both
def test_each_reminder_and_each_move_comes_once_on_its_day(time_machine):
    asha = make_user("Asha")
    quiet = make("quiet", FIRST)
    month_end = make("month-end", date(2026, 5, 31))
    leap = make("leap", date(2027, 5, 29))
    Milestone.objects.create(
        organisation=leap, text="Pay", due_on=date(2028, 2, 29), added_on=FIRST
    )

    def publish(now):
        assessment_published(
            organisation=month_end, by=asha, at=now, assessed_by="1", words={}, of="a"
        )

    def return_(now):
        come_back(organisation=leap, by=asha, at=now)

    live_through(time_machine, {date(2027, 2, 28): publish, date(2028, 3, 31): return_})

    leap_mark = str(leap.milestones.get().public_id)
    assert sorted(
        (r.organisation.slug, timezone.localdate(r.sent_at).isoformat(), r.months)
        for r in Reminder.objects.filter(subject="assessment")
    ) == [
        ("leap", "2027-11-29", 3),
        ("leap", "2028-01-29", 1),
        # After the return it was due on the last of December.
        ("leap", "2028-09-30", 3),
        # Signed up on 31 May 2026, so due on the last of February.
        ("month-end", "2026-11-28", 3),
        ("month-end", "2027-01-28", 1),
        # Published on that day, so due on 28 August 2028.
        ("month-end", "2027-08-28", 12),
        ("month-end", "2028-05-28", 3),
        ("month-end", "2028-07-28", 1),
        ("quiet", "2027-05-23", 3),
        ("quiet", "2027-07-23", 1),
    ]
    assert [
        (timezone.localdate(r.sent_at).isoformat(), r.months)
        for r in Reminder.objects.filter(subject=leap_mark).order_by("sent_at")
    ] == [("2028-01-29", 1), ("2028-04-01", 0)]
    assert list(
        AuditEvent.objects.order_by("at").values_list(
            "organisation", "verb", "at__date"
        )
    ) == [
        ("month-end", "own_view", date(2027, 2, 28)),
        ("quiet", "lapsed", date(2027, 8, 24)),
        ("leap", "lapsed", date(2028, 3, 1)),
        ("leap", "signed_up", date(2028, 3, 31)),
        ("month-end", "lapsed", date(2028, 8, 29)),
    ]
    # Two people for each; the milestone's first went with a date of the same day.
    assert Outbox.objects.filter(template="reminder").count() == 2 * 11
    assert Outbox.objects.filter(template="lapsed").count() == 2 * 3
    assert {quiet.pk, leap.pk, month_end.pk} == {
        o.pk for o in Organisation.objects.registered()
    }


@pytest.fixture
def far_away():
    """Put the server where the next day has begun when London has breakfast."""
    before = os.environ["TZ"]
    os.environ["TZ"] = "Pacific/Kiritimati"
    time.tzset()
    yield
    os.environ["TZ"] = before
    time.tzset()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "lapsed"),
    [
        ("2027-03-27T23:59:58", 0),
        ("2027-03-28T00:59:58", 0),
        ("2027-03-28T01:00:00", 0),
        ("2027-03-28T22:59:58", 0),
        ("2027-03-28T23:00:00", 1),
        ("2027-03-29T00:00:00", 1),
    ],
)
def test_the_day_is_that_of_london_wherever_the_server_stands(
    far_away, time_machine, moment, lapsed
):
    make_organisation("spring", **signed_up(FIRST, due_on=date(2027, 3, 28)))
    time_machine.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC))

    assert daily_run(timezone.now()).lapsed == lapsed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "lapsed"),
    [
        ("2027-10-30T23:00:00", 0),
        ("2027-10-31T00:59:58", 0),
        ("2027-10-31T01:00:00", 0),
        ("2027-10-31T23:00:00", 0),
        ("2027-11-01T00:00:00", 1),
    ],
)
def test_the_long_day_in_autumn_ends_at_its_end(far_away, moment, lapsed):
    make_organisation("autumn", **signed_up(FIRST, due_on=date(2027, 10, 31)))

    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert daily_run(now).lapsed == lapsed


# Twice at the same moment


def make_a_busy_day(today):
    """Ten organisations that lapse today, ten with a date in a month."""
    since = months_after(today, -9)
    for number in range(10):
        make_late = signed_up(since, due_on=today - timedelta(days=1))
        make_near = signed_up(since, due_on=months_after(today, 1))
        for name, fields in (("late", make_late), ("near", make_near)):
            organisation = make_organisation(f"{name}-{number}", **fields)
            make_member(organisation, "lead", f"Lead {name} {number}")


def everything_once():
    return {
        "lapsed": AuditEvent.objects.filter(verb="lapsed").count(),
        "mails of lapses": Outbox.objects.filter(template="lapsed").count(),
        "reminders": Reminder.objects.count(),
        "mails of reminders": Outbox.objects.filter(template="reminder").count(),
        "people written to": Outbox.objects.values("to").distinct().count(),
    }


ONCE = {
    "lapsed": 10,
    "mails of lapses": 10,
    "reminders": 10,
    "mails of reminders": 10,
    "people written to": 20,
}


@pytest.mark.django_db(transaction=True)
def test_four_runs_at_once_do_each_thing_once():
    today = date(2027, 3, 28)
    make_a_busy_day(today)
    now = datetime(2027, 3, 28, 6, tzinfo=UTC)

    results = all_at_once([lambda: daily_run(now)] * 4)

    assert [result.failed for result in results] == [0] * 4
    assert sum(result.lapsed for result in results) == 10
    assert sum(result.reminded for result in results) == 10
    assert everything_once() == ONCE


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_one_has_the_day():
    make_a_busy_day(date(2027, 3, 28))
    now = datetime(2027, 3, 28, 6, tzinfo=UTC)

    results = all_at_once([lambda: run_the_day(now)] * 4)

    assert sorted(map(str, results)).count("None") == 3
    assert Result(lapsed=10, reminded=10) in results
    assert everything_once() == ONCE


def database_url():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{place}"


@pytest.mark.django_db(transaction=True)
def test_two_commands_at_once_on_a_server_elsewhere():
    make_a_busy_day(timezone.localdate())
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "TZ": "Pacific/Kiritimati",
    }

    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", "daily_run"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0] for process in running]

    assert [process.returncode for process in running] == [0, 0], said
    assert everything_once() == ONCE
