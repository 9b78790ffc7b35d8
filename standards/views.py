"""The public pages of the standard: anybody may read them."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import queries
from .models import Edition


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    try:
        edition = queries.edition_summary()
    except Edition.DoesNotExist as nothing:
        raise Http404("No edition is published yet.") from nothing
    return render(request, "standards/edition_index.html", {"edition": edition})


@login_not_required
@require_safe
def principle(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        page = queries.principle_page(slug)
    except ObjectDoesNotExist as nothing:
        raise Http404("There is no such principle.") from nothing
    return render(request, "standards/principle_page.html", {"principle": page})


@login_not_required
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    try:
        families = queries.duty_families()
    except Edition.DoesNotExist as nothing:
        raise Http404("No edition is published yet.") from nothing
    return render(request, "standards/duty_list.html", {"families": families})


@login_not_required
@require_safe
def duty(request: HttpRequest, code: str) -> HttpResponse:
    try:
        page = queries.duty_page(code)
    except ObjectDoesNotExist as nothing:
        raise Http404("There is no such duty.") from nothing
    return render(request, "standards/duty_page.html", {"duty": page})
