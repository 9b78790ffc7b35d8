"""The services and teams that an organisation assesses."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from organisations import operations
from organisations.access import (
    Permission,
    forget_kept,
    membership_or_404,
    person_of,
    typed_here,
)
from organisations.forms import UnitForm
from organisations.models import Organisation, Unit
from organisations.queries import tree_of
from organisations.rules import Refusal

from .answers import do, show_form


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    person = person_of(request)
    return membership_or_404(person, slug, needs=Permission.START).organisation


def _unit_here(request: HttpRequest, slug: str, public_id: UUID) -> Unit:
    units = Unit.objects.of(_organisation(request, slug))
    return get_object_or_404(
        units.select_related("organisation", "parent"), public_id=public_id
    )


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    """Show the tree, and add to it."""
    organisation = _organisation(request, organisation_slug)
    tree = tree_of(organisation)
    form = UnitForm(typed_here(request), tree=tree)
    if request.method == "POST" and form.is_valid():
        try:
            unit = operations.add_unit(
                organisation=organisation,
                name=form.cleaned_data["name"],
                parent=form.above(),
                by=person_of(request),
                at=timezone.now(),
            )
        except Refusal as reason:
            form.add_error("name", str(reason))
        else:
            forget_kept(request)
            messages.success(request, f"{unit} is added.")
            return redirect("units", organisation_slug)
    context = {"organisation": organisation, "tree": tree}
    return show_form(request, "organisations/units.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_unit(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    unit = _unit_here(request, organisation_slug, public_id)
    tree = tree_of(unit.organisation)
    form = UnitForm(typed_here(request), tree=tree, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_unit(
                unit=unit,
                name=form.cleaned_data["name"],
                parent=form.above(),
                version=form.cleaned_data["version"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refusal as reason:
            form.add_error("name", str(reason))
        else:
            forget_kept(request)
            messages.success(request, "Saved.")
            return redirect("units", organisation_slug)
    context = {
        "organisation": unit.organisation,
        "unit": unit,
        "line": tree.line_of(unit),
    }
    return show_form(request, "organisations/unit_change.html", form, context)


@require_POST
def close_unit(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    unit = _unit_here(request, organisation_slug, public_id)
    said = f"{unit} is closed. What was assessed stays."
    return _do(request, operations.close_unit, unit, said)


@require_POST
def reopen_unit(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    unit = _unit_here(request, organisation_slug, public_id)
    return _do(request, operations.reopen_unit, unit, f"{unit} is open again.")


def _do(
    request: HttpRequest, operation: Callable[..., None], unit: Unit, said: str
) -> HttpResponse:
    return do(
        request,
        lambda: operation(
            unit=unit,
            version=unit.version,
            by=person_of(request),
            at=timezone.now(),
        ),
        said=said,
        to="units",
        place=(unit.organisation.slug,),
    )
