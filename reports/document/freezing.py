"""Turn a document into what JSON can hold, and give it its types back."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, get_args, get_origin, get_type_hints


Kind = TypeVar("Kind")


def freeze(document: Any) -> dict[str, Any]:
    return {
        each.name: _plain(getattr(document, each.name)) for each in fields(document)
    }


def thaw(kind: type[Kind], frozen: dict[str, Any]) -> Kind:
    """Build a document of a class from what was frozen.

    Shape: a field that older documents do not have takes its default.
    """
    types = get_type_hints(kind)
    names = [each.name for each in fields(kind) if each.name in frozen]  # type: ignore[arg-type]
    return kind(**{name: _typed(types[name], frozen[name]) for name in names})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if is_dataclass(value):
        return freeze(value)
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) is tuple:
        return tuple(_typed(get_args(kind)[0], inner) for inner in value)
    # What may be missing is written "date | None".
    kind = next(iter(get_args(kind)), kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return thaw(kind, value)
    return kind.fromisoformat(value) if kind in (date, datetime) else value
