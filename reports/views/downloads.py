"""The files of a report: its PDF, spreadsheet, CSV, JSON, and words to edit."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.document import (
    board_words,
    read_board_paper,
    read_document,
    record_csv,
    record_json,
    record_sheet,
)
from reports.models import Report

from .doors import door, of_kind_or_404
from .files import file_name, file_of, whole_file


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"


@require_safe
@never_cache
def download(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponseBase:
    membership, report = door(request, organisation_slug, public_id)
    if not report.is_ready():
        return redirect(report)
    try:
        file = report.open_file()
    except FileNotFoundError:
        context = {"organisation": membership.organisation, "report": report}
        return render(request, "reports/report_missing.html", context, status=404)
    return whole_file(request, file, "application/pdf", file_name(report))


@require_safe
@never_cache
def sheet(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Give a full record as a spreadsheet."""
    record = Report.Kind.FULL_RECORD
    report = of_kind_or_404(request, organisation_slug, public_id, record)
    document = read_document(report.document)
    content = record_sheet(document, check_code=report.check_code_in_groups)
    return file_of(content, XLSX, file_name(report, "xlsx"))


@require_safe
@never_cache
def as_csv(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Give the answers of a full record as CSV."""
    record = Report.Kind.FULL_RECORD
    report = of_kind_or_404(request, organisation_slug, public_id, record)
    content = record_csv(read_document(report.document))
    return file_of(content, CSV, file_name(report, "csv"))


@require_safe
@never_cache
def as_json(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Give a full record as JSON."""
    record = Report.Kind.FULL_RECORD
    report = of_kind_or_404(request, organisation_slug, public_id, record)
    document = read_document(report.document)
    content = record_json(document, check_code=report.check_code_in_groups)
    return file_of(content, JSON, file_name(report, "json"))


@require_safe
@never_cache
def words(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Give the words of a board paper as a Word file, to edit."""
    paper = Report.Kind.BOARD_PAPER
    report = of_kind_or_404(request, organisation_slug, public_id, paper)
    content = board_words(read_board_paper(report.document))
    return file_of(content, DOCX, file_name(report, "docx"))
