"""Seal what a session holds, so that who reads the table or a copy of it cannot.

A session holds the six digits of a sign-in, and who is signing in by them.
"""

from __future__ import annotations

import json
from typing import Any

from organisations import sealing


PURPOSE = "session"


class SealingSerializer:
    """What SESSION_SERIALIZER names. A session of another key is an empty one."""

    def dumps(self, held: dict[str, Any]) -> bytes:
        words = json.dumps(held, separators=(",", ":"))
        return sealing.seal(words, purpose=PURPOSE).encode()

    def loads(self, sealed: bytes) -> dict[str, Any]:
        """Open a session.

        Raises: Unreadable.
        """
        held: dict[str, Any] = json.loads(
            sealing.unseal(sealed.decode(), purpose=PURPOSE)
        )
        return held
