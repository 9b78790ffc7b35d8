"""One's own account: what we hold, and how to change it."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organisations.access import person_of
from organisations.models import User
from organisations.operations.account import change_name, sign_out_devices

from .devices import devices_of
from .forms import NameForm


OTHERS = "others"


@dataclass(frozen=True)
class Row:
    key: str
    value: str
    href: str


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    devices = len(devices_of(user, request, timezone.now()))
    rows = [
        Row("Name", user.name, reverse("account_name")),
        Row("Email address", user.email, reverse("account_email")),
        Row("Password", "Not shown", reverse("account_change_password")),
        Row("Sign in in two steps", _second_steps(user), reverse("mfa_index")),
        Row(
            "Where you are signed in",
            "1 device" if devices == 1 else f"{devices} devices",
            reverse("account_devices"),
        ),
    ]
    return render(request, "account/account.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    user = person_of(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if form.is_valid():
        change_name(user=user, name=form.cleaned_data["name"], at=timezone.now())
        messages.success(request, "Your name is changed.")
        return redirect("account")
    return render(request, "account/name.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    user, now = person_of(request), timezone.now()
    known = devices_of(user, request, now)
    if request.method == "POST":
        chosen = request.POST.get("device", "")
        ended = sign_out_devices(
            user=user,
            devices=[
                device.number
                for device in known
                if not device.is_this_one and chosen in {OTHERS, str(device.number)}
            ],
            at=now,
        )
        said = "There was nobody to sign out." if not ended else "Signed out there."
        messages.success(request, said)
        return redirect("account_devices")
    context = {"devices": known, "has_others": len(known) > 1}
    return render(request, "account/devices.html", context)


def _second_steps(user: User) -> str:
    steps = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    passkeys = steps.count(Authenticator.Type.WEBAUTHN)
    said = ["An app for codes"] if Authenticator.Type.TOTP in steps else []
    if passkeys:
        said.append("1 passkey" if passkeys == 1 else f"{passkeys} passkeys")
    return ", ".join(said) or "Off"
