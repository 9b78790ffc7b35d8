"""The public page that says to who has a code whether a report is ours."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports import queries
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
        found = queries.checked_report(form.cleaned_data["code"])
        if found:
            return render(request, "reports/check_found.html", {"found": found})
        form.add_error("code", CheckForm.NOT_FOUND)
    return render(request, "reports/check.html", {"form": form})
