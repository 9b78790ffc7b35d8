"""One's own account: what we hold, and how to change it."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from organisations.access import person_of
from organisations.emails import stopped_by
from organisations.models import MailPreference, User
from organisations.operations.account import (
    change_name,
    resume_mail,
    sign_out_devices,
    stop_mail,
)
from organisations.views.links import keeps_its_address

from .devices import devices_of
from .forms import MailsForm, NameForm


OTHERS = "others"
Kind = MailPreference.Kind


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
        Row("Mails", _mails(user), reverse("account_mails")),
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


@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    user, now = person_of(request), timezone.now()
    wanted = set(Kind.values) - _stopped(user)
    form = MailsForm(request.POST or None, initial={"kinds": sorted(wanted)})
    # Nothing ticked is nothing sent, but for the form's own token.
    if request.method == "POST" and form.is_valid():
        for kind in Kind.values:
            change = resume_mail if kind in form.cleaned_data["kinds"] else stop_mail
            change(user=user, kind=kind, at=now)
        messages.success(request, "Your choice of mails is saved.")
        return redirect("account")
    return render(request, "account/mails.html", {"form": form})


# The token says whose mails and which, and nothing else can be done with it. A mailbox
# that stops them for its person (RFC 8058) has no form token.
@csrf_exempt
@login_not_required
@never_cache
@keeps_its_address
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    person, kind = stopped_by(token) or ("", "")
    user = User.objects.filter(public_id=person).first() if person else None
    if user is None:
        return render(request, "account/mail_stop.html", {"kind": None}, status=404)
    if request.method == "POST":
        resumes = request.POST.get("do") == "resume"
        change = resume_mail if resumes else stop_mail
        change(user=user, kind=kind, at=timezone.now())
    context = {"kind": Kind(kind).label, "is_stopped": kind in _stopped(user)}
    return render(request, "account/mail_stop.html", context)


def _stopped(user: User) -> set[str]:
    return set(user.mail_preferences.values_list("kind", flat=True))


def _mails(user: User) -> str:
    stopped = len(_stopped(user))
    return f"{stopped} of {len(Kind.values)} kinds stopped" if stopped else "All"


def _second_steps(user: User) -> str:
    steps = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    passkeys = steps.count(Authenticator.Type.WEBAUTHN)
    said = ["An app for codes"] if Authenticator.Type.TOTP in steps else []
    if passkeys:
        said.append("1 passkey" if passkeys == 1 else f"{passkeys} passkeys")
    return ", ".join(said) or "Off"
