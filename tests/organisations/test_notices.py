"""What stewards say above every page, to everybody."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from organisations.models import AuditEvent, Notice
from organisations.operations.console import edit_notice, end_notice
from organisations.queries import shown_notices
from organisations.queries.notices import KEY
from organisations.rules import AlreadyDone, Changed
from tests.factories import NOW, make_notice


pytestmark = pytest.mark.django_db
PLACE = "/console/notices/"


@pytest.fixture(autouse=True)
def nothing_is_kept():
    cache.delete(KEY)


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def steward(cast, now):
    client = Client()
    client.force_login(cast.steward)
    return client


def text(page):
    return page.content.decode()


def said(now=NOW):
    return [notice.text for notice in shown_notices(now)]


def test_everybody_sees_it_above_every_page(now, edition):
    make_notice("Closed on <b>Friday</b>.")

    page = text(Client().get("/help/"))

    assert "Closed on &lt;b&gt;Friday&lt;/b&gt;." in page
    assert page.index("Closed on") < page.index("<main")


def test_newest_two_are_shown(now):
    for number in range(3):
        make_notice(f"Notice {number}", starts_at=NOW - timedelta(hours=3 - number))

    assert said() == ["Notice 2", "Notice 1"]


def test_it_starts_and_ends_on_the_moment():
    day = timedelta(days=1)
    make_notice("Soon", starts_at=NOW + day, ends_at=NOW + 2 * day)
    moment = timedelta(microseconds=1)

    found = []
    for at in (
        NOW,
        NOW + day - moment,
        NOW + day,
        NOW + 2 * day - moment,
        NOW + 2 * day,
    ):
        cache.delete(KEY)
        found.append(said(at))

    assert found == [[], [], ["Soon"], ["Soon"], []]


def test_it_starts_and_ends_while_it_is_kept():
    make_notice("Soon", starts_at=NOW + timedelta(seconds=30))
    make_notice("Now", ends_at=NOW + timedelta(seconds=30))

    assert said() == ["Now"]
    assert said(NOW + timedelta(seconds=30)) == ["Soon"]


def test_pages_do_not_ask_each_time(django_assert_num_queries):
    make_notice()
    said()

    with django_assert_num_queries(0):
        assert said() == ["We are closed on Friday."]


def test_change_is_seen_at_once(cast, commits):
    with commits():
        notice = make_notice()
    said()
    with commits():
        edit_notice(
            notice=notice,
            text="Open again.",
            starts_at=NOW,
            ends_at=None,
            by=cast.steward,
            at=NOW,
        )
    assert said() == ["Open again."]
    with commits():
        end_notice(notice=notice, by=cast.steward, at=NOW)
    assert said() == []

    events = AuditEvent.objects.filter(subject_type="organisations.notice")
    verbs = events.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["added", "edited", "ended"]
    assert "closed" not in str(list(events.values_list("details", flat=True)))


def test_second_change_of_the_same_text_is_refused(cast):
    notice = make_notice()
    stale = Notice.objects.get(pk=notice.pk)
    told = {"starts_at": NOW, "ends_at": None, "by": cast.steward, "at": NOW}
    edit_notice(notice=notice, text="Open again.", **told)

    with pytest.raises(Changed):
        edit_notice(notice=stale, text="Never mind.", **told)


def test_one_that_was_to_come_is_never_shown(cast):
    notice = make_notice(starts_at=NOW + timedelta(days=1))

    end_notice(notice=notice, by=cast.steward, at=NOW)

    assert said(NOW + timedelta(days=1)) == []
    with pytest.raises(AlreadyDone):
        end_notice(notice=notice, by=cast.steward, at=NOW + timedelta(days=1))


def test_steward_looks_at_it_first_and_puts_it_up(steward):
    typed = {"text": "Closed on Friday.", "last_day_day": "27", "last_day_month": "11"}
    typed |= {"last_day_year": "2026"}

    looked = text(steward.post(f"{PLACE}new/", typed | {"preview": "yes"}))
    assert "How it will look" in looked
    assert not Notice.objects.exists()
    steward.post(f"{PLACE}new/", typed | {"keep": "yes"})

    notice = Notice.objects.get()
    assert notice.starts_at == NOW
    # Midnight after the last day.
    assert timezone.localtime(notice.ends_at).isoformat() == "2026-11-28T00:00:00+00:00"
    assert "Shown now" in text(steward.get(PLACE))


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ({"text": ""}, "Enter what you want to say."),
        ({"text": "x" * 301}, "Use 300 characters or fewer."),
        (
            {
                "text": "x",
                "last_day_day": "1",
                "last_day_month": "1",
                "last_day_year": "2026",
            },
            "The last day must not be before the first.",
        ),
        ({"text": "x", "first_day_day": "1"}, "The first day must include"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(steward, typed, what):
    page = text(steward.post(f"{PLACE}new/", typed | {"keep": "yes"}))

    assert what in page
    assert "<title>Error: " in page
    assert not Notice.objects.exists()


def test_steward_changes_it_and_takes_it_down(steward):
    notice = make_notice()
    place = f"{PLACE}{notice.public_id}/"

    assert "We are closed on Friday." in text(steward.get(place))
    changed = {"text": "Open.", "before": notice.text, "keep": "yes"}
    assert steward.post(place, changed).url == PLACE
    too_late = text(steward.post(place, changed))
    assert "Somebody else changed" in too_late
    steward.post(f"{place}end/")

    notice.refresh_from_db()
    assert (notice.text, notice.ends_at) == ("Open.", NOW)


def test_error_page_asks_nothing(django_assert_num_queries):
    from fourpi.views import server_error

    make_notice()
    with django_assert_num_queries(0):
        assert b"Please note" not in server_error(None).content
