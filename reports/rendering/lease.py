"""Who is making a report, and until when. Every step is one UPDATE."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from organisations.audit import record
from reports.models import Report

from .telling import tell


STOPPED_EACH_TIME = "The work stopped before it was done, each time we tried."


class Lost(Exception):
    """Another worker owns the report by now."""


@dataclass(frozen=True)
class Claim:
    """A report that this process makes, and this attempt's own mark."""

    report: Report
    owner: str
    attempt: int

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.report.document
        return document

    @property
    def version(self) -> int:
        return self.report.template_version

    @property
    def name(self) -> str:
        return f"{self.report.public_id}-{self.attempt}"

    @property
    def what(self) -> tuple[str, int]:
        return str(self.report.public_id), self.attempt


def claim(report_id: int, *, at: datetime) -> Claim | None:
    """Take a report that is queued, or whose maker has gone quiet.

    Shape: None when somebody else has it, or when it was tried often enough.
    Effects: the attempt counts from here, so a report that kills its worker
    stops too.
    """
    owner = f"{os.uname().nodename[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    waiting = Report.objects.waiting(at).filter(pk=report_id)
    taken = waiting.filter(attempts__lt=settings.REPORT_MAX_ATTEMPTS).update(
        status=Report.Status.RENDERING,
        owner=owner,
        lease_until=_end(at),
        attempts=F("attempts") + 1,
    )
    if not taken:
        _stop_trying(report_id, at=at)
        return None
    report = Report.objects.select_related("organisation").get(pk=report_id)
    return Claim(report, owner, report.attempts)


def renew(claim: Claim, *, at: datetime) -> None:
    """Hold on to a report for longer.

    Raises: Lost.
    """
    if not _mine(claim).update(lease_until=_end(at)):
        raise Lost


def renew_for_the_task(claim: Claim, *, at: datetime) -> None:
    """Hold on to a report for as long as its task may live, where nothing can renew.

    Raises: Lost.
    """
    until = at + timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    if not _mine(claim).update(lease_until=until):
        raise Lost


def finish(claim: Claim, **fields: Any) -> None:
    """Write an attempt's end into the row, if it is still this attempt's.

    Raises: Lost.
    """
    if not _mine(claim).update(owner="", lease_until=None, **fields):
        raise Lost


@transaction.atomic(durable=True)
def give_up(claim: Claim, *, sentence: str, at: datetime) -> None:
    """End an attempt that made nothing: back into the queue, or the last one.

    Raises: Lost.
    """
    if claim.attempt < settings.REPORT_MAX_ATTEMPTS:
        finish(claim, status=Report.Status.QUEUED)
        return
    finish(claim, status=Report.Status.FAILED, failure=sentence)
    _record_failure(claim.report, at=at)


@transaction.atomic(durable=True)
def _stop_trying(report_id: int, *, at: datetime) -> None:
    """Fail a report whose every attempt died without a word."""
    spent = Report.objects.waiting(at).filter(
        pk=report_id, attempts__gte=settings.REPORT_MAX_ATTEMPTS
    )
    stopped = spent.update(
        status=Report.Status.FAILED,
        owner="",
        lease_until=None,
        failure=STOPPED_EACH_TIME,
    )
    if stopped:
        _record_failure(Report.objects.get(pk=report_id), at=at)


def _record_failure(report: Report, *, at: datetime) -> None:
    record(
        by=None,
        verb="failed",
        subject=report,
        at=at,
        organisation=report.organisation,
        details={"attempts": settings.REPORT_MAX_ATTEMPTS},
    )
    tell(report, template="report_failed", at=at)


def _mine(claim: Claim) -> Any:
    return Report.objects.filter(
        pk=claim.report.pk, owner=claim.owner, status=Report.Status.RENDERING
    )


def _end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.REPORT_LEASE_SECONDS)
