from types import SimpleNamespace

import pytest
from django.db import OperationalError, connections

from fourpi import doorbell
from fourpi.celery import app
from fourpi.doorbell import Doorbell
from organisations.chores import run_the_day
from organisations.steps import post_mail
from tests.factories import NOW
from tests.reports.factories import make_report


class Timer:
    def __init__(self):
        self.every = None
        self.is_cancelled = False

    def call_repeatedly(self, seconds, look):
        self.every = seconds
        return self

    def cancel(self):
        self.is_cancelled = True


@pytest.fixture
def worker():
    return SimpleNamespace(timer=Timer())


@pytest.fixture
def asked(monkeypatch):
    """Note what the worker is asked for, instead of sending a message."""
    asked = []
    monkeypatch.setattr(
        doorbell.render_report,
        "apply_async",
        lambda arguments, **options: asked.append((arguments, options)),
    )
    monkeypatch.setattr(doorbell.run_the_day, "apply_async", lambda **options: None)
    # The tests' transaction would be closed with the connection.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    return asked


def test_a_worker_has_both_steps():
    assert {"fourpi.doorbell:WarmStart", "fourpi.doorbell:Doorbell"} <= set(
        app.steps["worker"]
    )


@pytest.mark.django_db
def test_it_looks_when_the_worker_starts_and_then_at_intervals(
    cast, worker, asked, settings
):
    settings.REPORT_DOORBELL_SECONDS = 7
    report = make_report(cast.assessment, cast.lead)
    bell = Doorbell(worker)

    bell.start(worker)

    assert worker.timer.every == 7
    assert asked == [((report.pk,), {"expires": settings.REPORT_LEASE_SECONDS})]
    bell.stop(worker)
    assert worker.timer.is_cancelled


@pytest.mark.django_db
def test_it_survives_a_database_that_is_away(cast, worker, asked, monkeypatch, caplog):
    report = make_report(cast.assessment, cast.lead)
    bell = Doorbell(worker)
    reports = bell._bells[0]
    ring = reports.ring_for_waiting

    def away(now):
        raise OperationalError

    monkeypatch.setattr(reports, "ring_for_waiting", away)
    bell.look()
    monkeypatch.setattr(reports, "ring_for_waiting", ring)
    bell.look()

    assert "The doorbell could not look" in caplog.text
    assert [arguments for arguments, _ in asked] == [(report.pk,)]


@pytest.mark.django_db
def test_it_rings_once_for_all_the_mail_that_waits(worker, asked, monkeypatch):
    rung = []
    monkeypatch.setattr(doorbell.timezone, "now", lambda: NOW)
    monkeypatch.setattr(
        doorbell.deliver_waiting_mail, "apply_async", lambda **options: rung.append(1)
    )
    for to in ("ann@people.example", "bob@people.example"):
        post_mail(template="confirm_email", to=to, context={"path": "/"}, at=NOW)
    bell = Doorbell(worker)

    bell.look()
    bell.look()

    assert rung == [1]


@pytest.mark.django_db
def test_it_rings_for_the_daily_run_from_six_until_it_is_done(
    worker, asked, monkeypatch
):
    rung = []
    monkeypatch.setattr(
        doorbell.run_the_day, "apply_async", lambda **options: rung.append(1)
    )
    bell = Doorbell(worker)
    for hour, expected in ((5, []), (6, [1]), (7, [1])):
        now = NOW.replace(hour=hour)
        monkeypatch.setattr(doorbell.timezone, "now", lambda now=now: now)
        bell.look()
        assert rung == expected

    run_the_day(NOW)
    Doorbell(worker).look()

    assert rung == [1]


@pytest.mark.django_db
def test_it_sweeps_away_strays_now_and_then(worker, asked, monkeypatch):
    sweeps = []
    monkeypatch.setattr(doorbell.rendering, "remove_strays", sweeps.append)
    monkeypatch.setattr(doorbell.timezone, "now", lambda: NOW)
    bell = Doorbell(worker)

    bell.look()
    bell.look()

    assert sweeps == [NOW]
