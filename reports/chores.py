"""What the worker does on its own: find the reports that nobody is making."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from .queries import next_waiting


class Bell:
    """Rings for reports that wait, once for each attempt and lease.

    A waiting report keeps one message on its way, however long the pool is busy: it
    rings again only when a lease's time has gone by and nobody has taken it.
    """

    def __init__(self, ring: Callable[[int], object]) -> None:
        self._ring = ring
        self._rung: dict[tuple[int, int], float] = {}

    def ring_for_waiting(self, now: datetime) -> int:
        """Ring for each waiting report that was not rung for lately."""
        waiting = next_waiting(now)
        self._rung = {each: self._rung[each] for each in waiting if each in self._rung}
        due = [each for each in waiting if self._is_due(each)]
        for each in due:
            self._ring(each[0])
            self._rung[each] = time.monotonic()
        return len(due)

    def _is_due(self, each: tuple[int, int]) -> bool:
        rung = self._rung.get(each)
        return rung is None or time.monotonic() - rung > settings.REPORT_LEASE_SECONDS
