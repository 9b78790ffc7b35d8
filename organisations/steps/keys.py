"""The keys that links in mails carry. Only their hash is kept."""

from __future__ import annotations

import secrets
from hashlib import sha256


# Twice the 128 bits below which a hash would have to be a slow one.
TOKEN_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Make the key under which a token is found. The token itself is kept nowhere."""
    return sha256(token.encode()).hexdigest()
