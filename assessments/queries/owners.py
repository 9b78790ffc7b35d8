"""Whose a standard is: read with its response, so that it costs no query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assessments.models import Response
from organisations.access import Permission, can


# What a query of responses selects with them.
WITH_OWNER = "assignment__membership__user"


@dataclass(frozen=True)
class Owner:
    """Whose a standard is; `person` is the key of the person's account."""

    person: int
    membership: int
    name: str
    due_on: date | None


def owner_of(response: Response) -> Owner | None:
    """Say whose a standard is, of a response that came with its assignment.

    Shape: None also for somebody who may not answer any more.
    """
    assignment = getattr(response, "assignment", None)
    if assignment is None:
        return None
    member = assignment.membership
    if not (can(member, Permission.ANSWER) and member.user.is_active):
        return None
    return Owner(
        person=member.user_id,
        membership=member.pk,
        name=str(member.user),
        due_on=assignment.due_on,
    )


def names_of(owners: Iterable[Owner | None]) -> tuple[str, ...]:
    """Name people once each, in order."""
    people = {owner.person: owner.name for owner in owners if owner}
    return tuple(people.values())
