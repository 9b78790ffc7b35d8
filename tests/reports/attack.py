"""Texts of ours in every field of a frozen document that a person can fill in."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any

from organisations.models import Milestone, Organisation, User
from reports.document import freeze_now
from reports.models import Report
from tests.factories import TODAY
from tests.reports.test_parity import LATER, World, make_world


# What tests/reports/test_parity.py types into each field that there is.
MARKER = re.compile(r"Zq\d{3}([a-z]+)\w*?Xk")
# The levels, the principles: of these there are always so many.
SCALE = 5
Path = tuple[Any, ...]


def make_typed_world() -> World:
    """Type into every field of test_parity's, and what shorter documents tell too."""
    world = make_world()
    riverside = world.cast.riverside
    Organisation.objects.filter(pk=riverside.pk).update(sponsor_role="Zq901sponsorXk")
    User.objects.filter(pk=world.cast.co_lead.pk).update(name="Zq902personXk")
    Milestone.objects.create(
        organisation=riverside, text="Zq903promiseXk", due_on=TODAY
    )
    return world


def frozen_report(world: World, kind: str) -> Report:
    """Freeze a document of a kind, with the first of its many standards alone."""
    is_certificate = kind == Report.Kind.CERTIFICATE
    assessment = world.report.assessment
    assessment.refresh_from_db()
    report = Report(
        organisation=Organisation.objects.get(slug="riverside"),
        assessment=None if is_certificate else assessment,
        kind=kind,
        about="REG9" if kind == Report.Kind.DUTIES else "",
        template_version=1,
        requested_by=world.cast.viewer,
        requested_at=LATER,
        queued_at=LATER,
    )
    frozen = json.loads(json.dumps(freeze_now(report, at=LATER)))
    # What bears on a duty is looked up, so none of it may be missing.
    is_whole = kind == Report.Kind.DUTIES
    report.document = frozen if is_whole else shortened(frozen, 2)
    return report


def filled(frozen: dict[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """Put the texts into a document: into each kind of field that people fill in, all.

    Shape: what is typed in several places has some in each.
    """
    return _with(frozen, _typed(frozen, texts))


def attacked(frozen: dict[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """Fill a document in, and try the rest too, in which none of it should ever be.

    Shape: what else is said in words, such as a duty's name, gets one more at its end.
    """
    turns, typed = cycle(texts), _typed(frozen, texts)
    others = _fields(frozen, lambda value: " " in value)
    more = {}
    for places in others.values():
        place, value = places[0]
        more[place] = f"{value} {next(turns)}"
    return _with(frozen, more | typed)


def _typed(frozen: dict[str, Any], texts: Sequence[str]) -> dict[Path, str]:
    said: dict[Path, str] = {}
    for places in _fields(frozen, lambda value: bool(MARKER.search(value))).values():
        for number, (place, _) in enumerate(places):
            mine = texts[number :: len(places)] or [texts[number % len(texts)]]
            said[place] = "\n\n".join(mine)
    return said


def typed_fields(frozen: dict[str, Any]) -> set[str]:
    """Name the kinds of fields of a document that hold what people typed."""
    return set(_fields(frozen, lambda value: bool(MARKER.search(value))))


def shortened(value: Any, most: int) -> Any:
    """Leave out what a document has more of than so many, such as its standards."""
    if isinstance(value, dict):
        return {name: shortened(inner, most) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        kept = value[:most] if len(value) > SCALE else value
        return [shortened(inner, most) for inner in kept]
    return value


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Walk the texts of a document, each with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))


def _fields(
    frozen: dict[str, Any], wanted: Callable[[str], bool]
) -> dict[str, list[tuple[Path, str]]]:
    found = defaultdict(list)
    for place, value in leaves(frozen):
        if wanted(value):
            name = ".".join(each for each in place if isinstance(each, str))
            found[name].append((place, value))
    return found


def _with(value: Any, said: dict[Path, str], path: Path = ()) -> Any:
    if isinstance(value, dict):
        return {n: _with(inner, said, (*path, n)) for n, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with(inner, said, (*path, n)) for n, inner in enumerate(value)]
    return said.get(path, value)
