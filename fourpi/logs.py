"""Keep the keys that addresses carry out of the log: who reads it must not join."""

from __future__ import annotations

import re
from typing import Any


# After the first slash, also as it stands in a query: /sign-in/?next=%2Finvite%2F...
KEYS = re.compile(
    r"(?P<place>(?:/|%2F)(?:invite|reset|confirm-email|sign-up|sponsor|stop)(?:/|%2F))(?P<key>[^/%\s?#'\"]+)",
    re.IGNORECASE,
)


def hide_keys(logger: Any, method: str, line: str) -> str:
    """Write "[hidden]" in place of each key in a line that is about to be written."""
    return KEYS.sub(r"\g<place>[hidden]", line)
