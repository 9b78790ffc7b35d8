"""Sessions in the database, with a shared cache before it where there is one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import cached_db
from django.db import Error


class SessionStore(cached_db.SessionStore):
    """Read a session once where the cache gives no answer.

    Django's own raises when it cannot put into the cache what it has read, and each
    who asks for the session then waits for the cache anew.
    """

    def load(self) -> dict[str, Any]:
        try:
            held: dict[str, Any] = super().load()
        except Error:
            # The database itself.
            raise
        except Exception:
            held = super(cached_db.SessionStore, self).load()
        return held
