from datetime import timedelta

import pytest

from organisations.models import AuditEvent
from reports.models import Report
from reports.rendering import lease
from tests.factories import NOW
from tests.reports.factories import make_report


pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=20)
SOON = timedelta(seconds=1)


@pytest.fixture
def report(cast):
    return make_report(cast.assessment, cast.lead)


def state(report):
    report.refresh_from_db()
    return report.status, report.attempts


def failures():
    return AuditEvent.objects.filter(
        subject_type="reports.report", verb="failed"
    ).count()


def test_a_queued_report_is_claimed_once(report):
    first = lease.claim(report.pk, at=NOW)
    second = lease.claim(report.pk, at=NOW)

    assert first is not None
    assert second is None
    assert state(report) == ("rendering", 1)
    assert report.lease_until == NOW + LEASE


def test_a_lease_that_holds_is_respected_and_one_that_ran_out_is_not(report):
    lease.claim(report.pk, at=NOW)

    assert lease.claim(report.pk, at=NOW + LEASE) is None
    again = lease.claim(report.pk, at=NOW + LEASE + SOON)

    assert again is not None
    assert again.attempt == 2


def test_renewing_holds_on_for_longer(report):
    claim = lease.claim(report.pk, at=NOW)

    lease.renew(claim, at=NOW + LEASE / 2)

    assert lease.claim(report.pk, at=NOW + LEASE + SOON) is None


def test_whoever_lost_a_report_can_neither_renew_nor_finish_it(report):
    late = lease.claim(report.pk, at=NOW)
    winner = lease.claim(report.pk, at=NOW + LEASE + SOON)

    with pytest.raises(lease.Lost):
        lease.renew(late, at=NOW + LEASE + SOON)
    with pytest.raises(lease.Lost):
        lease.finish(late, status=Report.Status.QUEUED)
    with pytest.raises(lease.Lost):
        lease.give_up(late, sentence="No.", at=NOW)
    lease.renew(winner, at=NOW + LEASE + SOON)


def test_giving_up_puts_it_back_until_the_last_attempt(report, settings):
    settings.REPORT_MAX_ATTEMPTS = 2

    lease.give_up(lease.claim(report.pk, at=NOW), sentence="Too long.", at=NOW)
    assert state(report) == ("queued", 1)
    assert failures() == 0

    lease.give_up(lease.claim(report.pk, at=NOW), sentence="Too long.", at=NOW)
    assert state(report) == ("failed", 2)
    assert report.failure == "Too long."
    assert failures() == 1


def test_a_report_whose_every_worker_died_stops_at_three_attempts(report):
    at = NOW
    for attempt in (1, 2, 3):
        claim = lease.claim(report.pk, at=at)
        assert claim is not None
        assert claim.attempt == attempt
        at += LEASE + SOON

    assert lease.claim(report.pk, at=at) is None

    assert state(report) == ("failed", 3)
    assert report.failure == lease.STOPPED_EACH_TIME
    assert failures() == 1


def test_the_last_attempt_is_left_alone_while_its_lease_holds(report, settings):
    settings.REPORT_MAX_ATTEMPTS = 1
    claim = lease.claim(report.pk, at=NOW)

    assert lease.claim(report.pk, at=NOW + SOON) is None
    lease.renew(claim, at=NOW + SOON)

    assert state(report) == ("rendering", 1)


@pytest.mark.parametrize("status", ["ready", "failed"])
def test_a_report_that_is_done_with_is_not_claimed(report, status):
    done = {
        "ready": {
            "file": "reports/x.pdf",
            "sha256": "0" * 64,
            "bytes": 1,
            "pages": 1,
            "ready_at": NOW,
        },
        "failed": {"failure": "Too long."},
    }[status]
    Report.objects.filter(pk=report.pk).update(status=status, **done)

    assert lease.claim(report.pk, at=NOW + LEASE) is None
    assert state(report) == (status, 0)
