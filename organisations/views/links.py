"""What every page has that a link in a mail opens."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def keeps_its_address(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Tell no other page this page's address: it is a key.

    Not "no-referrer", with which browsers send "Origin: null" and the form is
    refused.
    """

    def quiet(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        page = view(request, *args, **kwargs)
        page["Referrer-Policy"] = "strict-origin"
        return page

    return quiet
