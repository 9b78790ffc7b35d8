"""People's own levels, as far as the reader may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.fields import PositiveSmallIntegerField

from assessments.models import Assessment, Rating, RatingRound, Response
from organisations.models import User

from .records import LevelChoice


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


def own_levels(
    response: Response, choices: Sequence[LevelChoice], reader: User
) -> OwnLevels | None:
    """Read how far people are with one standard, in one query.

    Shape: None where nobody was ever asked. Whose level is whose is not read at all.
    """
    last = RatingRound.objects.filter(response=response).order_by("-pk").values("pk")
    may_see = Q(round__shown_at__isnull=False) | Q(person=reader)
    rows: list[dict[str, Any]] = list(
        Rating.objects.filter(round__in=last[:1])
        .annotate(
            shown_at=F("round__shown_at"),
            seen=Case(
                When(may_see, then=F("level")),
                default=Value(None),
                output_field=PositiveSmallIntegerField(),
            ),
        )
        .values("pk", "person", "rated_at", "shown_at", "seen")  # type: ignore[arg-type]
    )
    return _own_levels(rows, choices, reader) if rows else None


def _own_levels(
    rows: Sequence[dict[str, Any]], choices: Sequence[LevelChoice], reader: User
) -> OwnLevels:
    is_shown = rows[0]["shown_at"] is not None
    mine = next((row for row in rows if row["person"] == reader.pk), None)
    rated = [row for row in rows if row["rated_at"]]
    counts = Counter(row["seen"] for row in rated) if is_shown else Counter()
    return OwnLevels(
        asked=len(rows),
        rated=len(rated),
        is_shown=is_shown,
        spread=tuple(
            Share(choice.value, choice.word, counts[choice.value])
            for choice in choices
            if is_shown
        ),
        cannot_say=counts[None],
        rating=mine["pk"] if mine else None,
        is_mine_there=bool(mine and mine["rated_at"]),
        mine=mine["seen"] if mine else None,
    )


def past_dissents(response: Response) -> tuple[PastDissent, ...]:
    """List what some saw differently, newest first, in one query."""
    rows = response.dissents.select_related("noted_by").order_by("-pk")
    return tuple(
        PastDissent(row.version, row.text, row.noted_at, str(row.noted_by))
        for row in rows
    )


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
