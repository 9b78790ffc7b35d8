"""Keep the tree of an organisation's services and teams."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from organisations import audit
from organisations.models import Organisation, Unit, User
from organisations.queries.units import UnitTree, tree_of
from organisations.rules import (
    MOST_STEPS,
    MOST_UNITS,
    AlreadyDone,
    NotInTree,
)

from .members import hold_still


TAKEN = "There is a service or team of this name here already."
CHANGED = "Somebody else changed this first. Look at it again."


def add_unit(
    *,
    organisation: Organisation,
    name: str,
    parent: Unit | None,
    by: User,
    at: datetime,
) -> Unit:
    """Add a service or team, on top or below another.

    Raises: Paused, NotInTree.
    Effects: audit event "added".
    """
    with transaction.atomic(durable=True):
        hold_still(organisation)
        _check_place(tree_of(organisation), None, parent)
        unit = Unit(organisation=organisation, parent=parent, name=name, added_at=at)
        _save(unit.save)
        _record("added", unit, by=by, at=at)
    return unit


def change_unit(
    *,
    unit: Unit,
    name: str,
    parent: Unit | None,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Call a service or team by another name, or put it somewhere else.

    What was assessed under the old name keeps it.
    Shape: `version` is the one that the page showed.
    Raises: Paused, NotInTree, AlreadyDone.
    Effects: audit event "changed".
    """
    with transaction.atomic(durable=True):
        hold_still(unit.organisation)
        _check_place(tree_of(unit.organisation), unit, parent)
        _move(unit, version, name=name, parent=parent)
        _record("changed", unit, by=by, at=at)


def close_unit(*, unit: Unit, version: int, by: User, at: datetime) -> None:
    """Offer a service or team no more; what was assessed stays.

    Raises: Paused; NotInTree while another belongs to it; AlreadyDone.
    Effects: audit event "closed".
    """
    with transaction.atomic(durable=True):
        hold_still(unit.organisation)
        _check_nothing_below(tree_of(unit.organisation), unit)
        _move(unit, version, closed_at=at)
        _record("closed", unit, by=by, at=at)


def reopen_unit(*, unit: Unit, version: int, by: User, at: datetime) -> None:
    """Offer a closed service or team again.

    Raises: Paused; NotInTree when what it belongs to is closed, or its name is
    taken; AlreadyDone.
    Effects: audit event "reopened".
    """
    with transaction.atomic(durable=True):
        hold_still(unit.organisation)
        _check_place(tree_of(unit.organisation), unit, unit.parent)
        _move(unit, version, closed_at=None)
        _record("reopened", unit, by=by, at=at)


def _check_place(tree: UnitTree, unit: Unit | None, parent: Unit | None) -> None:
    """Check that a service or team may stand below another.

    Raises: NotInTree.
    """
    if unit is None and len(tree.lines) >= MOST_UNITS:
        raise NotInTree(f"You can keep {MOST_UNITS} services and teams at most.")
    if parent is None:
        return
    above = tree.line_of(parent)
    below = tree.below(unit) if unit else ()
    if above.is_closed:
        raise NotInTree(f"{parent} is closed. Open it again first.")
    if unit and parent.pk in {unit.pk, *(line.unit.pk for line in below)}:
        raise NotInTree(f"{unit} can't belong to itself, or to what belongs to it.")
    if above.depth + 1 + _steps_below(tree, unit) > MOST_STEPS:
        raise NotInTree(f"Services and teams can be {MOST_STEPS} steps deep at most.")


def _steps_below(tree: UnitTree, unit: Unit | None) -> int:
    if unit is None:
        return 0
    here = tree.line_of(unit).depth
    return max((line.depth - here for line in tree.below(unit)), default=0)


def _check_nothing_below(tree: UnitTree, unit: Unit) -> None:
    """Check that nothing that is open belongs to it.

    Raises: NotInTree.
    """
    below = [line for line in tree.below(unit) if not line.is_closed]
    if below:
        raise NotInTree(
            f"Close {below[0].unit} first, or move it: it belongs to {unit}."
        )


def _move(unit: Unit, version: int, **columns: Any) -> None:
    rows = Unit.objects.filter(pk=unit.pk, version=version)
    moved = _save(lambda: rows.update(version=F("version") + 1, **columns))
    if not moved:
        raise AlreadyDone(CHANGED)
    unit.refresh_from_db()


def _save(write: Any) -> Any:
    """Write, and say so in words where the name is taken.

    Raises: NotInTree.
    """
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        raise NotInTree(TAKEN) from None


def _record(verb: str, unit: Unit, *, by: User, at: datetime) -> None:
    audit.record(by=by, verb=verb, subject=unit, organisation=unit.organisation, at=at)
