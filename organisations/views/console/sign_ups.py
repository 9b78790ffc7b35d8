"""The sign-ups, and what a steward does with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from organisations.access import forget_kept, person_of, stewards_only, typed_here
from organisations.forms.console import (
    ApproveForm,
    AskForm,
    DeclineForm,
    FindSignUpForm,
    NoteForm,
)
from organisations.models import SignUp
from organisations.operations import ask_sponsor_again
from organisations.operations import console as operations
from organisations.queries import console as queries
from organisations.rules import AlreadyDone, Changed, Refusal, first_due
from organisations.views.answers import page_of, show_form


@stewards_only
@require_safe
def sign_ups(request: HttpRequest) -> HttpResponse:
    form = FindSignUpForm(request.GET)
    sought = form.sought()
    found = queries.search_sign_ups(**sought)
    page = page_of(request, found)
    context = {
        "form": form,
        "page": page,
        "lines": queries.sign_up_lines(page.object_list, timezone.now()),
        "is_narrowed": any(sought.values()),
    }
    return render(request, "console/sign_ups.html", context)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a sign-up, and take a note about it."""
    wanted = _wanted(public_id)
    if wanted.state == SignUp.State.WITHDRAWN:
        return _show_withdrawn(request, wanted, NoteForm)
    form = NoteForm(typed_here(request))
    if request.method == "POST" and form.is_valid():
        operations.add_note(
            sign_up=wanted,
            text=form.cleaned_data["text"],
            by=person_of(request),
            at=timezone.now(),
        )
        forget_kept(request)
        messages.success(request, "Your note is kept.")
        return redirect("console:sign_up", public_id)
    context = {"page": queries.sign_up_page(wanted)}
    return show_form(request, "console/sign_up.html", form, context)


@stewards_only
@require_POST
def ask_sponsor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    wanted = _wanted(public_id)
    if wanted.state == SignUp.State.WITHDRAWN:
        return _show_withdrawn(request, wanted)
    try:
        ask_sponsor_again(
            sign_up=wanted,
            email=wanted.sponsor_email,
            at=timezone.now(),
            by=person_of(request),
        )
    except Refusal as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, f"We are writing to {wanted.sponsor_email} again.")
    return redirect("console:sign_up", public_id)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _decide(request, public_id, ApproveForm, operations.approve)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _decide(request, public_id, AskForm, operations.ask)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _decide(request, public_id, DeclineForm, operations.decline)


@stewards_only
@require_safe
def decided(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say what became of a sign-up, and offer the next one."""
    wanted = _wanted(public_id)
    if wanted.state == SignUp.State.WITHDRAWN:
        return _show_withdrawn(request, wanted)
    if wanted.state in {SignUp.State.SENT, SignUp.State.WAITING}:
        return redirect("console:sign_up", public_id)
    following = queries.next_waiting()
    context = {
        "sign_up": wanted,
        "page": queries.sign_up_page(wanted),
        "following": following if following != wanted else None,
    }
    return render(request, "console/decided.html", context)


def _decide(
    request: HttpRequest,
    public_id: UUID,
    form_class: type[forms.Form],
    operation: Callable[..., object],
) -> HttpResponse:
    wanted = _wanted(public_id)
    if wanted.state == SignUp.State.WITHDRAWN:
        return _show_withdrawn(request, wanted, form_class)
    what = operation.__name__
    page = queries.sign_up_page(wanted)
    form = _form(request, form_class, _prefilled(what, wanted))
    status = 200
    if request.method != "POST":
        why_not = _why_not(what, page)
        if why_not and not form.is_bound:
            messages.warning(request, why_not)
            return redirect("console:sign_up", public_id)
        if why_not:
            form.add_error(None, why_not)
    elif form.is_valid():
        try:
            operation(
                sign_up=wanted,
                by=person_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except (AlreadyDone, Changed) as reason:
            form = _with_new_version(form, wanted)
            form.add_error(None, str(reason))
            status = 409
        except Refusal as reason:
            form.add_error(None, str(reason))
        else:
            forget_kept(request)
            return redirect("console:decided", public_id)
    template = f"console/{what}.html"
    return show_form(request, template, form, {"page": page}, status=status)


def _why_not(what: str, page: queries.SignUpPage) -> str:
    """Say why a decision cannot be made now, or nothing."""
    refused = page.why_not_approve if what == "approve" else ""
    decided = "" if page.can_decide else f"This sign-up is: {page.state}."
    return refused or decided


def _show_withdrawn(
    request: HttpRequest, wanted: SignUp, form_class: type[forms.Form] = forms.Form
) -> HttpResponse:
    """Say that the applicant took it back, and give back what the steward wrote."""
    typed = typed_here(request) or QueryDict()
    written = [
        (field.label, typed[name])
        for name, field in form_class.base_fields.items()
        if typed.get(name) and not field.widget.is_hidden
    ]
    context = {"sign_up": wanted, "written": written}
    status = 409 if request.method == "POST" else 410
    return render(request, "console/withdrawn.html", context, status=status)


def _prefilled(what: str, wanted: SignUp) -> dict[str, Any]:
    context = {"sign_up": wanted, "due": first_due(localdate())}
    words = render_to_string(f"console/words/{what}.txt", context).strip()
    return {"words": words, "version": wanted.version}


def _with_new_version(form: forms.Form, wanted: SignUp) -> forms.Form:
    """Keep what was typed, beside the version that the steward now reads."""
    typed = {name: form.data.get(name, "") for name in form.fields}
    anew = type(form)(typed | {"version": wanted.version})
    anew.is_valid()
    return anew


def _form(
    request: HttpRequest, form_class: type[forms.Form], initial: dict[str, Any]
) -> forms.Form:
    """Bind what was posted, or what was typed before the session ended."""
    typed = typed_here(request)
    if request.method == "POST" or typed is None:
        return form_class(typed, initial=initial)
    # Never the kept version: she reads the page as it is now.
    return form_class({**typed.dict(), "version": initial["version"]})


def _wanted(public_id: UUID) -> SignUp:
    return get_object_or_404(queries.sign_ups_ever_sent(), public_id=public_id)
