"""An organisation's own settings: its entry in the register, and its milestones."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from organisations import operations
from organisations.access import (
    Permission,
    can,
    forget_kept,
    membership_or_404,
    person_of,
    typed_here,
)
from organisations.forms import DropMilestoneForm, EntryForm, MilestoneForm, WordsForm
from organisations.models import Milestone, Organisation
from organisations.queries import entry_names, entry_rows, standing_of
from organisations.rules import Refusal

from .answers import do, show_form


@require_safe
def settings(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.VIEW
    )
    organisation = membership.organisation
    context = {
        "organisation": organisation,
        "standing": standing_of(organisation, timezone.localdate()),
        "rows": entry_rows(organisation),
        "can_edit": can(membership, Permission.EDIT_ENTRY)
        and not organisation.is_paused(),
        "can_invite": can(membership, Permission.INVITE),
    }
    return render(request, "organisations/settings.html", context)


def _editable(request: HttpRequest, slug: str) -> Organisation:
    return membership_or_404(
        person_of(request), slug, needs=Permission.EDIT_ENTRY
    ).organisation


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    organisation = _editable(request, organisation_slug)
    names = entry_names(organisation)
    initial = {name: getattr(organisation, name) for name in (*names, "version")}
    form = EntryForm(typed_here(request), names=names, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _save(request, organisation, form)
    return _show_form(request, "entry_form", organisation, form)


def _save(
    request: HttpRequest, organisation: Organisation, form: EntryForm
) -> HttpResponse:
    try:
        operations.edit_entry(
            organisation=organisation,
            values=form.values(),
            version=form.cleaned_data["version"],
            by=person_of(request),
            at=timezone.now(),
        )
    except operations.EntryConflict as conflict:
        return _show_both(request, conflict, form)
    forget_kept(request)
    messages.success(request, "Saved. The register shows it now.")
    return redirect("settings", organisation.slug)


def _show_both(
    request: HttpRequest, conflict: operations.EntryConflict, form: EntryForm
) -> HttpResponse:
    """Show theirs where it differs from ours, and ours still in the boxes."""
    theirs = conflict.organisation
    differ = [n for n, value in form.values().items() if getattr(theirs, n) != value]
    mine = request.POST.copy()
    mine["version"] = str(theirs.version)
    context = {
        "organisation": theirs,
        "refusal": conflict,
        "rows": entry_rows(theirs, differ),
    }
    anew = EntryForm(mine, names=form.names)
    page = "organisations/entry_conflict.html"
    return show_form(request, page, anew, context, status=409)


def _show_form(
    request: HttpRequest,
    name: str,
    organisation: Organisation,
    form: EntryForm | MilestoneForm | DropMilestoneForm,
    milestone: Milestone | None = None,
) -> HttpResponse:
    context = {"organisation": organisation, "milestone": milestone}
    return show_form(request, f"organisations/{name}.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    """Ask what the organisation calls the people it serves."""
    organisation = _editable(request, organisation_slug)
    initial = {
        name: getattr(organisation, name) for name in ("people_called", "version")
    }
    form = WordsForm(typed_here(request), initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_entry(
                organisation=organisation,
                values={"people_called": form.cleaned_data["people_called"]},
                version=form.cleaned_data["version"],
                by=person_of(request),
                at=timezone.now(),
            )
        except operations.EntryConflict as conflict:
            organisation, status = conflict.organisation, 409
            typed = request.POST.copy()
            typed["version"] = str(organisation.version)
            form = WordsForm(typed)
            form.add_error(
                "people_called", f"{conflict} It says now what stands above."
            )
        else:
            forget_kept(request)
            messages.success(request, "Saved. Your pages say it from now on.")
            return redirect("settings", organisation.slug)
    page, context = "organisations/words.html", {"organisation": organisation}
    return show_form(request, page, form, context, status=status)


# Milestones


@require_http_methods(["GET", "HEAD", "POST"])
def add_milestone(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    organisation = _editable(request, organisation_slug)
    form = MilestoneForm(typed_here(request), today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_milestone(
                organisation=organisation,
                text=form.cleaned_data["text"],
                due_on=form.cleaned_data["due_on"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refusal as reason:
            form.add_error(None, str(reason))
        else:
            forget_kept(request)
            messages.success(request, "The milestone is added.")
            return redirect("settings", organisation_slug)
    return _show_form(request, "milestone_add", organisation, form)


def _milestone_here(
    request: HttpRequest, slug: str, public_id: UUID
) -> tuple[Organisation, Milestone]:
    organisation = _editable(request, slug)
    milestones = Milestone.objects.of(organisation).select_related("organisation")
    return organisation, get_object_or_404(milestones, public_id=public_id)


@require_POST
def keep_milestone(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    _, milestone = _milestone_here(request, organisation_slug, public_id)
    return do(
        request,
        lambda: operations.keep_milestone(
            milestone=milestone, by=person_of(request), at=timezone.now()
        ),
        said="Well done. The milestone is kept.",
        to="settings",
        place=(organisation_slug,),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def drop_milestone(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    organisation, milestone = _milestone_here(request, organisation_slug, public_id)
    form = DropMilestoneForm(typed_here(request))
    if request.method == "POST" and form.is_valid():
        forget_kept(request)
        return do(
            request,
            lambda: operations.drop_milestone(
                milestone=milestone,
                why=form.cleaned_data["why"],
                by=person_of(request),
                at=timezone.now(),
            ),
            said="The milestone is dropped. It stays to be read, with your reason.",
            to="settings",
            place=(organisation_slug,),
        )
    return _show_form(request, "milestone_drop", organisation, form, milestone)


# The register


@require_http_methods(["GET", "HEAD", "POST"])
def leave_register(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    organisation = _editable(request, organisation_slug)
    if request.method == "POST":
        return do(
            request,
            lambda: operations.leave_register(
                organisation=organisation,
                before=request.POST.get("stage", ""),
                by=person_of(request),
                at=timezone.now(),
            ),
            said=f"{organisation} is off the register.",
            to="settings",
            place=(organisation_slug,),
        )
    context = {"organisation": organisation}
    return render(request, "organisations/leave_register.html", context)


@require_POST
def come_back(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    organisation = _editable(request, organisation_slug)
    return do(
        request,
        lambda: operations.come_back(
            organisation=organisation, by=person_of(request), at=timezone.now()
        ),
        said="Welcome back. You are on the register again.",
        to="settings",
        place=(organisation_slug,),
    )
