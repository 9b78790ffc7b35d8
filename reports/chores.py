"""What the worker does on its own: find the reports that nobody is making."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from organisations.chores import Bell

from .queries import next_waiting


def report_bell(ring: Callable[[int], object]) -> Bell:
    """Make the bell that rings for each waiting report."""
    return Bell(next_waiting, ring, again_after=settings.REPORT_LEASE_SECONDS)
