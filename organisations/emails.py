"""Make a mail of an outbox row: its words, sealed until it goes, and its form."""

from __future__ import annotations

import base64
import json
from email.utils import parseaddr
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from .models import Outbox


class Unreadable(Exception):
    """The words were sealed with another key."""


def seal(context: dict[str, str]) -> str:
    """Encrypt what a template is to say of one person."""
    return _box(settings.SECRET_KEY).encrypt(json.dumps(context).encode()).decode()


def unseal(secret: str) -> dict[str, str]:
    """Decrypt what was sealed.

    Raises: Unreadable.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            words: dict[str, str] = json.loads(_box(key).decrypt(secret.encode()))
        except InvalidToken:
            continue
        return words
    # Without the cause: a chained traceback would print the sealed text's frames.
    raise Unreadable from None


def build(mail: Outbox) -> EmailMultiAlternatives:
    """Make the message, plain text and HTML, as `templates/emails/` says it.

    Shape: the same Message-ID each time, so that a second copy is known as one.
    Raises: Unreadable.
    """
    words = {"site": settings.PUBLIC_ADDRESS} | unseal(mail.secret)
    name = f"emails/{mail.template}"
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{name}.subject.txt", words).split()),
        body=render_to_string(f"{name}.txt", words).strip() + "\n",
        to=[mail.to],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"{name}.html", words), "text/html")
    return message


def message_id(public_id: object) -> str:
    """Name a mail for its whole life.

    Source: RFC 5322, section 3.6.4.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{public_id}@{domain or 'localhost'}>"


@cache
def _box(secret_key: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"fourpi outbox").derive(
        secret_key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
