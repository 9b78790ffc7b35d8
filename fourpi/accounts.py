"""Post what django-allauth has to say through our outbox, in our own words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from organisations import access
from organisations.steps import post_mail


# allauth's name for a mail and ours. A test asks for each that it may send here.
MAILS = {
    "email_confirmation": "confirm_email",
    "email_confirmation_signup": "confirm_email",
    "password_reset_key": "new_password",
    "unknown_account": "unknown_account",
    "account_already_exists": "account_exists",
    "password_changed": "password_changed",
    "password_reset": "password_changed",
    "password_set": "password_changed",
}


class AccountAdapter(access.AccountAdapter):
    """Write one row for a known and an unknown address alike: the worker sends it.

    A visitor who waited for a mail server could tell from the time who is known.
    """

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        words = {
            "email": email,
            "path": _path(context),
            "ip": str(context.get("ip", "")),
            "user_agent": str(context.get("user_agent", "")),
            "timestamp": _in_words(context.get("timestamp")),
        }
        post_mail(
            template=MAILS[template_prefix.rpartition("/")[2]],
            to=email,
            context=words,
            at=timezone.now(),
        )


def _path(context: dict[str, Any]) -> str:
    """Take the path alone: the host is ours to say, never the request's."""
    for link in ("activate_url", "password_reset_url"):
        if link in context:
            return urlsplit(str(context[link])).path
    return reverse("account_reset_password")


def _in_words(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""
