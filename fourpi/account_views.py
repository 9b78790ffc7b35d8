"""The pages of one's own account that are more than django-allauth's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account import views as account
from allauth.account.internal.flows.email_verification import (
    consume_email_verification_rate_limit,
)
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.views import INTERNAL_RESET_SESSION_KEY, confirm_login_code
from allauth.mfa.internal.flows.trust import trust_browser
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations.access import has_second_step, person_of
from organisations.sealing import Unreadable, seal, unseal
from organisations.tries import count_try
from organisations.views.links import keeps_its_address


FOUND = 302


def _from_one_to_two_steps(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """End the other sessions when the first second step is there.

    They began with a password alone, and it may have been somebody else's hand.
    """

    @wraps(view)
    def ends_the_others(request: HttpRequest) -> HttpResponse:
        user = person_of(request)
        had_one = has_second_step(user)
        page = view(request)
        if not had_one and has_second_step(user):
            end_other_sessions(request, user)
            record_authentication(request, user, method="mfa")
        return page

    return ends_the_others


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mailed_code(request: HttpRequest) -> HttpResponse:
    """Let somebody in who enters the code from her mail, and know her device."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    tries = request.method == "POST" and request.POST.get("action") != "resend"
    if stage is None or not tries:
        return confirm_login_code(request)  # type: ignore[no-any-return]
    take_back = count_try(request, "mailed_code", str(stage.login.user.pk))
    page: HttpResponse = confirm_login_code(request)
    if request.user.is_authenticated:
        take_back()
        if request.POST.get("remember"):
            trust_browser(request, request.user, page)
    return page


@require_http_methods(["GET", "HEAD", "POST"])
@_from_one_to_two_steps
def add_app(request: HttpRequest) -> HttpResponse:
    page: HttpResponse = app.activate_totp(request)
    return page


@require_http_methods(["GET", "HEAD", "POST"])
@_from_one_to_two_steps
def add_passkey(request: HttpRequest) -> HttpResponse:
    page: HttpResponse = passkeys.add_webauthn(request)
    return page


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Send people to our own sign-in: Django's asks for no second step."""
    if request.user.is_authenticated:
        raise PermissionDenied("These pages are for those who look after the site.")
    return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, "/admin/"))


@require_http_methods(["GET", "HEAD", "POST"])
def admin_password(request: HttpRequest) -> HttpResponse:
    """Send people to our own page, which tells them by mail."""
    return redirect("account_change_password")


@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """Say what came of "send the link again": allauth is silent where it waits."""
    typed = request.POST.get("email", "") if "action_send" in request.POST else ""
    waiting = EmailAddress.objects.filter(user=person_of(request), verified=False)
    again = typed if typed and waiting.filter(email__iexact=typed).exists() else ""
    may_send = bool(again) and consume_email_verification_rate_limit(
        request, again, dry_run=True
    )
    page: HttpResponse = account.email(request)
    if may_send and page.status_code == FOUND:
        messages.success(request, f"We are sending the link to {again} again.")
    elif again and page.status_code == FOUND:
        messages.warning(
            request,
            f"We have just sent a link to {again}, so we did not send it again. Look "
            "in the folder for spam too. You can have it sent again 3 minutes after "
            "the last time.",
        )
    return page


# What a link in a mail opens


@login_not_required
@never_cache
@keeps_its_address
def password_reset_from_key(
    request: HttpRequest, uidb36: str, key: str
) -> HttpResponse:
    """Show the form at an address without the key, which waits sealed in the session."""
    if sealed := request.session.get(INTERNAL_RESET_SESSION_KEY):
        try:
            waiting = unseal(sealed, purpose=INTERNAL_RESET_SESSION_KEY)
        except Unreadable:
            waiting = ""
        request.session[INTERNAL_RESET_SESSION_KEY] = waiting
    page: HttpResponse = account.password_reset_from_key(
        request, uidb36=uidb36, key=key
    )
    if opened := request.session.get(INTERNAL_RESET_SESSION_KEY):
        request.session[INTERNAL_RESET_SESSION_KEY] = seal(
            opened, purpose=INTERNAL_RESET_SESSION_KEY
        )
    return page


@login_not_required
@never_cache
@keeps_its_address
def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    page: HttpResponse = account.confirm_email(request, key=key)
    return page
