"""What a new assessment is offered, by the kind of organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessments.models import Assessment
from organisations.models import Organisation, folded
from organisations.queries import UnitLine, tree_of
from organisations.rules import months_after


Domain = Organisation.Domain
Kind = Organisation.Kind
Scope = Assessment.Scope

# Who looks at itself service by service, and who gives no care of its own.
BY_SERVICE = {Kind.COUNCIL, Kind.OTHER}
WITHOUT_OWN_CARE = {Kind.COMMISSIONER, Kind.OTHER_CHARITY, Kind.USER_LED}


@dataclass(frozen=True)
class StartingPoint:
    """What stands in the boxes before anybody has typed."""

    scope: str
    scope_name: str
    unit: str
    units: tuple[UnitLine, ...]
    domains: tuple[str, ...]
    period_from: date
    period_until: date

    def initial(self) -> dict[str, Any]:
        """Give it by the names of the boxes."""
        names = ("scope", "scope_name", "unit", "domains")
        return {
            name: getattr(self, name)
            for name in (*names, "period_from", "period_until")
        }


def starting_point(organisation: Organisation, today: date) -> StartingPoint:
    """Offer what most organisations of a kind look at, over the last 12 months.

    Shape: what the organisation said of itself when it signed up comes first.
    Source: domain.md, section 8.11.
    """
    is_one_service = organisation.scope == Organisation.Scope.SERVICE
    by_service = is_one_service or organisation.kind in BY_SERVICE
    units = tree_of(organisation).open
    named = organisation.scope_name if is_one_service else ""
    same = (str(x.unit.public_id) for x in units if folded(x.path) == folded(named))
    return StartingPoint(
        scope=Scope.SERVICE if by_service else Scope.ORGANISATION,
        scope_name="" if units else named[:100],
        unit=next(same, ""),
        units=units,
        domains=tuple(organisation.domains) or _usual_domains(organisation.kind),
        period_from=months_after(today, -12) + timedelta(days=1),
        period_until=today,
    )


def _usual_domains(kind: str) -> tuple[str, ...]:
    without = {Domain.OWN_CARE} if kind in WITHOUT_OWN_CARE else set()
    return tuple(code for code in Domain.values if code not in without)
