"""A session ends after an hour without a move, and after a working day in any case."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from organisations.access import KEPT, MOST_KEPT, author_mark
from organisations.chores import daily_run
from organisations.models import KeptForm
from organisations.queries.my_data import my_data
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

HERE = "/o/riverside/"
LEFT = "/session-ending/"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(START, tick=False)
    return time_machine


@pytest.fixture
def lead(cast, client, clock):
    client.force_login(cast.lead)
    client.get(HERE)
    return client


def is_in(client):
    return client.get(HERE).status_code == 200


def minutes(number):
    return timedelta(minutes=number)


def left(client):
    return client.get(LEFT).json()["seconds_left"]


def test_an_hour_without_a_move_ends_it(lead, clock):
    clock.shift(minutes(59))
    assert is_in(lead)
    clock.shift(minutes(60))

    page = lead.get(HERE)

    assert page.url == f"/sign-in/?next={HERE}"
    assert "because nothing happened" in lead.get(page.url).content.decode()
    assert not is_in(lead)


def test_a_move_every_half_hour_keeps_it_for_twelve_hours_and_no_longer(lead, clock):
    for _ in range(23):
        clock.shift(minutes(30))
        assert is_in(lead)
    clock.shift(minutes(30))

    page = lead.get(HERE)

    assert page.url == f"/sign-in/?next={HERE}"
    assert "for a long time" in lead.get(page.url).content.decode()


@pytest.mark.parametrize(
    "start",
    # The clocks go back, the clocks go forward, the day that most years lack.
    [(2026, 10, 25), (2027, 3, 28), (2028, 2, 29)],
)
def test_the_hour_is_an_hour_whatever_the_clocks_do(cast, client, time_machine, start):
    time_machine.move_to(datetime(*start, 0, 30, tzinfo=UTC), tick=False)
    client.force_login(cast.lead)
    assert is_in(client)

    time_machine.shift(minutes(59))
    assert left(client) == 60
    time_machine.shift(minutes(1))
    assert left(client) == 0


def test_asking_how_long_is_left_is_no_move(lead, clock):
    clock.shift(minutes(30))
    assert left(lead) == 30 * 60
    clock.shift(minutes(29))
    assert left(lead) == 60
    clock.shift(minutes(1))

    assert left(lead) == 0
    assert not is_in(lead)


def test_staying_gives_the_whole_hour_again(lead, clock):
    clock.shift(minutes(57))

    answer = lead.post(LEFT).json()

    assert answer == {"seconds_left": 3600, "can_stay": True}
    clock.shift(minutes(59))
    assert is_in(lead)


def test_staying_cannot_go_past_the_twelve_hours(lead, clock):
    for _ in range(14):
        clock.shift(minutes(51))
        answer = lead.post(LEFT).json()

    assert answer == {"seconds_left": 6 * 60, "can_stay": True}
    clock.shift(minutes(2))
    assert lead.post(LEFT).json() == {"seconds_left": 4 * 60, "can_stay": False}


def test_staying_needs_the_form_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead)

    assert client.post(LEFT).status_code == 403


def test_nobody_has_no_time_left(client, db):
    assert client.get(LEFT).json() == {"seconds_left": 0, "can_stay": False}
    assert client.post(LEFT).json() == {"seconds_left": 0, "can_stay": False}


def test_the_session_is_written_once_a_minute_at_most(
    lead, clock, django_assert_num_queries
):
    def written():
        return Session.objects.get().get_decoded()["sitting_seen"]

    first = written()
    for _ in range(3):
        clock.shift(19)
        lead.get(HERE)
    assert written() == first
    clock.shift(3)
    lead.get(HERE)
    assert written() == first + 60


def test_page_of_a_member_carries_the_dialog_and_nobody_elses_does(lead, clock):
    clock.shift(minutes(30))
    html = lead.get(HERE).content.decode()

    assert 'data-seconds-left="3600"' in html
    assert 'data-warning-seconds="300"' in html
    assert "session_ending" in html
    assert "session_ending" not in Client().get("/").content.decode()


# What is typed


def leave(client, cast, **overrides):
    form = {
        "author": author_mark(cast.lead),
        "reason": "Typed for an hour",
        "kept_path": question(cast),
    }
    return client.post(f"{LEFT}save/", form | overrides)


def question(cast):
    return cast.assessment.question_address("process", 3)


def test_save_and_sign_out_keeps_what_was_typed(cast, lead):
    page = leave(lead, cast)

    assert page.url == f"/sign-in/?next={question(cast)}"
    assert "we kept what you wrote" in lead.get(page.url).content.decode()
    assert not is_in(lead)
    sign_in(lead, cast.lead)
    assert "Typed for an hour" in lead.get(question(cast)).content.decode()


def test_save_and_sign_out_works_when_it_was_too_late(cast, lead, clock):
    clock.shift(minutes(61))

    leave(lead, cast, why="idle")

    sign_in(lead, cast.lead)
    assert "Typed for an hour" in lead.get(question(cast)).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", ""])
def test_nobody_is_led_elsewhere(cast, lead, elsewhere):
    assert leave(lead, cast, kept_path=elsewhere).url == "/sign-in/?next=/o/"


def test_what_is_kept_lies_sealed_and_is_in_what_is_held_of_her(cast, lead):
    leave(lead, cast)

    row = KeptForm.objects.get()
    rows = f"{row.place} {row.sealed}" + "".join(
        f"{session.session_data} {session.get_decoded()}"
        for session in Session.objects.all()
    )
    assert KEPT in rows
    assert "Typed" not in rows
    assert str(cast.lead.public_id) not in rows
    assert "process" not in rows
    assert "Typed+for+an+hour" in str(my_data(cast.lead))
    assert "Typed" not in str(my_data(cast.co_lead))


@pytest.mark.parametrize(("hours", "is_there"), [(23, True), (25, False)])
def test_it_is_kept_for_a_day(cast, lead, clock, hours, is_there):
    leave(lead, cast)
    clock.shift(timedelta(hours=hours))

    sign_in(lead, cast.lead)

    words = lead.get(question(cast)).content.decode()
    assert ("Typed for an hour" in words) == is_there


def test_the_daily_run_forgets_what_was_kept_for_a_day(cast, lead, clock):
    leave(lead, cast)
    daily_run(timezone.now() + timedelta(hours=23))
    assert KeptForm.objects.count() == 1

    daily_run(timezone.now() + timedelta(hours=24))

    assert not KeptForm.objects.exists()


def test_it_is_given_back_in_another_browser_after_others_signed_in(cast, lead):
    leave(lead, cast)
    sign_in(lead, cast.co_lead)
    assert "Typed for an hour" not in lead.get(question(cast)).content.decode()
    elsewhere = Client()

    sign_in(elsewhere, cast.lead)

    words = elsewhere.get(question(cast)).content.decode()
    assert "Typed for an hour" in words
    lead.post("/sign-out/")
    sign_in(lead, cast.lead)
    assert "Typed for an hour" in lead.get(question(cast)).content.decode()


def test_windows_do_not_overwrite_each_other_and_the_oldest_give_way(cast, lead):
    for number in range(MOST_KEPT + 1):
        window = {"writing": str(UUID(int=number)), "reason": f"Window {number}"}
        leave(lead, cast, **window)
        leave(lead, cast, **window)

    kept = str(my_data(cast.lead))
    assert KeptForm.objects.count() == MOST_KEPT
    assert f"Window+{MOST_KEPT}" in kept
    assert "Window+0" not in kept


def test_sign_in_page_says_nothing_when_nothing_ended(client, db):
    assert not re.search(
        "signed you out|we kept", client.get("/sign-in/").content.decode()
    )
