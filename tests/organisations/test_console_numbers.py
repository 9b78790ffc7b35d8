"""What stewards count, and in which month it falls."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from organisations.models import AuditEvent, DailyRun, Organisation, Outbox, SignUp
from organisations.queries.console import months_until, numbers
from organisations.steps import post_mail
from tests.factories import (
    NOW,
    make_assessment,
    make_organisation,
    make_registered,
    make_steward,
    make_user,
    make_waiting_sign_up,
    signed_up,
)


pytestmark = [pytest.mark.django_db, pytest.mark.database]
PLACE = "/console/numbers/"


@pytest.fixture
def console(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(make_steward("Jo Steward"))
    return client


def text(page):
    return page.content.decode()


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def counted(field, now=NOW):
    """Give the months in which something was counted, as 2026-11."""
    return {
        f"{month.first_day:%Y-%m}": count
        for month in months_until(now)
        if (count := getattr(month, field))
    }


def test_twelve_months_this_one_first():
    days = [month.first_day for month in months_until(NOW)]

    assert days[0] == date(2026, 11, 1)
    assert days[-1] == date(2025, 12, 1)
    assert len(days) == 12


@pytest.mark.parametrize(
    ("at", "month"),
    [
        # In summer the month begins an hour before UTC says so.
        (utc(2026, 5, 31, 23, 0), "2026-06"),
        (utc(2026, 5, 31, 22, 59, 59), "2026-05"),
        # The clocks go forward on 29 March 2026, and back on 25 October.
        (utc(2026, 3, 31, 23, 0), "2026-04"),
        (utc(2026, 3, 1, 0, 0), "2026-03"),
        (utc(2026, 2, 28, 23, 59, 59), "2026-02"),
        (utc(2026, 9, 30, 23, 0), "2026-10"),
        (utc(2026, 10, 31, 23, 0), "2026-10"),
        (utc(2026, 11, 1, 0, 0), "2026-11"),
        # The first month that is shown.
        (utc(2025, 12, 1, 0, 0), "2025-12"),
        (utc(2025, 11, 30, 23, 59, 59), None),
    ],
)
def test_month_is_that_of_the_clocks_here(at, month):
    riverside = make_organisation("riverside")
    steward = make_steward("Jo Steward")
    make_waiting_sign_up(
        sent_at=at, state=SignUp.State.DECLINED, decided_at=at, decided_by=steward
    )
    make_assessment(riverside, make_user("Asha Lead"))
    Assessment.objects.update(started_at=at)

    expected = {month: 1} if month else {}
    assert counted("sent") == expected
    assert counted("declined") == expected
    assert counted("started") == expected


@pytest.mark.parametrize("before", [utc(2027, 3, 31, 22, 59), utc(2026, 10, 31, 23)])
def test_this_month_is_that_of_the_clocks_here(before):
    last = months_until(before)[0].first_day
    hour_later = months_until(before + timedelta(hours=1))[0].first_day

    assert last.month in {3, 10}
    assert hour_later.month == last.month + 1


def test_sign_up_counts_once_its_address_is_confirmed():
    make_waiting_sign_up("Draft", state="draft", sent_at=None, reference="a")
    make_waiting_sign_up("Sent", state="sent", reference="b")
    make_waiting_sign_up("Withdrawn", state="withdrawn", reference="c")
    make_waiting_sign_up("Question", state="question", reference="d")
    make_waiting_sign_up("Waiting", reference="e")

    assert counted("sent") == {"2026-11": 2}


def test_decisions_count_by_when_they_were_made():
    steward = make_steward("Jo Steward")
    decided = {"decided_by": steward, "decided_at": utc(2026, 8, 1, 9)}
    make_waiting_sign_up(
        "Yes",
        **decided,
        state="approved",
        sent_at=utc(2026, 7, 1),
        organisation=make_organisation("yes"),
    )
    make_waiting_sign_up("No", **decided, state="declined", sent_at=utc(2026, 7, 2))

    assert counted("approved") == counted("declined") == {"2026-08": 1}
    assert counted("sent") == {"2026-07": 2}


def test_organisation_counts_while_it_is_on_the_register():
    make_registered("riverside")
    make_organisation("spring", **signed_up(date(2026, 3, 1)))
    make_organisation("long-ago", **signed_up(date(2025, 11, 30)))
    make_organisation("not-signed-up")
    merged = make_registered("merged")
    Organisation.objects.filter(pk=merged.pk).update(
        status="merged",
        paused_at=NOW,
        merged_into=Organisation.objects.get(slug="spring"),
    )

    assert counted("signed_up") == {"2026-11": 1, "2026-03": 1}
    assert numbers(NOW).organisations == 3


def test_only_an_organisations_first_assessment_counts():
    lead = make_user("Asha Lead")
    riverside = make_organisation("riverside")
    for scope_name, month in (("", 9), ("Ward 1", 10), ("Ward 2", 10)):
        assessment = make_assessment(riverside, lead, scope_name)
        at = utc(2026, month, 15)
        Assessment.objects.filter(pk=assessment.pk).update(started_at=at)
    old = make_organisation("old")
    for scope_name, year in (("", 2025), ("Ward", 2026)):
        assessment = make_assessment(old, lead, scope_name)
        at = utc(year, 10, 15)
        Assessment.objects.filter(pk=assessment.pk).update(started_at=at)
    make_assessment(make_organisation("harbour"), lead)

    assert counted("started") == {"2026-09": 1, "2026-11": 1}


def test_kinds_and_nations_are_counted_each():
    make_registered("a", kind="council", nation="wales")
    make_registered("b", kind="council", nation="scotland")
    make_registered("c", kind="user_led", nation="wales")
    make_organisation("d", kind="user_led", nation="england")

    page = numbers(NOW)

    assert {t.name: t.count for t in page.kinds if t.count} == {
        "Council": 2,
        "User-led or peer group": 1,
    }
    assert {t.name: t.count for t in page.nations} == {
        "England": 0,
        "Scotland": 1,
        "Wales": 2,
        "Northern Ireland": 0,
    }
    assert len(page.kinds) == len(Organisation.Kind)


def test_picture_says_what_it_shows():
    for number, month in enumerate([3, 3, 8, 8, 11]):
        at = utc(2026, month, 5)
        make_waiting_sign_up(f"Sign-up {number}", sent_at=at)

    picture = numbers(NOW).picture

    assert picture.finding == (
        "5 sign-ups were sent from December 2025 to November 2026. "
        "Most in a month: 2, in March 2026 and August 2026."
    )
    drawn = {bar.name: (bar.count, bar.length) for bar in picture.bars if bar.count}
    assert drawn == {"Mar 2026": (2, 55), "Aug 2026": (2, 55), "Nov 2026": (1, 27.5)}
    assert all(bar.end < 90 and bar.y + 16 < picture.height for bar in picture.bars)


def test_page_has_the_picture_and_its_twin(console):
    make_registered("riverside")
    make_waiting_sign_up()

    page = text(console.get(PLACE))

    assert 'role="img" aria-labelledby="months-title months-desc"' in page
    assert "1 sign-up was sent from December 2025 to November 2026." in page
    assert page.count("<caption") == 3
    assert (
        '<th scope="row" class="govuk-table__header on-one-line">November 2026</th>'
        in page
    )
    assert 'href="/console/numbers.csv"' in page
    assert "style=" not in page[page.index("<svg") : page.index("</svg>")]


def test_nothing_yet_is_said(console):
    page = text(console.get(PLACE))

    assert "No sign-up was sent in these months." in page
    assert "No organisation is on the register yet." in page
    assert "No mail waits to be sent." in page
    assert "The daily run has not been done yet." in page
    assert "<svg" not in page


def test_health_is_said_in_words(console):
    for number in range(3):
        at = NOW - timedelta(hours=number)
        post_mail(template="confirm_email", to="a@b.example", context={}, at=at)
    first = Outbox.objects.order_by("pk").first()
    given_up = {"status": "failed", "failure": "refused", "secret": ""}
    Outbox.objects.filter(pk=first.pk).update(**given_up)
    done, begun = date(2026, 11, 21), date(2026, 11, 22)
    DailyRun.objects.create(day=done, lease_until=NOW, finished_at=NOW)
    DailyRun.objects.create(day=begun, lease_until=NOW)

    page = text(console.get(PLACE))

    assert "2 mails wait to be sent, the oldest since 23 November 2026, 10:00." in page
    assert "1 mail of the last 30 days could not be delivered." in page
    assert "The daily run was last done for 21 November 2026." in page


def test_file_holds_the_months(console):
    make_waiting_sign_up(sent_at=utc(2026, 5, 31, 23))
    make_registered("riverside")

    page = console.get("/console/numbers.csv")

    rows = list(csv.reader(io.StringIO(text(page).lstrip("\ufeff"))))
    assert page["Content-Disposition"] == 'attachment; filename="4pi-months.csv"'
    assert rows[0][:2] == ["Month", "Sign-ups sent"]
    assert rows[1] == ["2026-11", "0", "0", "0", "1", "0"]
    assert ["2026-06", "1", "0", "0", "0", "0"] in rows
    assert len(rows) == 13


def test_page_asks_as_many_queries_for_many_as_for_few(console):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            console.get(PLACE)
        return len(queries)

    def add(first, last):
        for n in range(first, last):
            make_registered(f"number-{n}", nation=list(Organisation.Nation)[n % 4])
            make_waiting_sign_up(f"Sign-up {n}", sent_at=NOW - timedelta(days=9 * n))

    ask()  # The first page also notes the session.
    add(0, 2)
    few = ask()
    add(2, 40)

    assert few == ask() < 12


@pytest.mark.slow
@pytest.mark.usefixtures("edition")
def test_a_thousand_is_written_with_a_comma(console):
    names = (f"n{number}" for number in range(1234))
    Organisation.objects.bulk_create(
        Organisation(slug=name, name=name, kind="council", **signed_up())
        for name in names
    )
    AuditEvent.objects.bulk_create(
        AuditEvent(at=NOW, verb="added", subject_type="organisations.organisation")
        for _ in range(1234)
    )
    waiting = make_waiting_sign_up()
    SignUp.objects.bulk_create(
        a_sign_up_like(waiting, number) for number in range(1233)
    )

    assert "Organisations without a lead (1,234)" in text(console.get("/console/"))
    for place in ("/console/organisations/", "/console/sign-ups/", "/organisations/"):
        assert "Showing 1 to 25 of 1,234" in text(console.get(place)), place
    trail = text(console.get("/console/audit/"))
    assert "of 1,234, newest first" in trail
    assert "Save the newest 10,000" in trail
    assert "1,234 organisations have signed up" in text(console.get("/"))
    page = text(console.get(PLACE))
    # Of the kind, of the nation, of the month, of all; and of the sign-ups.
    assert page.count(">1,234<") == 7
    assert "1,234 sign-ups were sent" in page
    assert "Most in a month: 1,234," in page
    assert "1234" not in page


def a_sign_up_like(sign_up, number):
    return SignUp(
        **{field.name: getattr(sign_up, field.name) for field in SignUp._meta.fields}
        | {"pk": None, "public_id": uuid4(), "reference": f"4PI-N{number}"}
    )
