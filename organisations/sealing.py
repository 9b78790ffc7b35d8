"""Seal words so that who reads the database, or a copy of it, cannot read them."""

from __future__ import annotations

import base64
from datetime import timedelta
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone


class Unreadable(Exception):
    """The words were sealed with another key, for something else, or too long ago."""


def seal(words: str, *, purpose: str) -> str:
    """Encrypt words for one purpose, under a key of its own."""
    now = int(timezone.now().timestamp())
    box = _box(settings.SECRET_KEY, purpose)
    return box.encrypt_at_time(words.encode(), now).decode()


def unseal(sealed: str, *, purpose: str, max_age: timedelta | None = None) -> str:
    """Decrypt what was sealed for the same purpose, not longer ago than `max_age`.

    Raises: Unreadable.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _open(_box(key, purpose), sealed.encode(), max_age)
        except InvalidToken:
            continue
    # Without the cause: a chained traceback would print the sealed text's frames.
    raise Unreadable from None


def _open(box: Fernet, sealed: bytes, max_age: timedelta | None) -> str:
    if max_age is None:
        return box.decrypt(sealed).decode()
    now = int(timezone.now().timestamp())
    seconds = int(max_age.total_seconds())
    return box.decrypt_at_time(sealed, ttl=seconds, current_time=now).decode()


@cache
def _box(secret_key: str, purpose: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=f"fourpi {purpose}".encode()).derive(
        secret_key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
