"""An organisation's services and teams, as a tree that one query reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from organisations.models import Organisation, Unit, folded


# Between the names of a service and of the larger one it belongs to.
BELOW = " / "


@dataclass(frozen=True)
class UnitLine:
    """One service or team; `path` names the larger ones first."""

    unit: Unit
    path: str
    depth: int

    @property
    def is_closed(self) -> bool:
        return self.unit.is_closed()


@dataclass(frozen=True)
class UnitTree:
    """Every service and team, each after the one it belongs to, by name."""

    lines: tuple[UnitLine, ...]

    @property
    def open(self) -> tuple[UnitLine, ...]:
        return tuple(line for line in self.lines if not line.is_closed)

    @property
    def closed(self) -> tuple[UnitLine, ...]:
        return tuple(line for line in self.lines if line.is_closed)

    def line_of(self, unit: Unit) -> UnitLine:
        return next(line for line in self.lines if line.unit.pk == unit.pk)

    def below(self, unit: Unit) -> tuple[UnitLine, ...]:
        """Find all that belong to one, however far down."""
        found = {unit.pk}
        for line in self.lines:
            if line.unit.parent_id in found:
                found.add(line.unit.pk)
        return tuple(x for x in self.lines if x.unit.pk in found - {unit.pk})


def tree_of(organisation: Organisation) -> UnitTree:
    """Read the tree of an organisation in one query."""
    units = sorted(
        Unit.objects.of(organisation), key=lambda unit: (folded(unit.name), unit.pk)
    )
    return UnitTree(tuple(_lines(units, None, "", 1)))


def _lines(
    units: list[Unit], parent: int | None, before: str, depth: int
) -> Iterator[UnitLine]:
    for unit in units:
        if unit.parent_id == parent:
            path = f"{before}{unit.name}"
            yield UnitLine(unit, path, depth)
            yield from _lines(units, unit.pk, f"{path}{BELOW}", depth + 1)
