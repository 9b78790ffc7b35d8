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

from reports import rendering
from reports.chores import Bell
from reports.tasks import render_report


logger = logging.getLogger(__name__)

SWEEP_SECONDS = 600


class WarmStart(bootsteps.Step):
    """Load the PDF engine before the pool forks, so that every process has it."""

    def create(self, worker: Any) -> None:
        rendering.warm_up()


class Doorbell(bootsteps.StartStopStep):
    requires = ("celery.worker.components:Timer", "celery.worker.components:Pool")

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._bell = Bell(_ring)
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
        """Look for waiting reports and stray files, whatever became of the last time."""
        try:
            self._bell.ring_for_waiting(timezone.now())
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
            rendering.remove_strays(timezone.now())


def _ring(report_id: int) -> None:
    # After a lease's time the bell rings anew, so an older message is of no use.
    render_report.apply_async((report_id,), expires=settings.REPORT_LEASE_SECONDS)
