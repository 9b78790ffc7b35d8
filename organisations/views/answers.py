"""The answers that several pages give: what came of a deed, a list, or a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from organisations.access import author_mark, person_of
from organisations.rules import Refusal


LINES_ON_A_PAGE = 25
LINES_IN_A_FILE = 10_000


def do(
    request: HttpRequest,
    operation: Callable[[], object],
    *,
    to: str,
    said: str = "",
    place: tuple[object, ...] = (),
) -> HttpResponse:
    """Call an operation, say what came of it, and show the page to go on with."""
    try:
        operation()
    except Refusal as reason:
        messages.warning(request, str(reason))
    else:
        if said:
            messages.success(request, said)
    return redirect(to, *place)


def show_form(
    request: HttpRequest,
    template: str,
    form: forms.Form,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Show a form with the mark of whose it is, so that what is typed can be kept.

    Shape: `is_kept` says whether the form holds what was typed before a session ended.
    """
    marks = {
        "form": form,
        "author": author_mark(person_of(request)),
        "is_kept": form.is_bound and request.method != "POST",
    }
    return render(request, template, context | marks, status=status)


def typed_lines(form: forms.Form) -> list[tuple[str, str]]:
    """List what a form holds as it was typed, to be copied where nothing takes it."""
    lines = ((str(field.label), _typed(field)) for field in form if not field.is_hidden)
    return [(label, words) for label, words in lines if words]


def _typed(field: forms.BoundField) -> str:
    named = dict(getattr(field.field, "choices", ()))
    typed = field.data if isinstance(field.data, list) else [field.data]
    said = [str(named.get(each, each)) for each in typed if each]
    if isinstance(field.field, forms.BooleanField):
        return "Yes" if said and field.data else ""
    return (", " if named else " ").join(said)


def page_of(request: HttpRequest, found: QuerySet[Any]) -> Page[Any]:
    """Take the page of a list that the address asks for, or the nearest there is."""
    return Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))


def csv_file(text: str, *, name: str) -> HttpResponse:
    """Send a table as a file."""
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
