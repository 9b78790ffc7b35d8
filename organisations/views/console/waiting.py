"""What waits for a steward."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.access import stewards_only


@stewards_only
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "console/waiting.html")
