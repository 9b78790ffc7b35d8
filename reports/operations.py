"""What people do with reports: ask for one, and try one again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assessments.models import Assessment
from organisations import audit, steps
from organisations.models import Organisation, User

from .document import TEMPLATE_VERSION, check_code_of, freeze_now, same_words
from .models import Report, ReportQuerySet
from .queries import asked_within_the_hour, taken_out_within_the_hour
from .rules import TooMany, check_can_ask, check_can_take_out


__all__ = [
    "NotFailed",
    "NotSignedUp",
    "TooMany",
    "request_certificate",
    "request_report",
    "request_take_out",
    "retry_report",
]


class NotFailed(Exception):
    """There is nothing to try again; a sentence for the person."""


class NotSignedUp(Exception):
    """No commitment stands that could be certified; a sentence for the person."""


def request_report(
    *,
    assessment: Assessment,
    by: User,
    at: datetime,
    kind: str = Report.Kind.FULL_RECORD,
    is_large: bool = False,
    about: str = "",
) -> Report:
    """Freeze an assessment as it stands and ask for a document about it.

    Shape: as `_ask` says.
    Raises: TooMany.
    Effects: audit event "requested" for a new one; the bell rings after the commit.
    """
    with transaction.atomic(durable=True):
        _hold_still(assessment.organisation, assessment)
        report = Report(
            organisation=assessment.organisation,
            assessment=assessment,
            kind=kind,
            is_large=is_large,
            about=about,
        )
        return _ask(report, by=by, at=at)


def request_certificate(
    *, organisation: Organisation, by: User, at: datetime, is_large: bool = False
) -> Report:
    """Freeze an organisation's commitment and ask for its certificate.

    Shape: as `_ask` says.
    Raises: NotSignedUp when no commitment stands; TooMany.
    Effects: audit event "requested" for a new one; the bell rings after the commit.
    """
    with transaction.atomic(durable=True):
        _hold_still(organisation, None)
        organisation.refresh_from_db()
        _check_commitment_stands(organisation)
        report = Report(
            organisation=organisation,
            kind=Report.Kind.CERTIFICATE,
            is_large=is_large,
        )
        return _ask(report, by=by, at=at)


def request_take_out(*, organisation: Organisation, by: User, at: datetime) -> Report:
    """Ask for an archive of all that an organisation owns, as it is when it is made.

    Shape: the one under way when this person asked before.
    Raises: TooMany.
    Effects: audit event "taken_out" for a new one; the bell rings after the commit.
    """
    with transaction.atomic(durable=True):
        _hold_still(organisation, None)
        report = Report(organisation=organisation, kind=Report.Kind.TAKE_OUT)
        return _ask(report, by=by, at=at)


def retry_report(*, report: Report, by: User, at: datetime) -> Report:
    """Put a report that could not be made back into the queue, as it was frozen.

    Shape: the one under way when the person who asked has asked anew since; when
    it was first asked for stays as it was.
    Raises: NotFailed; TooMany.
    Effects: audit event "retried"; the bell rings after the commit.
    """
    with transaction.atomic(durable=True):
        _hold_still(report.organisation, report.assessment)
        under_way = _under_way(report, report.requested_by).first()
        if under_way is not None and under_way != report:
            return under_way
        _check_can_ask(report, at=at)
        again = Report.objects.filter(pk=report.pk, status=Report.Status.FAILED).update(
            status=Report.Status.QUEUED, failure="", attempts=0, queued_at=at
        )
        if not again:
            raise NotFailed("This report is not one that we could not make.")
        _record("retried", report, by=by, at=at)
        steps.ring_after_commit("reports.tasks.render_report", [report.pk])
    return report


def _check_commitment_stands(organisation: Organisation) -> None:
    if not organisation.stage:
        raise NotSignedUp(f"{organisation} has not signed up yet.")
    if not organisation.has_commitment():
        raise NotSignedUp(
            f"The commitment of {organisation} has lapsed. It can come back, and then "
            "there is a certificate again."
        )


def _ask(report: Report, *, by: User, at: datetime) -> Report:
    """Ask for a report, unless there is one already.

    Shape: the one under way when this person asked before and it is not made yet; or
    the newest that is made, whoever asked, while it would say the same. Only then is
    it counted, so that nobody is refused what is there.
    """
    under_way = _under_way(report, by).first()
    if under_way is not None:
        return under_way
    report.document = freeze_now(report, at=at)
    return _made_already(report) or _queue(report, by=by, at=at)


def _made_already(report: Report) -> Report | None:
    """Find the newest that is made, while it says the same and its file is there."""
    made = Report.objects.like(report).filter(
        template_version=TEMPLATE_VERSION, status=Report.Status.READY
    )
    newest = made.order_by("-ready_at", "-pk").first()
    if newest is None or not same_words(newest.document, report.document):
        return None
    newest.organisation = report.organisation  # It is read, and its address needs it.
    return newest if newest.has_file() else None


def _queue(report: Report, *, by: User, at: datetime) -> Report:
    _check_can_ask(report, at=at)
    report.template_version = TEMPLATE_VERSION
    report.requested_at = report.queued_at = at
    report.requested_by = by
    if not report.is_archive():
        report.check_code = check_code_of(report)
    report.save()
    _record("taken_out" if report.is_archive() else "requested", report, by=by, at=at)
    steps.ring_after_commit("reports.tasks.render_report", [report.pk])
    return report


def _check_can_ask(report: Report, *, at: datetime) -> None:
    if report.is_archive():
        check_can_take_out(taken_out_within_the_hour(report.organisation, at=at))
    else:
        check_can_ask(asked_within_the_hour(report.organisation, at=at))


def _hold_still(organisation: Organisation, assessment: Assessment | None) -> None:
    """Let two clicks at once come one after the other."""
    if assessment is None:
        Organisation.objects.select_for_update().only("pk").get(pk=organisation.pk)
    else:
        Assessment.objects.select_for_update().only("pk").get(pk=assessment.pk)


def _under_way(report: Report, by: User) -> ReportQuerySet:
    """Find what this person has asked for of the same subject and kind."""
    return Report.objects.like(report).under_way().filter(requested_by=by)


def _record(verb: str, report: Report, *, by: User, at: datetime) -> None:
    about: dict[str, str | bool] = {"kind": report.kind}
    if report.is_large:
        about["is_large"] = True
    if report.about:
        about["duties"] = report.about
    if report.assessment:
        about["assessment"] = str(report.assessment.public_id)
    audit.record(
        by=by,
        verb=verb,
        subject=report,
        organisation=report.organisation,
        at=at,
        details=about,
    )
