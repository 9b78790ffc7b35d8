"""What each field of each file may hold, whatever the other rows say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from .edition import (
    AUDIENCES,
    DOMAINS,
    DUTY_STATUSES,
    EDITION_STATUSES,
    LEVELS,
    STANDARDS_OF,
)


class Wrong(Exception):
    """What is wrong with one value."""


Kind = Callable[[object], Any]


def _text(limit: int | None = None, *, may_be_empty: bool = False) -> Kind:
    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong("must be text")
        if not value and not may_be_empty:
            raise Wrong("must not be empty")
        if value != value.strip() or not value.isprintable():
            # NUL and lone surrogates would break the database, a line break the page.
            raise Wrong("holds a character that cannot be printed, or outer spaces")
        if limit and len(value) > limit:
            raise Wrong(f"must be at most {limit} characters")
        return value

    return read


def _matching(pattern: str, limit: int) -> Kind:
    text = _text(limit)

    def read(value: object) -> str:
        if not re.fullmatch(pattern, word := text(value)):
            raise Wrong(f"must look like {pattern}")
        return str(word)

    return read


def _one_of(*choices: str) -> Kind:
    def read(value: object) -> str:
        if value not in choices or not isinstance(value, str):
            raise Wrong(f"must be one of {', '.join(choices)}")
        return value

    return read


def _list_of(kind: Kind) -> Kind:
    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise Wrong("must be a list")
        values = tuple(kind(member) for member in value)
        if len(set(values)) < len(values):
            raise Wrong("says the same thing twice")
        return values

    return read


def _some(kind: Kind) -> Kind:
    def read(value: object) -> tuple[str, ...]:
        values: tuple[str, ...] = _list_of(kind)(value)
        if not values:
            raise Wrong("must not be an empty list")
        return values

    return read


def _texts_by(needed: Sequence[str], optional: Sequence[str] = ()) -> Kind:
    text = _text()

    def read(value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise Wrong("must be an object")
        if missing := [key for key in needed if key not in value]:
            raise Wrong(f"lacks {', '.join(missing)}")
        if unknown := [key for key in value if key not in (*needed, *optional)]:
            raise Wrong(f"does not know {', '.join(unknown)}")
        return {key: text(words) for key, words in value.items()}

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong("must be true or false")
    return value


def _level(value: object) -> int:
    # True is an int to Python, and equals 1.
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong("must be a whole number")
    if str(value) not in LEVELS:
        raise Wrong("must be 0, 1, 2, 3 or 4")
    return value


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(_text()(value)))
    except ValueError:
        raise Wrong("must be a date such as 2026-11-23, or null") from None


def _address(value: object) -> str:
    address = str(_text(500, may_be_empty=True)(value))
    if not address:
        return address
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise Wrong("is no web address") from None
    if parts.scheme not in ("http", "https") or not re.fullmatch(
        r"([a-z0-9-]+\.)+[a-z]{2,}", host
    ):
        raise Wrong("is no web address")
    return address


SHAPES: dict[str, dict[str, Kind]] = {
    "edition": {
        "code": _matching(r"[a-z0-9-]+", 60),
        "title": _text(200),
        "version": _text(20),
        "jurisdiction": _text(60),
        "language": _matching(r"[a-z]{2}(-[A-Z]{2})?", 10),
        "status": _one_of(*EDITION_STATUSES),
        "published_on": _day,
        "review_note": _text(),
    },
    "levels": {
        "value": _level,
        "word": _text(40),
        "descriptor": _text(),
        "rule_of_thumb": _text(),
        "proof": _text(),
    },
    "domains": {
        "code": _one_of(*DOMAINS),
        "name": _text(60),
        "description": _text(),
        "benefits": _text(),
        "examples": _some(_text()),
    },
    "principles": {
        "code": _one_of(*STANDARDS_OF),
        "slug": _matching(r"[a-z-]+", 20),
        "name": _text(40),
        "gloss": _text(100),
        "question_organisation": _text(),
        "question_people": _text(),
        "why": _text(),
    },
    "standards": {
        "code": _matching(r"[A-Z]{2}[1-9]", 4),
        "principle": _one_of(*STANDARDS_OF),
        "title": _text(100),
        "statement": _text(),
        "why": _text(),
        "core": _flag,
        "domains": _some(_one_of(*DOMAINS)),
        "indicators": _some(_text()),
        "levels": _texts_by(LEVELS),
        "level_three": _text(),
        "questions": _texts_by(AUDIENCES[:3], AUDIENCES[3:]),
        "example_evidence": _some(_text()),
        "duties": _list_of(_text(20)),
        "not_applicable_rule": _text(),
    },
    "duties": {
        "code": _matching(r"[A-Z0-9]+(-[A-Z0-9]+)*", 20),
        "title": _text(200),
        "family": _text(60),
        "body": _text(100),
        "jurisdiction": _text(60),
        "applies_to": _some(_text()),
        "summary": _text(),
        "status": _one_of(*DUTY_STATUSES),
        "status_note": _text(may_be_empty=True),
        "address": _address,
        "checked_on": _day,
        "checked_by": _text(100, may_be_empty=True),
    },
}
