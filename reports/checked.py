"""What everybody may know of a report whose check code they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from assessments.models import Unlocking
from organisations.models import Organisation

from .document import same_words
from .models import Report


@dataclass(frozen=True)
class NewerReport:
    """The same document as it was made later, and says something else."""

    kind: str
    made_at: datetime
    is_draft: bool
    is_other_print: bool


@dataclass(frozen=True)
class LaterState:
    """What became of our view after a report was frozen, and when it last did.

    Shape: `locked_at` is when it was locked as it stands; None while it is open again.
    """

    locked_at: datetime | None
    opened_at: datetime | None


@dataclass(frozen=True)
class CheckedReport:
    """What everybody may know of a report: nothing that it says.

    Shape: `organisation` is empty unless it stands on the public register; `edition`
    and `sha256` can be empty; `newer` and `since` are None where there is nothing.
    """

    code: str
    kind: str
    is_draft: bool
    organisation: str
    address: str
    made_at: datetime
    edition: str
    newer: NewerReport | None
    since: LaterState | None
    sha256: str


def checked_report(code: str) -> CheckedReport | None:
    """Find what everybody may know of the report with a check code."""
    found = Report.objects.documents().filter(check_code=code).exclude(check_code="")
    report = found.select_related("organisation", "assessment").first()
    if report is None:
        return None
    organisation = report.organisation
    is_public = Organisation.objects.registered().filter(pk=organisation.pk).exists()
    return CheckedReport(
        code=report.check_code_in_groups,
        kind=report.name,
        is_draft=report.is_draft(),
        organisation=organisation.name if is_public else "",
        address=reverse("register_organisation", args=[organisation.slug]),
        made_at=report.requested_at,
        edition=report.document.get("edition_version", ""),
        newer=_newer(report),
        since=_since(report),
        sha256=report.sha256,
    )


def _newer(report: Report) -> NewerReport | None:
    """Find the newest of the same document, unless it says the same.

    Shape: in the same print where the newest words stand in both.
    """
    later = Report.objects.of(report.organisation).filter(
        assessment=report.assessment_id,
        kind=report.kind,
        about=report.about,
        status=Report.Status.READY,
        requested_at__gt=report.requested_at,
    )
    made = later.order_by("-requested_at", "-pk")
    newest = made.first()
    if newest is None or same_words(newest.document, report.document):
        return None
    mine = made.filter(is_large=report.is_large).first()
    if mine is not None and same_words(mine.document, newest.document):
        newest = mine
    return NewerReport(
        kind=newest.name,
        made_at=newest.requested_at,
        is_draft=newest.is_draft(),
        is_other_print=newest.is_large != report.is_large,
    )


def _since(report: Report) -> LaterState | None:
    """Say whether our view was locked, or opened again, after a report was frozen."""
    assessment = report.assessment
    if assessment is None or "locked_at" not in report.document:
        return None
    was_locked = not report.is_draft()
    later = Unlocking.objects.filter(
        assessment=assessment, unlocked_at__gt=report.requested_at
    )
    opened = later.order_by("-unlocked_at").first() if was_locked else None
    if opened is None and (was_locked or assessment.locked_at is None):
        return None
    opened_at = opened.unlocked_at if opened else None
    return LaterState(locked_at=assessment.locked_at, opened_at=opened_at)
