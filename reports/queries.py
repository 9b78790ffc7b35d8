"""What the pages of a report read, and what the doorbell looks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q

from assessments.models import Response
from organisations.models import Organisation, User

from .models import Report, ReportQuerySet


def reports_of(organisation: Organisation) -> ReportQuerySet:
    """List an organisation's reports, newest first, without their documents.

    Shape: each says with `was_draft` whether our view was not locked yet.
    """
    return (
        Report.objects.of(organisation)
        .select_related("organisation", "assessment", "requested_by")
        .annotate(was_draft=Q(document__locked_at=None))
        .defer("document")
        .order_by("-requested_at", "-pk")
    )


def newest_record(organisation: Organisation) -> Report | None:
    """Find the newest report of an assessment that is ready, without its document."""
    records = Report.objects.of(organisation).filter(
        status=Report.Status.READY, kind=Report.Kind.FULL_RECORD
    )
    return records.defer("document").order_by("-ready_at", "-pk").first()


def ahead_of(report: Report) -> int:
    """Count the reports of the whole site that are made before this one."""
    if report.status != Report.Status.QUEUED:
        return 0
    earlier = Report.objects.under_way().filter(queued_at__lt=report.queued_at)
    return earlier.count()


def has_changed_since(report: Report) -> bool:
    """Say whether an answer was saved after the report was frozen."""
    frozen_at = datetime.fromisoformat(report.document["frozen_at"])
    assert report.assessment
    responses = Response.objects.of(report.assessment)
    return responses.filter(saved_at__gt=frozen_at).exists()


def next_waiting(now: datetime, *, at_most: int = 100) -> list[tuple[int, int]]:
    """List the reports that nobody is making, oldest first.

    Shape: pairs of a report's key and how often it was tried.
    """
    waiting = Report.objects.waiting(now).order_by("queued_at")
    return list(waiting.values_list("pk", "attempts")[:at_most])


def reports_asked_by(user: User) -> list[dict[str, Any]]:
    """List the reports somebody asked for, without what is in them, in one query."""
    reports = Report.objects.filter(requested_by=user).order_by("pk")
    return list(
        reports.values(
            *("kind", "requested_at", "status", "ready_at", "pages"),
            organisation_name=F("organisation__name"),
            about=F("assessment__scope_name"),
        )
    )
