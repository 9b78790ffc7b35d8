"""Take one's data along, and close one's account."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
)
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.operations import forget_drafts
from organisations.access import person_of
from organisations.models import User
from organisations.operations.closing import close_account
from organisations.queries.people import led_alone_by
from organisations.rules import Refusal, check_can_close

from .my_data import data_file


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """Say what is in the file, or give it: by POST, so that no link can fetch it."""
    if request.method != "POST":
        return render(request, "account/data.html")
    now = timezone.now()
    name = f"4pi-my-data-{timezone.localdate(now):%Y-%m-%d}.json"
    return HttpResponse(
        data_file(person_of(request), now),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    raise_if_reauthentication_required(request, app="account")
    user = person_of(request)
    if request.method == "POST":
        try:
            close_account(user=user, at=timezone.now())
        except Refusal as reason:
            messages.warning(request, str(reason))
            return redirect("account_close")
        forget_drafts(of=user)
        logout(request)
        return redirect("account_inactive")
    return render(request, "account/close.html", _close_page(user))


def _close_page(user: User) -> dict[str, object]:
    try:
        check_can_close(user)
    except Refusal as reason:
        return {"refusal": str(reason)}
    return {"alone_at": led_alone_by(user)}
