"""What happens around every page: nothing typed is lost, nothing private is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from organisations.access import keep_typed


class SignInFirst(LoginRequiredMiddleware):
    """Ask for the sign-in, and keep what was posted after a session had ended."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        keep_typed(request)
        return super().handle_no_permission(request, view_func)


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
