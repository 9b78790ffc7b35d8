"""How an assessment was done, and by whom: told by role, never by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from assessments.models import Assessment, Publication, Rating, ResponseRevision
from organisations.models import Membership

from .change import Change, change_since
from .publishing import open_hold


# The filter `somebody` of the reports knows these words.
LEFT = "No longer a member"
Roles = dict[int, str]


@dataclass(frozen=True)
class RolePart:
    """How many people of one role did what; a person counts once in each."""

    role: str
    answered: int
    rated: int


class _Rated(NamedTuple):
    """That somebody was asked for a level of a standard, by their keys."""

    person: int
    response: int
    rated_at: datetime | None


@dataclass(frozen=True)
class EndedLock:
    """A lock of our view that was taken away, and why."""

    locked_at: datetime
    unlocked_at: datetime
    unlocked_as: str
    reason: str


@dataclass(frozen=True)
class HeldBack:
    """That publishing is held back, by whom in role, and why."""

    placed_as: str
    placed_at: datetime
    reason: str


@dataclass(frozen=True)
class MadePublic:
    """What was said when it was published; why people were not asked stays inside."""

    published_at: datetime
    published_as: str
    assessed_by: str
    why_not_asked: str
    strengths: str
    gaps: str
    actions: str


@dataclass(frozen=True)
class Background:
    """How an assessment was done, beside what it says.

    Shape: `rated` counts the standards of which people said their own level first;
    how those levels spread was promised to nobody but those who were asked.
    """

    started_as: str
    locked_as: str
    domains: tuple[str, ...]
    roles: tuple[RolePart, ...]
    rated: int
    ended_locks: tuple[EndedLock, ...]
    held_back: HeldBack | None
    made_public: MadePublic | None
    change: Change | None


def background_of(assessment: Assessment) -> Background:
    """Gather how an assessment was done, in a number of queries that never grows."""
    members = Membership.objects.of(assessment.organisation).values_list("user", "role")
    roles = {user: str(Membership.Role(role).label) for user, role in members}
    rated = _shown_ratings(assessment)
    return Background(
        started_as=_role(assessment.started_by_id, roles),
        locked_as=_role(assessment.locked_by_id, roles),
        domains=assessment.domain_names(),
        roles=_parts(assessment, rated, roles),
        rated=len({each.response for each in rated}),
        ended_locks=_ended_locks(assessment, roles),
        held_back=_held_back(assessment),
        made_public=_made_public(assessment, roles),
        change=change_since(assessment),
    )


def _role(person: int | None, roles: Roles) -> str:
    return "" if person is None else roles.get(person, LEFT)


def _parts(
    assessment: Assessment, rated: Sequence[_Rated], roles: Roles
) -> tuple[RolePart, ...]:
    """Count by role whose answers stood at some time, and who said a level first."""
    saved = ResponseRevision.objects.filter(
        response__assessment=assessment, outcome=ResponseRevision.Outcome.SAVED
    )
    answered = _by_role(set(saved.values_list("saved_by", flat=True)), roles)
    first = _by_role({each.person for each in rated if each.rated_at}, roles)
    order = [*(str(role.label) for role in Membership.Role), LEFT]
    return tuple(
        RolePart(role, answered[role], first[role])
        for role in order
        if answered[role] or first[role]
    )


def _by_role(people: set[int], roles: Roles) -> Counter[str]:
    return Counter(roles.get(person, LEFT) for person in people)


def _shown_ratings(assessment: Assessment) -> list[_Rated]:
    found = Rating.objects.filter(
        round__response__assessment=assessment,
        round__response__is_outside=False,
        round__shown_at__isnull=False,
    )
    rows = found.values_list("person", "round__response", "rated_at")
    return [_Rated(*row) for row in rows]


def _ended_locks(assessment: Assessment, roles: Roles) -> tuple[EndedLock, ...]:
    return tuple(
        EndedLock(
            locked_at=row.locked_at,
            unlocked_at=row.unlocked_at,
            unlocked_as=_role(row.unlocked_by_id, roles),
            reason=row.reason,
        )
        for row in assessment.unlockings.order_by("pk")
    )


def _held_back(assessment: Assessment) -> HeldBack | None:
    hold = open_hold(assessment)
    if hold is None:
        return None
    return HeldBack(str(hold.get_placed_as_display()), hold.placed_at, hold.reason)


def _made_public(assessment: Assessment, roles: Roles) -> MadePublic | None:
    publication = Publication.objects.filter(assessment=assessment).first()
    if publication is None:
        return None
    return MadePublic(
        published_at=publication.published_at,
        published_as=_role(publication.published_by_id, roles),
        assessed_by=publication.get_assessed_by_display(),
        why_not_asked=publication.why_not_asked,
        strengths=publication.strengths,
        gaps=publication.gaps,
        actions=publication.actions,
    )
