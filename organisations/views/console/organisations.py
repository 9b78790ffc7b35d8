"""The organisations, as stewards look after them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from organisations import document, operations
from organisations.access import forget_kept, person_of, stewards_only, typed_here
from organisations.forms.console import (
    AddForm,
    EditForm,
    ExtendForm,
    FindOrganisationForm,
)
from organisations.operations import console
from organisations.queries import console as queries
from organisations.rules import Changed, Refusal
from organisations.views.answers import csv_file, do, page_of, show_form

from .lists import organisation_or_404


@stewards_only
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    form = FindOrganisationForm(request.GET)
    sought = form.sought()
    found = queries.search_organisations(sought, localdate())
    page = page_of(request, found)
    context = {
        "form": form,
        "page": page,
        "lines": queries.organisation_lines(page.object_list),
        "is_narrowed": sought != queries.Sought(),
    }
    return render(request, "console/organisations.html", context)


@stewards_only
@require_safe
def organisations_csv(request: HttpRequest) -> HttpResponse:
    sought = FindOrganisationForm(request.GET).sought()
    found = queries.search_organisations(sought, localdate())
    lines = queries.organisation_lines(found)
    return csv_file(document.console_csv(lines), name="organisations.csv")


@stewards_only
@require_safe
def organisation(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = organisation_or_404(organisation_slug)
    page = queries.organisation_page(found, timezone.now())
    return render(request, "console/organisation.html", {"page": page})


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = AddForm(typed_here(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = console.add_organisation(
                entry=form.entry(),
                lead_email=form.cleaned_data["lead_email"].lower(),
                by=person_of(request),
                at=timezone.now(),
            )
        except Refusal as reason:
            form.add_error("name", str(reason))
        else:
            forget_kept(request)
            messages.success(request, f"{added} is on the register.")
            return redirect("console:organisation", added.slug)
    return show_form(request, "console/add.html", form, {})


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = organisation_or_404(organisation_slug)
    shown = queries.entry_of(found) | {"version": found.version}
    form = EditForm(typed_here(request), initial=shown)
    conflict: tuple[queries.Difference, ...] = ()
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            console.edit_entry(
                organisation=found,
                version=form.cleaned_data["version"],
                entry=form.entry(),
                by=person_of(request),
                at=timezone.now(),
            )
        except Changed as reason:
            conflict = queries.differences(found, form.entry())
            typed = request.POST.copy()
            typed["version"] = str(found.version)
            form = EditForm(typed)
            form.add_error(None, str(reason))
            status = 409
        except Refusal as reason:
            form.add_error(None, str(reason))
        else:
            forget_kept(request)
            messages.success(request, "The register says so now.")
            return redirect("console:organisation", organisation_slug)
    context = {"organisation": found, "conflict": conflict}
    return show_form(request, "console/edit.html", form, context, status=status)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = organisation_or_404(organisation_slug)
    form = ExtendForm(typed_here(request), initial={"shown": found.due_on})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            console.extend_due_date(
                organisation=found,
                by=person_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Changed as reason:
            typed = request.POST.copy()
            # What she reads now, so that she can send it again.
            typed["shown"] = str(found.due_on or "")
            form = ExtendForm(typed)
            form.add_error("due_on", str(reason))
            status = 409
        except Refusal as reason:
            form.add_error("due_on", str(reason))
        else:
            forget_kept(request)
            messages.success(request, "The date is moved. We are telling the leads.")
            return redirect("console:organisation", organisation_slug)
    context = {"organisation": found}
    return show_form(request, "console/extend.html", form, context, status=status)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = organisation_or_404(organisation_slug)
    if request.method != "POST":
        # Nothing is typed there; what was kept says that it was not done.
        form = forms.Form(typed_here(request))
        return show_form(request, "console/pause.html", form, {"organisation": found})
    forget_kept(request)
    return do(
        request,
        lambda: operations.pause_organisation(
            organisation=found, by=person_of(request), at=timezone.now()
        ),
        said=f"{found} is paused.",
        to="console:organisation",
        place=(organisation_slug,),
    )


@stewards_only
@require_POST
def resume(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    found = organisation_or_404(organisation_slug)
    return do(
        request,
        lambda: operations.resume_organisation(
            organisation=found, by=person_of(request), at=timezone.now()
        ),
        said=f"{found} goes on.",
        to="console:organisation",
        place=(organisation_slug,),
    )


@stewards_only
@require_POST
def resend(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    found = organisation_or_404(organisation_slug)
    invitation = queries.open_invitation(found, public_id)
    if invitation is None:
        raise Http404
    return do(
        request,
        lambda: operations.resend_invitation(
            invitation=invitation, by=person_of(request), at=timezone.now()
        ),
        said=f"We are sending {invitation.email} a new link. The one before does not work any more.",
        to="console:organisation",
        place=(organisation_slug,),
    )
