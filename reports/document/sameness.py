"""Whether two frozen documents say the same, on whatever day each was frozen."""

from __future__ import annotations

import json
from typing import Any


WHEN = ("frozen_at", "made_on")


def same_words(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return _words(one) == _words(other)


def _words(document: dict[str, Any]) -> str:
    # As JSON, so that a list that was kept equals the tuple that it was made from.
    said = {name: value for name, value in document.items() if name not in WHEN}
    return json.dumps(said, sort_keys=True)
