"""What the worker does on its own: find what waits, and forget what is old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from organisations import audit
from organisations.chores import Bell

from .models import Report
from .queries import next_waiting, outlived


# One look; what is left then waits for the next.
AT_ONCE = 100


def report_bell(ring: Callable[[int], object]) -> Bell:
    """Make the bell that rings for each waiting report."""
    return Bell(next_waiting, ring, again_after=settings.REPORT_LEASE_SECONDS)


def remove_old_reports(now: datetime) -> int:
    """Forget the reports that nobody needs any more, and say of how many.

    Effects: audit event "removed" for each; its file goes with the strays.
    """
    old = outlived(now).select_related("organisation").defer("document")
    return sum(_remove(report, now) for report in old.order_by("pk")[:AT_ONCE])


@transaction.atomic(durable=True)
def _remove(report: Report, now: datetime) -> int:
    # Somebody may try it again in the same moment.
    gone, _ = outlived(now).filter(pk=report.pk).delete()
    if gone:
        audit.record(
            by=None,
            verb="removed",
            subject=report,
            organisation=report.organisation,
            at=now,
            details={"kind": report.kind},
        )
    return gone
