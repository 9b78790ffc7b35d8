"""Replace a lead, and merge a duplicate: each with a page that asks once more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from organisations.access import forget_kept, person_of, stewards_only, typed_here
from organisations.forms.console import FindOtherForm, ReplaceLeadForm
from organisations.models import Membership, Organisation
from organisations.operations import console
from organisations.queries import console as queries
from organisations.rules import Refusal
from organisations.views.answers import show_form

from .lists import organisation_or_404


OTHERS_SHOWN = 10


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def replace_lead(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    """Ask who goes and who comes; then whether that is right; then do it."""
    found = organisation_or_404(organisation_slug)
    leads = {str(lead.user.public_id): lead for lead in queries.leads_of(found)}
    form = ReplaceLeadForm(
        typed_here(request),
        leads=[(key, str(lead.user)) for key, lead in leads.items()],
        fates=console.Fate.choices,
        checks=console.Check.choices,
    )
    context = {"organisation": found}
    is_sent = request.method == "POST" and "back" not in request.POST
    if not is_sent or not form.is_valid():
        return show_form(request, "console/replace_lead.html", form, context)
    old = leads.get(form.cleaned_data["old"])
    try:
        if "confirmed" not in request.POST:
            console.member_asked(found, form.cleaned_data["email"], old)
            return _ask_whether_right(request, form, context | {"old": old})
        _replace(request, found, old, form)
    except Refusal as reason:
        form.add_error("email", str(reason))
        return show_form(request, "console/replace_lead.html", form, context)
    forget_kept(request)
    messages.success(request, f"We are writing to {form.cleaned_data['email']}.")
    return redirect("console:organisation", organisation_slug)


def _ask_whether_right(
    request: HttpRequest, form: ReplaceLeadForm, context: dict[str, Any]
) -> HttpResponse:
    said = {
        "is_removed": form.cleaned_data["fate"] == console.Fate.REMOVED,
        "checked": console.Check(form.cleaned_data["checked"]).label,
    }
    page = "console/replace_lead_confirm.html"
    return show_form(request, page, form, context | said)


def _replace(
    request: HttpRequest,
    organisation: Organisation,
    old: Membership | None,
    form: ReplaceLeadForm,
) -> None:
    console.replace_lead(
        organisation=organisation,
        old=old,
        fate=form.cleaned_data["fate"],
        email=form.cleaned_data["email"],
        checked=form.cleaned_data["checked"],
        by=person_of(request),
        at=timezone.now(),
    )


@stewards_only
@require_safe
def merge(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    """Look for the organisation that stays."""
    found = organisation_or_404(organisation_slug)
    form = FindOtherForm(request.GET)
    words = form.cleaned_data.get("words", "") if form.is_valid() else ""
    sought = queries.Sought(words=words)
    others = queries.search_organisations(sought, localdate()).exclude(pk=found.pk)
    context = {
        "form": form,
        "organisation": found,
        "words": words,
        "others": queries.organisation_lines(others[:OTHERS_SHOWN]) if words else (),
    }
    return render(request, "console/merge.html", context)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def merge_into(
    request: HttpRequest, organisation_slug: str, other_slug: str
) -> HttpResponse:
    found, other = map(organisation_or_404, (organisation_slug, other_slug))
    if request.method != "POST":
        context = {
            "organisation": found,
            "other": other,
            "leads": queries.leads_of(found),
        }
        # Nothing is typed there; what was kept says that it was not done.
        form = forms.Form(typed_here(request))
        return show_form(request, "console/merge_confirm.html", form, context)
    forget_kept(request)
    try:
        console.merge_organisation(
            duplicate=found, into=other, by=person_of(request), at=timezone.now()
        )
    except Refusal as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, f"{found} is merged into {other}.")
    return redirect("console:organisation", organisation_slug)
