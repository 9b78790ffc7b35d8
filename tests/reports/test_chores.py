from datetime import timedelta

import pytest

from reports.chores import report_bell
from reports.models import Report
from reports.rendering import lease
from tests.factories import NOW
from tests.reports.factories import make_report


pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=20)


@pytest.fixture
def rung():
    return []


@pytest.fixture
def bell(rung):
    return report_bell(rung.append)


@pytest.fixture
def report(cast):
    return make_report(cast.assessment, cast.lead)


def test_it_rings_for_what_waits_and_once(bell, rung, report):
    assert [bell.ring_for_waiting(NOW) for _ in range(3)] == [1, 0, 0]
    assert rung == [report.pk]


def test_it_rings_oldest_first(bell, rung, cast):
    late = make_report(cast.assessment, cast.lead)
    early = make_report(cast.assessment, cast.contributor)
    Report.objects.filter(pk=early.pk).update(queued_at=NOW - LEASE)

    bell.ring_for_waiting(NOW)

    assert rung == [early.pk, late.pk]


def test_it_is_silent_while_a_lease_holds(bell, rung, report):
    lease.claim(report.pk, at=NOW)

    bell.ring_for_waiting(NOW + LEASE)

    assert rung == []


def test_it_rings_at_once_for_another_attempt(bell, rung, report):
    bell.ring_for_waiting(NOW)
    lease.claim(report.pk, at=NOW)

    bell.ring_for_waiting(NOW + LEASE * 2)

    assert rung == [report.pk, report.pk]


def test_it_rings_anew_when_nobody_came_for_a_lease(bell, rung, report):
    bell.ring_for_waiting(NOW)
    bell._rung = {each: rang - 21 for each, rang in bell._rung.items()}

    bell.ring_for_waiting(NOW)

    assert len(rung) == 2


def test_it_forgets_what_no_longer_waits(bell, report):
    bell.ring_for_waiting(NOW)
    lease.claim(report.pk, at=NOW)
    bell.ring_for_waiting(NOW)

    assert bell._rung == {}


def test_a_bell_that_breaks_rings_again_next_time(report):
    calls = []

    def break_once(pk):
        calls.append(pk)
        if len(calls) == 1:
            raise ConnectionError("gone")

    bell = report_bell(break_once)
    with pytest.raises(ConnectionError):
        bell.ring_for_waiting(NOW)
    bell.ring_for_waiting(NOW)

    assert calls == [report.pk, report.pk]
