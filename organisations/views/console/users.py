"""The accounts, and what a steward does with one."""

from __future__ import annotations

from collections.abc import Callable
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

from organisations.access import forget_kept, person_of, stewards_only, typed_here
from organisations.forms.console import FindUserForm, IdentityForm
from organisations.models import User
from organisations.operations import console as operations
from organisations.queries import console as queries
from organisations.rules import Refusal
from organisations.views.answers import do, page_of, show_form


# What the buttons of an account do, and what is said when it is done.
DEEDS: dict[str, tuple[Callable[..., object], str]] = {
    "sign-out": (operations.sign_out_everywhere, "{user} is signed out everywhere."),
    "suspend": (operations.suspend, "{user} cannot sign in any more."),
    "let-in": (operations.let_in, "{user} can sign in again."),
    "make-steward": (operations.make_steward, "{user} is a steward now."),
    "unmake-steward": (operations.unmake_steward, "{user} is a steward no more."),
}


@stewards_only
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    form = FindUserForm(request.GET)
    found = queries.search_users(form.sought())
    page = page_of(request, found)
    lines = queries.user_lines(page.object_list)
    context = {"form": form, "page": page, "lines": lines}
    return render(request, "console/users.html", context)


@stewards_only
@require_safe
def user(request: HttpRequest, public_id: UUID) -> HttpResponse:
    wanted = get_object_or_404(User, public_id=public_id)
    context = {
        "page": queries.user_page(wanted),
        "is_self": wanted.pk == person_of(request).pk,
        "is_superuser": person_of(request).is_superuser,
    }
    return render(request, "console/user.html", context)


@stewards_only
@require_POST
def user_do(request: HttpRequest, public_id: UUID, deed: str) -> HttpResponse:
    wanted = get_object_or_404(User, public_id=public_id)
    operation, said = DEEDS[deed]
    return do(
        request,
        lambda: operation(user=wanted, by=person_of(request), at=timezone.now()),
        said=said.format(user=wanted),
        to="console:user",
        place=(public_id,),
    )


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def user_second_step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    wanted = get_object_or_404(User, public_id=public_id)
    form = IdentityForm(typed_here(request))
    if request.method == "POST" and form.is_valid():
        try:
            operations.reset_second_step(
                user=wanted,
                **form.cleaned_data,
                by=person_of(request),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            forget_kept(request)
            said = f"{wanted} can sign in with the password alone, and is told so."
            messages.success(request, said)
            return redirect("console:user", public_id)
    template = "console/user_second_step.html"
    return show_form(request, template, form, {"wanted": wanted})
