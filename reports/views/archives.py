"""The page of the archive of all that an organisation owns."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations.access import Permission, membership_or_404, person_of
from reports import operations, queries
from reports.rules import PAGE_WAITS, SHORTEST_LOOK

from .files import file_name, whole_file


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
    }
    page = render(request, "reports/take_out.html", context)
    if refreshes:
        page["Refresh"] = str(SHORTEST_LOOK)
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
    return whole_file(request, file, "application/zip", file_name(archive, "zip"))
