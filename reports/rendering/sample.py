"""Documents that say nothing, for a worker to lay out before the first real one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from reports.document import BoardPaper


Kind = TypeVar("Kind")

WHEN = datetime.fromisoformat("2026-01-01T12:00:00+00:00")
WORDS = "Words and some more words."
BY_TYPE: dict[Any, Any] = {
    str: WORDS,
    int: 1,
    bool: False,
    date: WHEN.date(),
    datetime: WHEN,
}
BY_NAME = {
    "level": 2,
    "link": "https://example.org/",
    "mean": "2.0",
    "picture": "people",
    "state": "answered",
    "value": 2,
}


def sample(kind: type[Kind]) -> Kind:
    """Give one with something in every field, so that every part of a page is used."""
    hints = get_type_hints(kind)
    return kind(
        **{
            each.name: BY_NAME.get(each.name) or _value(hints[each.name])
            for each in fields(kind)  # type: ignore[arg-type]
        }
    )


def crowded_board_paper() -> BoardPaper:
    """Give one in the smaller letters that most have, once they say something."""
    return replace(sample(BoardPaper), scope=WORDS * 20)


def _value(hint: Any) -> Any:
    if is_dataclass(hint):
        return sample(hint)  # type: ignore[arg-type]
    if get_origin(hint) is tuple:
        return (_value(get_args(hint)[0]),)
    if hint not in BY_TYPE:
        return _value(get_args(hint)[0])  # What may be missing is there.
    return BY_TYPE[hint]
