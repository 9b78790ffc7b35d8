"""Signing in as a person does who has to enter the code from her mail."""

from __future__ import annotations

from typing import Any

from django.test import Client

from organisations import emails
from organisations.models import Outbox, User
from tests.factories import PASSWORD


CODE_PAGE = "/sign-in/code/"


def sign_in(
    client: Client, user: User, *, to: str = "/sign-in/", remember: bool = False
) -> Any:
    """Give the password, then the code, and return the answer to the last form."""
    page = client.post(to, {"login": user.email, "password": PASSWORD})
    if page.url != CODE_PAGE:
        return page
    ticked = {"remember": "on"} if remember else {}
    return client.post(CODE_PAGE, {"code": mailed_code(user)} | ticked)


def mailed_code(user: User) -> str:
    """Read the code in the newest mail to somebody."""
    mails = Outbox.objects.filter(to=user.email, template="sign_in_code")
    return emails.unseal(mails.latest("pk").secret)["code"]
