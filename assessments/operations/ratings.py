"""Ask people for their own level, show how they spread, and note what some dispute.

The audit trail says that it was done, and never a level or a word of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import models, transaction

from assessments.models import (
    Assessment,
    Dissent,
    Rating,
    RatingRound,
    Response,
)
from assessments.rules import (
    DissentConflict,
    NotAllowed,
    NotAskedNow,
    check_can_ask_for_ratings,
    check_can_show_ratings,
)
from organisations import audit
from organisations.models import User

from .holding import hold_open


def ask_for_ratings(
    *,
    assessment: Assessment,
    principles: Collection[str],
    people: Collection[User],
    by: User,
    at: datetime,
) -> int:
    """Ask people for their own level of each standard of some principles.

    Shape: `principles` are slugs; how many standards are asked about. Where people
    are being asked already, that goes on as it is.
    Raises: NotAllowed for fewer than two people, or where nothing is left to ask;
    AlreadyLocked; Paused.
    Effects: audit event "asked".
    """
    check_can_ask_for_ratings(people)
    with transaction.atomic(durable=True):
        hold_open(assessment.pk, "ask_for_ratings")
        found = Response.objects.of(assessment).filter(
            standard__principle__slug__in=principles
        )
        running = RatingRound.objects.of(assessment).running()
        free = found.exclude(pk__in=running.values("response")).order_by("pk")
        rounds = [
            RatingRound.objects.create(response=each, asked_at=at, asked_by=by)
            for each in free
        ]
        if not rounds:
            raise NotAllowed("People are being asked about all of these already.")
        Rating.objects.bulk_create(
            Rating(round=each, person=person) for each in rounds for person in people
        )
        details = {"standards": len(rounds), "people": len(people)}
        _record("asked_each", assessment, assessment, details, by=by, at=at)
    return len(rounds)


def rate(*, rating: Rating, level: int | None, by: User, at: datetime) -> bool:
    """Record one's own level, which nobody else sees until all have one.

    Shape: no level says "I cannot say"; whether it was the last one, so that the
    spread is shown now.
    Raises: NotAskedNow when it is shown, or was hers never; AlreadyLocked; Paused.
    Effects: audit event "rated".
    """
    response = rating.round.response
    with transaction.atomic(durable=True):
        hold_open(response.assessment_id, "rate")
        held = _running(rating.round)
        moved = Rating.objects.filter(pk=rating.pk, person=by).update(
            level=level, rated_at=at
        )
        if not moved:
            raise NotAskedNow
        is_last = not held.ratings.filter(rated_at=None).exists()
        if is_last:
            RatingRound.objects.filter(pk=held.pk, shown_at=None).update(shown_at=at)
        details = {"standard": response.standard.code}
        _record("rated", held, response.assessment, details, by=by, at=at)
    return is_last


def show_ratings(*, asked: RatingRound, by: User, at: datetime) -> None:
    """Wait for nobody else, and show how the levels spread that there are.

    Raises: NotAskedNow when it is shown already; NotAllowed below two levels;
    AlreadyLocked; Paused.
    Effects: who has none is not asked any more; audit event "shown".
    """
    response = asked.response
    with transaction.atomic(durable=True):
        hold_open(response.assessment_id, "show_ratings")
        held = _running(asked)
        check_can_show_ratings(held.ratings.filter(rated_at__isnull=False).count())
        held.ratings.filter(rated_at=None).delete()
        RatingRound.objects.filter(pk=held.pk, shown_at=None).update(shown_at=at)
        details = {"standard": response.standard.code}
        _record("shown", held, response.assessment, details, by=by, at=at)


def note_dissent(
    *,
    response: Response,
    text: str,
    version: int,
    by: User,
    at: datetime,
    seen: int = 0,
) -> bool:
    """Note what some see differently than the answer that stands.

    Shape: `seen` is the dissent that the page showed, 0 for none; whether anything was
    noted; neither the same words again are, nor those that the page showed.
    Raises: DissentConflict when another stands by now; NotAllowed when the answer is
    another than the page showed; AlreadyLocked; Paused.
    Effects: audit event "noted".
    """
    with transaction.atomic(durable=True):
        hold_open(response.assessment_id, "note_dissent")
        stands = Response.objects.select_for_update().filter(pk=response.pk)
        if not stands.filter(version=version).exists():
            raise NotAllowed(
                "The answer was changed meanwhile. Look at it, and note again what "
                "some see differently."
            )
        if not _is_new_dissent(response, text, seen):
            return False
        noted = Dissent.objects.create(
            response=response, version=version, text=text, noted_at=at, noted_by=by
        )
        details = {"standard": response.standard.code, "version": version}
        _record("noted", noted, response.assessment, details, by=by, at=at)
    return True


def _is_new_dissent(response: Response, text: str, seen: int) -> bool:
    """Say whether words are another than those that stand, and than those shown.

    Raises: DissentConflict when they are, and what was shown does not stand any more.
    """
    said = dict(response.dissents.filter(pk=seen).values_list("pk", "text"))
    last = response.dissents.order_by("-pk").values_list("pk", "text").first()
    standing, words = last or (0, "")
    if text in (words, said.get(seen, "")):
        return False
    if standing != seen:
        raise DissentConflict
    return True


def _running(asked: RatingRound) -> RatingRound:
    """Hold a round still, so that only one of two is the last.

    Raises: NotAskedNow when it is shown.
    """
    rounds = RatingRound.objects.running().select_for_update(of=("self",))
    held = rounds.filter(pk=asked.pk).first()
    if held is None:
        raise NotAskedNow
    return held


def _record(
    verb: str,
    subject: models.Model,
    assessment: Assessment,
    details: dict[str, Any],
    *,
    by: User,
    at: datetime,
) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=subject,
        organisation=assessment.organisation,
        at=at,
        details={"assessment": str(assessment.public_id)} | details,
    )
