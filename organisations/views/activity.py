"""Who did what in an organisation, for its leads and co-leads."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations import document, queries
from organisations.access import Permission, membership_or_404, person_of
from organisations.forms import FindActivityForm
from organisations.models import AuditEvent, Organisation

from .answers import LINES_IN_A_FILE, csv_file, page_of


@require_safe
def activity(
    request: HttpRequest,
    organisation_slug: str,
    name_standards: queries.NameStandards,
) -> HttpResponse:
    organisation, form, found = _found(request, organisation_slug)
    page = page_of(request, found)
    context = {
        "organisation": organisation,
        "form": form,
        "is_narrowed": any(form.sought().values()),
        "page": page,
        "lines": queries.activity_lines(
            organisation, list(page.object_list), name_standards=name_standards
        ),
        "at_most": LINES_IN_A_FILE,
    }
    return render(request, "organisations/activity.html", context)


@require_safe
def activity_csv(
    request: HttpRequest,
    organisation_slug: str,
    name_standards: queries.NameStandards,
) -> HttpResponse:
    organisation, _, found = _found(request, organisation_slug)
    lines = queries.activity_lines(
        organisation, list(found[:LINES_IN_A_FILE]), name_standards=name_standards
    )
    name = f"4pi-activity-{organisation.slug}.csv"
    return csv_file(document.activity_csv(lines), name=name)


def _found(
    request: HttpRequest, slug: str
) -> tuple[Organisation, FindActivityForm, QuerySet[AuditEvent]]:
    membership = membership_or_404(
        person_of(request), slug, needs=Permission.READ_TRAIL
    )
    form = FindActivityForm(request.GET, people=list(queries.people_of(membership)))
    organisation = membership.organisation
    return organisation, form, queries.events_of(organisation, **form.sought())
