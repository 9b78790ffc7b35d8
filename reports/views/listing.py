"""The page that lists an organisation's reports, and the way to the newest."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from organisations.access import Permission, can, membership_or_404, person_of
from reports import queries
from reports.rules import FAILED_KEPT_FOR, OLD_DRAFT_KEPT_FOR


LINES_ON_A_PAGE = 25
# The newest assessments, which documents are still made about.
SUBJECTS = 5


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
        "draft_days": OLD_DRAFT_KEPT_FOR.days,
        "failed_days": FAILED_KEPT_FOR.days,
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
