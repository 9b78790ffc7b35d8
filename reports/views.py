"""The pages of a report: asked for, on its way, read, downloaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any
from uuid import UUID

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.models import Assessment
from organisations.access import Permission, can, membership_or_404, person_of
from organisations.models import Membership
from standards.queries import duty_sets

from . import operations, queries
from .document import (
    board_words,
    freeze_now,
    read_board_paper,
    read_certificate,
    read_document,
    read_duties,
    read_easy_read,
    read_plain_summary,
    read_workshop,
    record_json,
    record_sheet,
    same_words,
)
from .forms import CheckForm, DocumentForm
from .models import Report
from .rules import ARCHIVE_KEPT_FOR, PAGE_WAITS


REFRESH_SECONDS = "5"
LINES_ON_A_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON = "application/json; charset=utf-8"
# The newest assessments, which documents are still made about.
SUBJECTS = 5
PAGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    Report.Kind.FULL_RECORD: (read_document, "reports/report_read.html"),
    Report.Kind.BOARD_PAPER: (read_board_paper, "reports/board_paper_read.html"),
    Report.Kind.PLAIN_SUMMARY: (
        read_plain_summary,
        "reports/plain_summary_read.html",
    ),
    Report.Kind.EASY_READ: (read_easy_read, "reports/easy_read_read.html"),
    Report.Kind.DUTIES: (read_duties, "reports/duties_read.html"),
    Report.Kind.CERTIFICATE: (read_certificate, "reports/certificate_read.html"),
    Report.Kind.WORKSHOP: (read_workshop, "reports/workshop_read.html"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def request_report(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Say which documents there are about an assessment, and make one by POST."""
    person = person_of(request)
    membership = membership_or_404(
        person, organisation_slug, needs=Permission.REQUEST_REPORT
    )
    assessment = _assessment(membership, public_id)
    form = DocumentForm(
        request.POST if request.method == "POST" else None,
        sets=duty_sets(assessment.edition),
        people=membership.organisation.people(),
    )
    if not form.is_valid():
        context = {
            "organisation": membership.organisation,
            "assessment": assessment,
            "form": form,
        }
        return render(request, "reports/choose.html", context)
    try:
        report = operations.request_report(
            assessment=assessment,
            kind=form.cleaned_data["kind"],
            is_large=form.cleaned_data["is_large"],
            about=form.cleaned_data["about"],
            by=person,
            at=timezone.now(),
        )
    except operations.TooMany as reason:
        return _refused(request, organisation_slug, reason)
    return _lead_to(request, report)


@require_http_methods(["GET", "HEAD", "POST"])
def workshop(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Say what is in a workshop pack, and make one by POST."""
    person = person_of(request)
    membership = membership_or_404(
        person, organisation_slug, needs=Permission.REQUEST_REPORT
    )
    assessment = _assessment(membership, public_id)
    if request.method == "POST":
        try:
            report = operations.request_report(
                assessment=assessment,
                kind=Report.Kind.WORKSHOP,
                is_large="large" in request.POST,
                by=person,
                at=timezone.now(),
            )
        except operations.TooMany as reason:
            return _refused(request, organisation_slug, reason)
        return _lead_to(request, report)
    context = {"organisation": membership.organisation, "assessment": assessment}
    return render(request, "reports/workshop.html", context)


def _assessment(membership: Membership, public_id: UUID) -> Assessment:
    found = Assessment.objects.of(membership.organisation).select_related(
        "organisation", "edition", "started_by", "locked_by"
    )
    return get_object_or_404(found, public_id=public_id)


@require_POST
def request_certificate(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    person = person_of(request)
    membership = membership_or_404(
        person, organisation_slug, needs=Permission.REQUEST_REPORT
    )
    try:
        report = operations.request_certificate(
            organisation=membership.organisation, by=person, at=timezone.now()
        )
    except (operations.NotSignedUp, operations.TooMany) as reason:
        return _refused(request, organisation_slug, reason)
    return _lead_to(request, report)


def _refused(request: HttpRequest, slug: str, reason: Exception) -> HttpResponse:
    """Say why no report was asked for, above those that there are."""
    messages.info(request, str(reason))
    return redirect("reports:index", slug)


def _lead_to(request: HttpRequest, report: Report) -> HttpResponse:
    if report.is_ready():
        said = "Nothing has changed since it was made, so here is the one that we have."
        messages.info(request, said)
    return redirect(report)


@require_safe
@never_cache
def progress(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    membership, report = _door(request, organisation_slug, public_id)
    is_late = timezone.now() - report.queued_at >= PAGE_WAITS
    is_mine = report.requested_by == request.user
    refreshes = report.is_under_way() and not is_late and "still" not in request.GET
    context = {
        "organisation": membership.organisation,
        "report": report,
        "ahead": queries.ahead_of(report),
        "is_late": is_late,
        "refreshes": refreshes,
        "mails_you": report.is_under_way() and is_mine and queries.wants_mail(report),
        "has_changed": report.is_ready() and _has_changed(report),
        "older": queries.older_than(report) if report.is_ready() else [],
        "can_request": can(membership, Permission.REQUEST_REPORT),
    }
    # A header and not a meta element, which checkers refuse because it cannot be
    # turned off. Ours can, by a link on the page.
    page = render(request, "reports/report_progress.html", context)
    if refreshes:
        page["Refresh"] = REFRESH_SECONDS
    return page


@require_safe
@never_cache
def read(request: HttpRequest, organisation_slug: str, public_id: UUID) -> HttpResponse:
    membership, report = _door(request, organisation_slug, public_id)
    read_back, template = PAGES[report.kind]
    context = {
        "organisation": membership.organisation,
        "report": report,
        "document": read_back(report.document),
    }
    return render(request, template, context)


@require_safe
@never_cache
def download(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponseBase:
    membership, report = _door(request, organisation_slug, public_id)
    if not report.is_ready():
        return redirect(report)
    try:
        file = report.open_file()
    except FileNotFoundError:
        context = {"organisation": membership.organisation, "report": report}
        return render(request, "reports/report_missing.html", context, status=404)
    return _whole_file(request, file, "application/pdf", _file_name(report))


def _whole_file(
    request: HttpRequest, file: IO[bytes], kind: str, name: str
) -> HttpResponseBase:
    """Give a file that was made, to be kept and never to be opened in the page."""
    page = FileResponse(
        file,
        as_attachment=True,
        filename=name,
        headers={
            "Content-Type": kind,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
    if request.method == "HEAD":
        # Closing the page would end the request before the session is saved.
        file.close()
        return HttpResponse(headers=dict(page.items()))
    return page


@require_safe
@never_cache
def sheet(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Give a full record as a spreadsheet."""
    record = Report.Kind.FULL_RECORD
    report = _of_kind_or_404(request, organisation_slug, public_id, record)
    document = read_document(report.document)
    content = record_sheet(document, check_code=report.check_code_in_groups)
    return _file(content, XLSX, _file_name(report, "xlsx"))


@require_safe
@never_cache
def as_json(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Give a full record as JSON."""
    record = Report.Kind.FULL_RECORD
    report = _of_kind_or_404(request, organisation_slug, public_id, record)
    document = read_document(report.document)
    content = record_json(document, check_code=report.check_code_in_groups)
    return _file(content, JSON, _file_name(report, "json"))


@require_safe
@never_cache
def words(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Give the words of a board paper as a Word file, to edit."""
    paper = Report.Kind.BOARD_PAPER
    report = _of_kind_or_404(request, organisation_slug, public_id, paper)
    content = board_words(read_board_paper(report.document))
    return _file(content, DOCX, _file_name(report, "docx"))


def _of_kind_or_404(
    request: HttpRequest, slug: str, public_id: UUID, kind: str
) -> Report:
    _, report = _door(request, slug, public_id)
    if report.kind != kind:
        raise Http404
    return report


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    said = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=said)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Say to everybody who has a report's code that the report is ours."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        too_many: HttpResponse | None = consume_or_429(request, action="check_code")
        if too_many:
            return too_many
        found = queries.checked_report(form.cleaned_data["code"])
        if found:
            return render(request, "reports/check_found.html", {"found": found})
        form.add_error("code", CheckForm.NOT_FOUND)
    return render(request, "reports/check.html", {"form": form})


@require_POST
def retry(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    _, report = _door(
        request, organisation_slug, public_id, needs=Permission.REQUEST_REPORT
    )
    try:
        report = operations.retry_report(
            report=report, by=person_of(request), at=timezone.now()
        )
    except (operations.NotFailed, operations.TooMany) as reason:
        messages.info(request, str(reason))
    return redirect(report)


@require_safe
def index(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.VIEW
    )
    reports = queries.reports_of(membership.organisation)
    context = {
        "organisation": membership.organisation,
        "page": Paginator(reports, LINES_ON_A_PAGE).get_page(request.GET.get("page")),
        "can_request": can(membership, Permission.REQUEST_REPORT),
        "subjects": Assessment.objects.of(membership.organisation).order_by(
            "-started_at", "-pk"
        )[:SUBJECTS]
        if can(membership, Permission.REQUEST_REPORT)
        else (),
        "can_take_out": can(membership, Permission.TAKE_OUT),
        "can_certify": membership.organisation.has_commitment()
        and can(membership, Permission.REQUEST_REPORT),
    }
    return render(request, "reports/report_list.html", context)


@require_safe
@never_cache
def newest(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    """Lead to the file of the newest report, and to the list while there is none."""
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.VIEW
    )
    report = queries.newest_record(membership.organisation)
    if report is None:
        return redirect("reports:index", organisation_slug)
    return redirect("reports:download", organisation_slug, report.public_id)


def _has_changed(report: Report) -> bool:
    """Say whether the same report would read otherwise now."""
    if report.is_full_record():
        return queries.has_changed_since(report)
    if report.is_certificate() and not report.organisation.has_commitment():
        return True
    now = freeze_now(report, at=timezone.now())
    return not same_words(now, report.document)


def _file_name(report: Report, ending: str = "pdf") -> str:
    what = report.noun.replace(" ", "-") + ("-large" if report.is_large else "")
    day = f"{report.requested_at:%Y-%m-%d}"
    return f"4pi-{what}-{report.organisation.slug}-{day}.{ending}"


def _door(
    request: HttpRequest,
    slug: str,
    public_id: UUID,
    *,
    needs: Permission = Permission.VIEW,
) -> tuple[Membership, Report]:
    """Open one of the member's organisation's reports, or answer 404."""
    membership = membership_or_404(person_of(request), slug, needs=needs)
    # Archives have a page of their own, for leads alone.
    documents = Report.objects.of(membership.organisation).documents()
    reports = documents.select_related(
        "organisation",
        "assessment__organisation",
        "assessment__edition",
        "requested_by",
    )
    return membership, get_object_or_404(reports, public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_out(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    """Say what is in the archive of all that an organisation owns; make one by POST."""
    person, now = person_of(request), timezone.now()
    organisation = membership_or_404(
        person, organisation_slug, needs=Permission.TAKE_OUT
    ).organisation
    if request.method == "POST":
        try:
            operations.request_take_out(organisation=organisation, by=person, at=now)
        except operations.TooMany as reason:
            messages.info(request, str(reason))
        return redirect("reports:take_out", organisation_slug)
    archives = list(queries.archives_of(organisation))
    waiting = [archive for archive in archives if archive.is_under_way()]
    lately = any(now - archive.queued_at < PAGE_WAITS for archive in waiting)
    refreshes = lately and "still" not in request.GET
    context = {
        "organisation": organisation,
        "archives": archives,
        "is_under_way": bool(waiting),
        "refreshes": refreshes,
        "kept_days": ARCHIVE_KEPT_FOR.days,
    }
    page = render(request, "reports/take_out.html", context)
    if refreshes:
        page["Refresh"] = REFRESH_SECONDS
    return page


@require_safe
@never_cache
def take_out_download(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponseBase:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.TAKE_OUT
    )
    archives = queries.archives_of(membership.organisation)
    archive = get_object_or_404(archives, public_id=public_id)
    try:
        file = archive.open_file() if archive.is_ready() else None
    except FileNotFoundError:
        file = None
    if file is None:
        messages.info(request, "This archive is not here. You can make a new one.")
        return redirect("reports:take_out", organisation_slug)
    return _whole_file(request, file, "application/zip", _file_name(archive, "zip"))
