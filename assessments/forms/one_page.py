"""A page with the forms of several standards: which box belongs to which."""

from __future__ import annotations

from django.http import QueryDict


def part_of(posted: QueryDict, code: str) -> QueryDict:
    """Take what was typed for one standard, named as on that standard's own page."""
    part = QueryDict(mutable=True)
    for name, values in posted.lists():
        start, _, rest = name.partition("-")
        if start == code and rest:
            part.setlist(rest, values)
    return part


def as_part(typed: QueryDict, code: str) -> QueryDict:
    """Name what was typed on a standard's own page as the page of many does."""
    part = QueryDict(mutable=True)
    for name, values in typed.lists():
        part.setlist(f"{code}-{name}", values)
    return part
