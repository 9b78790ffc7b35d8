"""The pages of one report: on its way, and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations.access import Permission, can
from reports import queries
from reports.document import (
    freeze_now,
    read_board_paper,
    read_certificate,
    read_document,
    read_duties,
    read_easy_read,
    read_plain_summary,
    read_workshop,
    same_words,
)
from reports.models import Report
from reports.rules import PAGE_WAITS, next_look

from .doors import door


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


@require_safe
@never_cache
def progress(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    membership, report = door(request, organisation_slug, public_id)
    is_late = timezone.now() - report.queued_at >= PAGE_WAITS
    is_mine = report.requested_by == request.user
    refreshes = report.is_under_way() and not is_late and "still" not in request.GET
    ahead = queries.ahead_of(report)
    seconds = next_look(ahead)
    has_changed = report.is_ready() and _has_changed(report)
    can_request = can(membership, Permission.REQUEST_REPORT)
    context = {
        "organisation": membership.organisation,
        "report": report,
        "ahead": ahead,
        "seconds": seconds,
        "is_late": is_late,
        "refreshes": refreshes,
        "mails_you": report.is_under_way() and is_mine and queries.wants_mail(report),
        "has_changed": has_changed,
        "room": queries.room_now(report.organisation, at=timezone.now())
        if has_changed and can_request
        else None,
        "was_only_unlocked": queries.was_only_unlocked(report),
        "older": queries.older_than(report) if report.is_ready() else [],
        "can_request": can_request,
    }
    # A header and not a meta element, which checkers refuse because it cannot be
    # turned off. Ours can, by a link on the page.
    page = render(request, "reports/report_progress.html", context)
    if refreshes:
        page["Refresh"] = str(seconds)
    return page


@require_safe
@never_cache
def read(request: HttpRequest, organisation_slug: str, public_id: UUID) -> HttpResponse:
    membership, report = door(request, organisation_slug, public_id)
    read_back, template = PAGES[report.kind]
    context = {
        "organisation": membership.organisation,
        "report": report,
        "document": read_back(report.document),
        "has_changed": report.is_ready() and _has_changed(report),
        "was_only_unlocked": queries.was_only_unlocked(report),
    }
    return render(request, template, context)


def _has_changed(report: Report) -> bool:
    """Say whether the same report would read otherwise now."""
    if report.is_full_record():
        return queries.has_changed_since(report)
    if report.is_certificate() and not report.organisation.has_commitment():
        return True
    now = freeze_now(report, at=timezone.now())
    return not same_words(now, report.document)
