"""What the same organisation said of a standard the time before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from assessments.models import Assessment, AssessmentQuerySet, Evidence, Response
from organisations.models import Organisation
from standards.queries import StandardWords

from .differences import Piece, differences
from .records import LevelChoice, level_choice
from .words import own_words_of


@dataclass(frozen=True)
class NewWording:
    """A sentence of the standard that is another now, and what changed in it."""

    heading: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True)
class LastTime:
    """An earlier response, for somebody to read: only its evidence can be used again.

    Shape: `level` has the words of its own edition; `wording` is empty where the
    standard says the same now.
    """

    on: datetime
    state_label: str
    not_applicable_because: str
    level: LevelChoice | None
    reason: str
    evidence: tuple[Evidence, ...]
    wording: tuple[NewWording, ...]


def earlier_than(assessment: Assessment) -> AssessmentQuerySet:
    """Find the locked assessments of the same that were begun before, newest first.

    Shape: a team of the tree is the same under another name.
    """
    same = Q(scope_name=assessment.scope_name)
    if assessment.unit_id is not None:
        same = Q(unit=assessment.unit_id) | same & Q(unit=None)
    before = Assessment.objects.filter(
        same,
        organisation=assessment.organisation_id,
        scope=assessment.scope,
        started_at__lt=assessment.started_at,
    )
    locked = before.exclude(status=Assessment.Status.ANSWERING)
    return locked.order_by("-started_at", "-pk")


def last_time(
    response: Response, now: StandardWords, organisation: Organisation
) -> LastTime:
    """Tell what an earlier response said, beside the standard's words of now.

    Shape: the response comes with its assessment's edition and its evidence.
    """
    edition = response.assessment.edition
    words = own_words_of(edition, organisation)
    before = words.standards[response.standard.code]
    levels = (level_choice(level) for level in before.levels)
    locked_at = response.assessment.locked_at
    assert locked_at is not None
    return LastTime(
        on=locked_at,
        state_label=response.get_state_display(),
        not_applicable_because=response.get_not_applicable_because_display(),
        level=next((c for c in levels if c.value == response.level), None),
        reason=response.reason,
        evidence=tuple(response.evidence.all()),
        wording=_new_wording(before, now, response.level),
    )


def _new_wording(
    before: StandardWords, now: StandardWords, level: int | None
) -> tuple[NewWording, ...]:
    """Compare what was asked, and what the level that was chosen meant."""
    pairs = [
        ("The title", before.title, now.title),
        ("The standard", before.statement, now.statement),
    ]
    meant = {step.value: step.text for step in before.levels}
    means = {step.value: step.text for step in now.levels}
    if level is not None:
        pairs.append((f"Level {level}", meant[level], means.get(level, "")))
    return tuple(
        NewWording(heading, *differences(old, new))
        for heading, old, new in pairs
        if old != new
    )
