"""Joining by a link in a mail."""

from __future__ import annotations

from allauth.mfa.internal.flows.trust import trust_browser
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from organisations import operations, queries
from organisations.access import person_of, role_sentences
from organisations.forms import JoinForm
from organisations.models import Invitation, User
from organisations.rules import Refusal
from organisations.tries import count_try

from .links import keeps_its_address


HELD = "invitation"
PASSWORDS = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@keeps_its_address
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str = "") -> HttpResponse:
    key = operations.hash_of(token) if token else request.session.get(HELD, "")
    found = queries.invitation_of(key)
    standing = _standing(request, found)
    if request.method == "POST" and found is not None:
        if standing == "ready":
            return _join(request, found)
        if standing == "sign_in":
            # Its hash: the token itself stays out of the table of sessions.
            request.session[HELD] = found.token_hash
            there = reverse("invitation_held")
            return redirect(f"{reverse('account_login')}?next={there}")
    form = None
    if standing == "newcomer" and found is not None:
        form = JoinForm(
            request.POST or None, email=found.email, organisation=found.organisation
        )
        if form.is_valid():
            return _join_anew(request, found, form)
    return _show(request, found, standing, token=token, form=form)


@login_not_required
@never_cache
@keeps_its_address
@require_POST
def invitation_ask(request: HttpRequest, token: str) -> HttpResponse:
    key = operations.hash_of(token)
    count_try(request, "ask_for_invitation", key)
    found = queries.invitation_of(key)
    if found is not None:
        operations.ask_for_new_invitation(invitation=found, at=timezone.now())
    # The same page, whatever there was.
    return render(request, "organisations/invitation_asked.html")


def _standing(request: HttpRequest, found: Invitation | None) -> str:
    """Say in a word what the person can do with the link."""
    if found is None:
        return "unknown"
    if found.cancelled_at:
        return "cancelled"
    if found.accepted_at:
        return "used"
    if found.is_expired(timezone.now()):
        return "expired"
    if found.organisation.is_merged():
        return "merged"
    if found.organisation.is_paused():
        return "paused"
    if not isinstance(request.user, User):
        return "sign_in" if queries.has_account(found.email) else "newcomer"
    if request.user.is_staff:
        return "steward"
    return "ready" if request.user.email == found.email else "somebody_else"


def holds_invitation(request: HttpRequest, user: User) -> bool:
    """Say whether somebody signs in with a link in hand that only her mailbox had."""
    found = queries.invitation_of(request.session.get(HELD, ""))
    return found is not None and found.is_open() and found.email == user.email


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    try:
        operations.accept_invitation(
            invitation=found, by=person_of(request), at=timezone.now()
        )
    except Refusal as reason:
        messages.warning(request, str(reason))
        return redirect("workspaces")
    return _welcome(request, found)


def _join_anew(request: HttpRequest, found: Invitation, form: JoinForm) -> HttpResponse:
    try:
        user = operations.join_with_new_account(
            invitation=found,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            at=timezone.now(),
        )
    except Refusal as reason:
        messages.warning(request, str(reason))
        return redirect("account_login")
    login(request, user, backend=PASSWORDS)
    UserSession.objects.create_from_request(request)
    page = _welcome(request, found)
    # The link has shown that the mailbox is hers: no code on this device for a while.
    trust_browser(request, user, page)
    return page


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    request.session.pop(HELD, None)
    messages.success(request, f"You have joined {found.organisation}.")
    return redirect(found.organisation)


STATUS_OF = {"unknown": 404} | dict.fromkeys(
    ("cancelled", "used", "expired", "merged"), 410
)


def _show(
    request: HttpRequest,
    found: Invitation | None,
    standing: str,
    *,
    token: str,
    form: JoinForm | None,
) -> HttpResponse:
    context = {
        "invitation": found,
        "standing": standing,
        "token": token,
        "form": form,
        "sentences": role_sentences(found.role) if found else (),
    }
    status = STATUS_OF.get(standing, 200)
    return render(request, "organisations/invitation.html", context, status=status)
