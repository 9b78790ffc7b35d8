"""What people do with reports: ask for one, and try one again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assessments.models import Assessment
from assessments.queries import assessment_record
from organisations import audit, steps
from organisations.models import User

from .document import TEMPLATE_VERSION, build_document
from .models import Report


class NotFailed(Exception):
    """There is nothing to try again; a sentence for the person."""


def request_report(*, assessment: Assessment, by: User, at: datetime) -> Report:
    """Freeze an assessment as it stands and ask for its report.

    Shape: the one under way when this person asked before and it is not made yet.
    Effects: audit event "requested"; the bell rings after the commit.
    """
    with transaction.atomic(durable=True):
        _hold_still(assessment)
        under_way = _under_way(assessment, by)
        if under_way is not None:
            return under_way
        report = Report.objects.create(
            assessment=assessment,
            document=build_document(assessment_record(assessment), at=at),
            template_version=TEMPLATE_VERSION,
            requested_at=at,
            queued_at=at,
            requested_by=by,
        )
        _record("requested", report, by=by, at=at)
        steps.ring_after_commit("reports.tasks.render_report", [report.pk])
    return report


def retry_report(*, report: Report, by: User, at: datetime) -> Report:
    """Put a report that could not be made back into the queue, as it was frozen.

    Shape: the one under way when the person who asked has asked anew since; when
    it was first asked for stays as it was.
    Raises: NotFailed.
    Effects: audit event "retried"; the bell rings after the commit.
    """
    with transaction.atomic(durable=True):
        _hold_still(report.assessment)
        under_way = _under_way(report.assessment, report.requested_by)
        if under_way is not None and under_way != report:
            return under_way
        again = Report.objects.filter(pk=report.pk, status=Report.Status.FAILED).update(
            status=Report.Status.QUEUED, failure="", attempts=0, queued_at=at
        )
        if not again:
            raise NotFailed("This report is not one that we could not make.")
        _record("retried", report, by=by, at=at)
        steps.ring_after_commit("reports.tasks.render_report", [report.pk])
    return report


def _hold_still(assessment: Assessment) -> None:
    """Let two clicks at once come one after the other."""
    Assessment.objects.select_for_update().get(pk=assessment.pk)


def _under_way(assessment: Assessment, by: User) -> Report | None:
    return (
        Report.objects.under_way()
        .filter(assessment=assessment, requested_by=by)
        .first()
    )


def _record(verb: str, report: Report, *, by: User, at: datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=report,
        organisation=report.assessment.organisation,
        at=at,
        details={"assessment": str(report.assessment.public_id)},
    )
