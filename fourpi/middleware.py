"""What happens around every page: nothing typed is lost, nothing private is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from organisations.access import (
    is_anothers,
    keep_typed,
    lacks_second_step,
    note_lost_file,
)

from . import sittings
from .devices import note_device
from .views import anothers_form, unavailable


class SignInFirst(LoginRequiredMiddleware):
    """Ask for the sign-in, and keep what was posted after a session had ended.

    What was posted in another's session is kept too, and never saved under her name.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        needs_person = getattr(view_func, "login_required", True)
        if needs_person and is_anothers(request):
            return anothers_form(request)
        page: HttpResponseBase | None = super().process_view(
            request, view_func, view_args, view_kwargs
        )
        return page

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        keep_typed(request)
        note_lost_file(request)
        return super().handle_no_permission(request, view_func)


def back_soon(
    get_page: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer for the whole site while it is worked on, without touching its data."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return unavailable() if settings.MAINTENANCE else get_page(request)

    return middleware


def sessions_end(
    get_page: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Sign out whoever did nothing for too long, or has been here all day.

    Asking how long is left is no move: an open page would keep itself alive.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            asks = request.method == "GET" and request.path == reverse("session_ending")
            if reason := sittings.why_over(request.session, now):
                logout(request)
                request.session[sittings.ENDED] = reason.value
            elif not asks:
                sittings.note_move(request.session, now)
                note_device(request, now)
        return get_page(request)

    return middleware


# What a steward may reach before she has a second step, beside the public pages.
SETTING_UP = {
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}


class SecondStepFirst:
    """Let a steward who has no second step set one up, and do nothing else.

    Closed by default: a page opens by being public or by standing in SETTING_UP.
    """

    def __init__(self, get_page: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_page = get_page

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_page(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> HttpResponseBase | None:
        place = request.resolver_match
        is_open = place is not None and place.view_name in SETTING_UP
        if is_open or not getattr(view, "login_required", True):
            return None
        return redirect("mfa_index") if lacks_second_step(request.user) else None


def never_stored(
    get_page: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let no browser or proxy store the page of somebody who is signed in.

    "Back" then asks for the page anew, with its newest version in the form.
    """

    def middleware(request: HttpRequest) -> Any:
        page = get_page(request)
        if request.user.is_authenticated:
            add_never_cache_headers(page)
        return page

    return middleware
