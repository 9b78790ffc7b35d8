"""A connection that is given up when the server says nothing any more.

The server's own limit (statement_timeout) is of no use where the server, or the way to
it, has gone silent: the page would wait for as long as the network lets it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout


# Longer than the server's own limit, which leaves the connection as it is.
LATER_SECONDS = 0.5


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if settings.DATABASE_SECONDS:
            seconds = settings.DATABASE_SECONDS + LATER_SECONDS
            connection.wait = partial(_wait, connection, connection.wait, seconds)
        return connection


def _wait(
    connection: Any, wait: Callable[..., Any], seconds: float, *given: Any
) -> Any:
    """Wait for what the server says.

    Raises: psycopg.OperationalError when it says nothing for too long.
    Effects: the connection is closed then: what comes later is not ours.
    """
    try:
        return wait(*given, timeout=seconds)
    except _WaitTimeout:
        connection.pgconn.finish()
        raise
