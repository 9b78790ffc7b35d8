"""The worker's doorbell: it rings from the database, so no lost message matters.

Without a broker it is the only bell; with one it is the sweeper. See
docs/decisions/0004.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import bootsteps
from django.conf import settings
from django.db import connections
from django.utils import timezone

from assessments.tasks import run_the_day
from organisations.chores import (
    BELL_SECONDS,
    daily_bell,
    mail_bell,
    remove_old_mail,
)
from organisations.tasks import deliver_waiting_mail
from reports import rendering
from reports.chores import remove_old_reports, report_bell
from reports.tasks import render_report

from . import broker


logger = logging.getLogger(__name__)

SWEEP_SECONDS = 600


class SafeBroker(bootsteps.Step):
    """Start with no broker that would lose what waits."""

    def create(self, worker: Any) -> None:
        broker.check_keeps_all(settings.BROKER_URL)


class WarmStart(bootsteps.Step):
    """Load the PDF engine before the pool forks, so that every process has it."""

    def create(self, worker: Any) -> None:
        rendering.settle_in()
        rendering.warm_up()


class Doorbell(bootsteps.StartStopStep):
    requires = ("celery.worker.components:Timer", "celery.worker.components:Pool")

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._bells = [
            report_bell(_ring_for_report),
            mail_bell(_ring_for_mail),
            daily_bell(_ring_for_day),
        ]
        self._swept: float | None = None
        self._entry: Any = None

    def start(self, worker: Any) -> None:
        self._entry = worker.timer.call_repeatedly(
            settings.REPORT_DOORBELL_SECONDS, self.look
        )
        self.look()

    def stop(self, worker: Any) -> None:
        if self._entry is not None:
            self._entry.cancel()

    def look(self) -> None:
        """Look for what waits and what is stale, whatever became of the last time."""
        try:
            for bell in self._bells:
                bell.ring_for_waiting(timezone.now())
            self._sweep()
        except Exception:
            # The database or the broker is away; the next look is soon.
            logger.exception("The doorbell could not look")
        finally:
            # Nothing may be open when the pool forks its next process.
            connections.close_all()

    def _sweep(self) -> None:
        if self._swept is None or time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            remove_old_reports(timezone.now())
            rendering.remove_strays(timezone.now())
            remove_old_mail(timezone.now())


def _ring_for_report(report_id: int) -> None:
    # After a lease's time the bell rings anew, so an older message is of no use.
    render_report.apply_async((report_id,), expires=settings.REPORT_LEASE_SECONDS)


def _ring_for_mail(mail_id: int) -> None:
    # It delivers everything that is due; this one is only the next.
    deliver_waiting_mail.apply_async(expires=BELL_SECONDS)


def _ring_for_day(day: int) -> None:
    run_the_day.apply_async(expires=SWEEP_SECONDS)
