"""The organisations, as stewards look after them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from organisations.access import stewards_only
from organisations.forms.console import FindOrganisationForm
from organisations.models import Organisation
from organisations.queries import console as queries

from .lists import LINES_ON_A_PAGE, asked_for


@stewards_only
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    form = FindOrganisationForm(request.GET)
    sought = form.sought()
    found = queries.search_organisations(sought, localdate())
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": queries.organisation_lines(page.object_list),
        "asked": asked_for(request),
        "is_narrowed": sought != queries.Sought(),
    }
    return render(request, "console/organisations.html", context)


@stewards_only
@require_safe
def organisation(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    wanted = get_object_or_404(Organisation, slug=organisation_slug)
    [line] = queries.organisation_lines([wanted])
    context = {"organisation": wanted, "line": line}
    return render(request, "console/organisation.html", context)
