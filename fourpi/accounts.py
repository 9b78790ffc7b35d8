"""Post what django-allauth has to say through our outbox, in our own words.

And tell the audit trail, seal the secrets of second steps, name things.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from organisations import access, audit
from organisations.access import has_second_step
from organisations.models import User
from organisations.sealing import Unreadable, seal, unseal
from organisations.steps import end_sessions, post_mail
from organisations.tries import at_one_place
from organisations.views.joining import holds_invitation


# allauth's name for a mail and ours. A test asks for each that it may send here.
MAILS = {
    "email_confirmation": "confirm_email",
    "email_confirmation_signup": "confirm_email",
    "account_already_exists": "account_exists",
    "unknown_account": "unknown_account",
    "password_changed": "password_changed",
    "password_reset": "password_changed",
    "password_set": "password_changed",
    "totp_activated": "account_changed",
    "totp_deactivated": "account_changed",
    "webauthn_added": "account_changed",
    "webauthn_removed": "account_changed",
    "recovery_codes_generated": "account_changed",
    "login_code": "sign_in_code",
    "email_changed": "account_changed",
    "email_deleted": "account_changed",
}

# What the mail "account_changed" says.
CHANGES = {
    "totp_activated": "An app on a phone or computer now gives the codes for your sign-in.",
    "totp_deactivated": "The app that gave the codes for your sign-in does so no more.",
    "webauthn_added": "A passkey was added to your account.",
    "webauthn_removed": "A passkey was removed from your account.",
    "email_deleted": "The new email address that you had asked for is dropped. The old one stays.",
    "email_changed": "The email address of your account has changed.",
    "recovery_codes_generated": "You have new recovery codes. The old ones do not work any more.",
}

# What the audit trail calls each thing that changes how somebody signs in.
VERBS = {
    "password_changed": "password_changed",
    "password_reset": "password_reset",
    "password_set": "password_set",
    "email_changed": "email_changed",
    "email_deleted": "email_change_dropped",
    "totp_activated": "app_added",
    "totp_deactivated": "app_removed",
    "webauthn_added": "passkey_added",
    "webauthn_removed": "passkey_removed",
    "recovery_codes_generated": "recovery_codes_made",
}

SECRETS = "second step"


class AccountAdapter(access.AccountAdapter):
    """Write one row for a known and an unknown address alike: the worker sends it.

    A visitor who waited for a mail server could tell from the time who is known.
    """

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        name = _name(template_prefix)
        words = {
            "email": email,
            "path": _path(context),
            "code": str(context.get("code", "")),
            "change": CHANGES.get(name, ""),
            "ip": str(context.get("ip", "")),
            "user_agent": str(context.get("user_agent", "")),
            "timestamp": _in_words(context.get("timestamp")),
        }
        post_mail(
            template=MAILS[name],
            to=email,
            context=words,
            at=timezone.now(),
        )

    @transaction.atomic
    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the person, and the audit trail with it, how her account changed."""
        name = _name(template_prefix)
        audit.record(by=user, verb=VERBS[name], subject=user, at=timezone.now())
        super().send_notification_mail(template_prefix, user, context, email)
        if name == "email_changed" and context:
            # The old address has been told; the new one is as well.
            new = context["to_email"]
            super().send_notification_mail(template_prefix, user, context, new)
        if name in {"password_changed", "password_set"}:
            end_other_sessions(self.request, user)
        elif name == "password_reset":
            end_sessions(user=user)

    def is_login_by_code_required(self, login: Login) -> bool:
        """Ask for a mailed code, unless something else has shown who it is."""
        if has_second_step(login.user) or holds_invitation(self.request, login.user):
            return False
        return bool(super().is_login_by_code_required(login))

    def get_login_stages(self) -> list[str]:
        """Leave out a page: the one that asks for the code asks about the device."""
        stages = super().get_login_stages()
        return [each for each in stages if each != "allauth.mfa.stages.TrustStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise ImmediateHttpResponse(respond_429(request)) from None

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        return at_one_place(request, credentials.get("email", "").lower())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again, unless it was given just now to sign in."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((each["at"] for each in records), default=0.0)
        age = timezone.now().timestamp() - latest
        return bool(age > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        methods = super().get_reauthentication_methods(user)
        return [
            each | {"description": AGAIN.get(each["id"], each["description"])}
            for each in methods
        ]


AGAIN = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keep what gives the codes unreadable in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is not right. Check it, or wait for the next one.",
        "unverified_email": "Confirm your email address first.",
        "cannot_delete_authenticator": "You cannot remove this.",
        "cannot_generate_recovery_codes": "Recovery codes come with a second step. Set one up first.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text, purpose=SECRETS)
        except Unreadable:
            # Sealed with a key that this site no longer has: no code can be right.
            raise self.validation_error("incorrect_code") from None

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        known = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {known + 1}"

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)


def _name(template_prefix: str) -> str:
    return template_prefix.rpartition("/")[2]


def _path(context: dict[str, Any]) -> str:
    """Take the path alone: the host is ours to say, never the request's."""
    for link in ("activate_url", "password_reset_url"):
        if link in context:
            return urlsplit(str(context[link])).path
    return reverse("account_reset_password")


def _in_words(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""
