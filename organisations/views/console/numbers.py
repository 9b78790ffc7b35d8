"""How many, by month, kind and nation, and how the machine's own work stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisations import document
from organisations.access import stewards_only
from organisations.queries import console as queries
from organisations.views.answers import csv_file


@stewards_only
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    page = queries.numbers(timezone.now())
    return render(request, "console/numbers.html", {"page": page})


@stewards_only
@require_safe
def numbers_csv(request: HttpRequest) -> HttpResponse:
    months = queries.months_until(timezone.now())
    return csv_file(document.months_csv(months), name="4pi-months.csv")
