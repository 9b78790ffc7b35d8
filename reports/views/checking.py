"""The public page that says to who has a code whether a report is ours."""

from __future__ import annotations

import hashlib

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports.checked import checked_report
from reports.forms import CheckForm


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
        found = checked_report(form.cleaned_data["code"])
        if found:
            context = {
                "found": found,
                "compared": _compared(request, found.sha256),
                "most_megabytes": settings.FILE_UPLOAD_MAX_MEMORY_SIZE // 1024**2,
            }
            return render(request, "reports/check_found.html", context)
        form.add_error("code", CheckForm.NOT_FOUND)
    return render(request, "reports/check.html", {"form": form})


def _compared(request: HttpRequest, sha256: str) -> str:
    """Compare a file that a browser without JavaScript sent with a report's.

    Shape: what the page says of it; nothing where no file was to be compared. The file
    is in memory alone, and is gone with the answer.
    """
    if "compare" not in request.POST:
        return ""
    file = request.FILES.get("file")
    if file is None:
        sent = int(request.headers.get("content-length") or 0)
        # What is larger was let go of while it came.
        return "large" if sent > settings.FILE_UPLOAD_MAX_MEMORY_SIZE else "none"
    number = hashlib.sha256(file.read()).hexdigest()
    return "same" if number == sha256 else "other"
