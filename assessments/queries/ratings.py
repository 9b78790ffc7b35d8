"""People's own levels, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from assessments.models import Assessment, Rating, RatingRound, Response
from organisations.models import User

from .records import LevelChoice


LEVELS = range(5)


@dataclass(frozen=True)
class Share:
    """How many chose one level."""

    level: int
    word: str
    people: int


@dataclass(frozen=True)
class OwnLevels:
    """How far people are with their own levels of one standard.

    Of others' levels nothing is here until all who were asked have one.
    """

    asked: int
    rated: int
    is_shown: bool
    spread: tuple[Share, ...]
    cannot_say: int
    rating: int | None
    is_mine_there: bool
    mine: int | None

    @property
    def can_rate(self) -> bool:
        return self.rating is not None and not self.is_shown


@dataclass(frozen=True)
class PastDissent:
    """What some saw differently than one version; empty when nobody did any more."""

    version: int
    text: str
    noted_at: datetime
    noted_by: str


@dataclass(frozen=True)
class Asked:
    """One standard about which people are being asked."""

    public_id: UUID
    code: str
    title: str
    asked: int
    rated: int


@dataclass(frozen=True)
class Waiting:
    """Of how many standards somebody's own level is still asked, and the first."""

    count: int = 0
    address: str = ""


def with_own_levels(responses: QuerySet[Response], reader: User) -> QuerySet[Response]:
    """Add to each response how far people are with their own levels, in its query.

    Shape: `own` is None where nobody was ever asked. Of others' levels nothing leaves
    the database until all have one, and then how many there are of each.
    """
    rounds = RatingRound.objects.filter(response=OuterRef("pk")).order_by("-pk")
    shown = Q(shown_at__isnull=False)
    rated = Q(ratings__rated_at__isnull=False)
    mine = Q(ratings__person=reader)
    counted = rounds.annotate(
        asked=Count("ratings"),
        rated=Count("ratings", filter=rated),
        cannot_say=Count("ratings", filter=shown & rated & Q(ratings__level=None)),
        rating=Max("ratings__pk", filter=mine),
        mine=Max("ratings__level", filter=mine),
        mine_there=Count("ratings", filter=mine & rated),
        **{
            f"at_{level}": Count("ratings", filter=shown & Q(ratings__level=level))
            for level in LEVELS
        },
    )
    names = ("asked", "rated", "cannot_say", "rating", "mine", "mine_there")
    columns = (*names, *(f"at_{level}" for level in LEVELS), "shown_at")
    as_one = JSONObject(**{name: name for name in columns})
    return responses.annotate(own=Subquery(counted.values(as_one=as_one)[:1]))


def own_levels(response: Any, choices: Sequence[LevelChoice]) -> OwnLevels | None:
    """Say how far people are with one standard, in no query.

    Shape: the response comes `with_own_levels`; None where nobody was ever asked.
    """
    own = response.own
    if own is None:
        return None
    is_shown = own["shown_at"] is not None
    return OwnLevels(
        asked=own["asked"],
        rated=own["rated"],
        is_shown=is_shown,
        spread=tuple(
            Share(choice.value, choice.word, own[f"at_{choice.value}"])
            for choice in choices
            if is_shown
        ),
        cannot_say=own["cannot_say"],
        rating=own["rating"],
        is_mine_there=bool(own["mine_there"]),
        mine=own["mine"],
    )


def past_dissents(response: Response) -> tuple[PastDissent, ...]:
    """List what some saw differently, newest first, in one query."""
    rows = response.dissents.select_related("noted_by").order_by("-pk")
    return tuple(
        PastDissent(row.version, row.text, row.noted_at, str(row.noted_by))
        for row in rows
    )


def last_dissent(response: Response) -> PastDissent | None:
    """Read what some see differently now, with who noted it, in one query."""
    return next(iter(past_dissents(response)), None)


def rating_of(response: Response, person: User) -> Rating | None:
    """Find what somebody is being asked about one standard now."""
    found = Rating.objects.filter(
        round__response=response, round__shown_at=None, person=person
    )
    return found.select_related(
        "round__response__assessment__organisation", "round__response__standard"
    ).first()


def waiting_for(assessment: Assessment, person: User) -> Waiting:
    """Say of which standards somebody's own level is still asked, in one query."""
    if assessment.is_locked():
        return Waiting()
    rows = Rating.objects.filter(
        round__response__assessment=assessment,
        round__shown_at=None,
        person=person,
        rated_at=None,
    ).order_by(
        "round__response__standard__principle__position",
        "round__response__standard__position",
    )
    places = list(
        rows.values_list(
            "round__response__standard__principle__slug",
            "round__response__standard__position",
        )
    )
    if not places:
        return Waiting()
    return Waiting(len(places), assessment.own_level_address(*places[0]))


def asked_now(assessment: Assessment) -> tuple[Asked, ...]:
    """List the standards about which people are being asked, in one query."""
    rounds: Any = (
        RatingRound.objects.of(assessment)
        .running()
        .select_related("response__standard")
        .annotate(
            asked=Count("ratings"),
            rated=Count("ratings", filter=Q(ratings__rated_at__isnull=False)),
        )
        .order_by(
            "response__standard__principle__position", "response__standard__position"
        )
    )
    return tuple(
        Asked(
            public_id=row.public_id,
            code=row.response.standard.code,
            title=row.response.standard.title,
            asked=row.asked,
            rated=row.rated,
        )
        for row in rounds
    )
