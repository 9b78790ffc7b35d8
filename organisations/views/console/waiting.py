"""What waits for a steward."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisations.access import stewards_only
from organisations.queries import console as queries


@stewards_only
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    context = {"sections": queries.what_waits(timezone.now())}
    return render(request, "console/waiting.html", context)
