"""The public register: anybody may read it, and search engines may find it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from organisations import charts, content, document, queries
from organisations.forms import RegisterForm
from organisations.models import Organisation

from .answers import csv_file, page_of


BADGE_SECONDS = 3600


@login_not_required
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.GET)
    wanted = form.wanted()
    page = page_of(request, queries.on_register(wanted))
    context = {
        "form": form,
        "page": page,
        "lines": queries.register_lines(page.object_list),
        "is_narrowed": wanted != queries.Wanted(),
        "meanings": queries.stage_meanings(),
    }
    return render(request, "organisations/register.html", context)


@login_not_required
@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    found = queries.on_register(RegisterForm(request.GET).wanted())
    lines = queries.register_lines(found)
    return csv_file(document.register_csv(lines), name="4pi-register.csv")


@login_not_required
@require_safe
def register_feed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        document.register_feed(queries.stage_news()),
        content_type="application/atom+xml; charset=utf-8",
    )


@login_not_required
@require_safe
def organisation(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = _registered(organisation_slug)
    if found.merged_into:
        return redirect("register_organisation", found.merged_into.slug)
    context = {
        "page": queries.register_page(found, timezone.localdate()),
        "commitment": content.COMMITMENT,
    }
    return render(request, "organisations/register_organisation.html", context)


@login_not_required
@require_safe
@cache_control(public=True, max_age=BADGE_SECONDS)
def badge(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = _registered(organisation_slug)
    if found.merged_into:
        return redirect("register_badge", found.merged_into.slug)
    page = render(
        request,
        "organisations/badge.svg",
        {"badge": charts.badge(queries.register_line(found))},
        content_type="image/svg+xml; charset=utf-8",
    )
    page["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Other sites show it: that is what it is for.
    page["Cross-Origin-Resource-Policy"] = "cross-origin"
    return page


@login_not_required
@require_safe
def badge_page(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = _registered(organisation_slug)
    if found.merged_into:
        return redirect("register_badge_page", found.merged_into.slug)
    line = queries.register_line(found)
    picture = charts.badge(line)
    context = {
        "line": line,
        "is_service": found.scope == Organisation.Scope.SERVICE,
        "badge": picture,
        "html": document.badge_html(line, picture.width),
    }
    return render(request, "organisations/badge.html", context)


def _registered(slug: str) -> Organisation:
    """Load an organisation that has signed up, or answer 404."""
    found = queries.register_entry(slug)
    if found is None:
        raise Http404("Nobody of this name is on the register.")
    return found
