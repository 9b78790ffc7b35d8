"""The audit trail of the whole site, in words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisations import document, queries
from organisations.access import stewards_only
from organisations.forms import FindEventForm
from organisations.views.answers import LINES_IN_A_FILE, csv_file, page_of


# A file that a spreadsheet still opens. Who needs older events narrows the search.


@stewards_only
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    form = FindEventForm(request.GET)
    found = queries.search_events(form.sought())
    page = page_of(request, found)
    context = {
        "form": form,
        "page": page,
        "lines": queries.trail_lines(list(page.object_list)),
        "at_most": LINES_IN_A_FILE,
    }
    return render(request, "console/trail.html", context)


@stewards_only
@require_safe
def trail_csv(request: HttpRequest) -> HttpResponse:
    form = FindEventForm(request.GET)
    if not form.is_valid():
        # The page says what was not understood. A file would hold too much.
        return redirect(f"{reverse('console:trail')}?{request.GET.urlencode()}")
    found = queries.search_events(form.sought())
    lines = queries.trail_lines(list(found[:LINES_IN_A_FILE]))
    return csv_file(document.trail_csv(lines), name="4pi-audit.csv")
