"""Where a steward asks to read an organisation's own view."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from organisations import operations, queries
from organisations.access import forget_kept, person_of, stewards_only, typed_here
from organisations.forms.console import AccessForm
from organisations.models import Organisation
from organisations.rules import Refusal
from organisations.views.answers import show_form


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    me = person_of(request)
    organisation = get_object_or_404(Organisation, slug=organisation_slug)
    form = AccessForm(typed_here(request))
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_for_access(
                organisation=organisation,
                reason=form.cleaned_data["reason"],
                by=me,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            forget_kept(request)
            messages.success(request, "We are telling them that you ask.")
            return redirect("console:access", organisation_slug)
    context = {
        "organisation": organisation,
        "people": queries.who_can_grant_access(organisation),
        "page": queries.access_page(organisation, timezone.now(), asked_by=me),
    }
    return show_form(request, "console/access.html", form, context)
