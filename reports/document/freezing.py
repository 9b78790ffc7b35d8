"""Turn a document into what JSON can hold, and give it its types back."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, get_args, get_origin, get_type_hints


Kind = TypeVar("Kind")


def freeze(document: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(document).items()}


def thaw(kind: type[Kind], frozen: dict[str, Any]) -> Kind:
    """Build a document of a class from what was frozen.

    Shape: a field that older documents do not have takes its default.
    """
    types = get_type_hints(kind)
    names = [each.name for each in fields(kind) if each.name in frozen]  # type: ignore[arg-type]
    return kind(**{name: _typed(types[name], frozen[name]) for name in names})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


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
