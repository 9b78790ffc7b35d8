"""Sign in with one's organisation: ask the address, lead on, and take the answer."""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import asdict
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations import queries
from organisations.models import SignInProvider
from organisations.operations import Refusal, Vouched, secret_of, sign_in_vouched
from organisations.sealing import Unreadable

from . import oidc
from .forms import OrganisationSignInForm


logger = logging.getLogger(__name__)

TRYING = "organisation_sign_in"
TRY_SECONDS = 10 * 60


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = OrganisationSignInForm(request.POST or None)
    there = request.POST.get("next", request.GET.get("next", ""))
    context: dict[str, object] = {"form": form, "next": there}
    if form.is_valid():
        wait: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
        if wait is not None:
            return wait
        return _lead_on(request, form.cleaned_data["email"], there)
    return render(request, "account/organisation_sign_in.html", context)


@login_not_required
@never_cache
@require_safe
def organisation_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the provider's answer. It works once, in the browser that left for it."""
    trying = request.session.pop(TRYING, None)
    provider = get_object_or_404(
        SignInProvider.objects.select_related("organisation"),
        public_id=public_id,
        is_enabled=True,
    )
    try:
        attempt = _attempt(request, trying, provider)
        claims = oidc.claims_of(
            _client(provider), attempt, code=request.GET.get("code", "")
        )
        user = sign_in_vouched(
            provider=provider, vouched=_vouched(claims), at=timezone.now()
        )
    except (oidc.Untrusted, Unreadable, Refusal) as reason:
        # A code or the name of a check, never an address.
        logger.warning("Single sign-on at %s refused: %s", provider.public_id, reason)
        return render(request, "account/organisation_refused.html", status=403)
    request.session.set_expiry(0)
    record_authentication(request, user, method="organisation")
    login = Login(user=user, redirect_url=_next(trying))
    page: HttpResponse = perform_login(request, login)
    return page


def _lead_on(request: HttpRequest, email: str, there: str) -> HttpResponse:
    """Show where to go on: a page, because our forms may lead to no other host."""
    provider = queries.provider_for(email)
    context: dict[str, object] = {"domain": queries.domain_of(email)}
    if provider is not None:
        attempt = oidc.new_attempt()
        try:
            context["address"] = oidc.leave_for(_client(provider), attempt, email=email)
        except (oidc.Untrusted, Unreadable) as reason:
            logger.warning("No way to %s: %s", provider.public_id, reason)
            context["is_away"] = True
        context["host"] = urlsplit(provider.issuer).netloc
        request.session[TRYING] = asdict(attempt) | {
            "provider": str(provider.public_id),
            "next": there,
            "at": time.time(),
        }
    return render(request, "account/organisation_go.html", context)


def _client(provider: SignInProvider) -> oidc.Client:
    path = reverse("organisation_back", args=[provider.public_id])
    return oidc.Client(
        issuer=provider.issuer,
        client_id=provider.client_id,
        secret=secret_of(provider),
        back=f"{settings.PUBLIC_ADDRESS}{path}",
    )


def _attempt(
    request: HttpRequest, trying: dict[str, str] | None, provider: SignInProvider
) -> oidc.Attempt:
    """Give back the try that the answer belongs to.

    Raises: oidc.Untrusted. The address to come back to names the provider, so that
    one provider cannot answer for another.
    """
    if trying is None or trying["provider"] != str(provider.public_id):
        raise oidc.Untrusted("no try")
    if time.time() - float(trying["at"]) > TRY_SECONDS:
        raise oidc.Untrusted("too late")
    if not secrets.compare_digest(
        request.GET.get("state", "").encode(), trying["state"].encode()
    ):
        raise oidc.Untrusted("state")
    # RFC 9207: a provider that says who it is has to be this one.
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise oidc.Untrusted("iss")
    return oidc.Attempt(trying["state"], trying["nonce"], trying["verifier"])


def _vouched(claims: dict[str, object]) -> Vouched:
    return Vouched(
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")).lower(),
        # Nothing but true: some providers write it as a text.
        is_verified=claims.get("email_verified") is True,
        name=str(claims.get("name", "")),
    )


def _next(trying: dict[str, str] | None) -> str | None:
    there = trying["next"] if trying else ""
    is_here = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if is_here else None
