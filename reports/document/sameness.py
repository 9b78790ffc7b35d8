"""Whether two frozen documents say the same, whenever and in whatever print."""

from __future__ import annotations

from typing import Any


# Which print it is stands in the row of a report too, and there it is compared.
HOW = ("frozen_at", "made_on", "is_large")


def same_words(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return _words(one) == _words(other)


def _words(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in HOW}
