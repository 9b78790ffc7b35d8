"""Freeze what a report of some kind would say today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from assessments.models import Assessment
from assessments.queries import all_questions, assessment_record, background_of
from reports.models import Report
from reports.queries import open_milestones
from standards.queries import duty_sets

from .board_paper import build_board_paper
from .certificate import build_certificate
from .duties import build_duties
from .easy_read import build_easy_read
from .plain import build_plain_summary
from .record import ReportDocument, build_document, read_document
from .workshop import build_workshop


Frozen = dict[str, Any]


def freeze_now(report: Report, *, at: datetime) -> Frozen:
    """Freeze the document of a report's kind and subject, as they stand.

    Shape: what `json` can hold; two of one report are compared by `same_words`.
    """
    return BUILDERS[report.kind](report, at)


def _full_record(report: Report, at: datetime) -> Frozen:
    assessment = _subject(report)
    record = assessment_record(assessment, with_work=False)
    background = background_of(assessment)
    return build_document(record, background, at=at, is_large=report.is_large)


def _board_paper(report: Report, at: datetime) -> Frozen:
    organisation = report.organisation
    return build_board_paper(
        _whole(report, at),
        organisation,
        open_milestones(organisation),
        is_large=report.is_large,
    )


def _plain_summary(report: Report, at: datetime) -> Frozen:
    return build_plain_summary(
        _whole(report, at), report.organisation, is_large=report.is_large
    )


def _easy_read(report: Report, at: datetime) -> Frozen:
    return build_easy_read(
        _whole(report, at), report.organisation, is_large=report.is_large
    )


def _duties(report: Report, at: datetime) -> Frozen:
    sets = duty_sets(_subject(report).edition)
    return build_duties(
        _whole(report, at), sets, about=report.about, is_large=report.is_large
    )


def _certificate(report: Report, at: datetime) -> Frozen:
    return build_certificate(report.organisation, is_large=report.is_large, at=at)


def _workshop(report: Report, at: datetime) -> Frozen:
    assessment = _subject(report)
    questions = all_questions(assessment)
    return build_workshop(assessment, questions, is_large=report.is_large, at=at)


def _archive(report: Report, at: datetime) -> Frozen:
    # What goes in is read when it is made. No two are the same, so that one that is
    # made is never given in the place of another.
    return {"asked_at": at.isoformat()}


def _subject(report: Report) -> Assessment:
    assert report.assessment
    return report.assessment


def _whole(report: Report, at: datetime) -> ReportDocument:
    """Read the full record, which the shorter documents are made from."""
    record = assessment_record(_subject(report), with_work=False)
    return read_document(build_document(record, at=at))


BUILDERS: dict[str, Callable[[Report, datetime], Frozen]] = {
    Report.Kind.FULL_RECORD: _full_record,
    Report.Kind.BOARD_PAPER: _board_paper,
    Report.Kind.PLAIN_SUMMARY: _plain_summary,
    Report.Kind.EASY_READ: _easy_read,
    Report.Kind.DUTIES: _duties,
    Report.Kind.CERTIFICATE: _certificate,
    Report.Kind.WORKSHOP: _workshop,
    Report.Kind.TAKE_OUT: _archive,
}
