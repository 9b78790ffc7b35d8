"""The locks that ended, and whether the one that stands can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from assessments.models import Assessment, AssessmentQuerySet, Unlocking
from assessments.rules import NotAllowed, check_can_unlock


def saying_if_unlocked(assessments: AssessmentQuerySet) -> AssessmentQuerySet:
    """Add `was_unlocked`, so that nobody looks for locks that never ended."""
    past = Unlocking.objects.filter(assessment=OuterRef("pk"))
    return assessments.annotate(was_unlocked=Exists(past))


@dataclass(frozen=True)
class PastLock:
    """A lock that was taken away, and why."""

    locked_at: datetime
    locked_by: str
    unlocked_at: datetime
    unlocked_by: str
    reason: str


def past_locks(assessment: Assessment) -> tuple[PastLock, ...]:
    """List the locks of our view that ended, newest first, in one query at most.

    Shape: the assessment says whether it `was_unlocked`.
    """
    if not assessment.was_unlocked:  # type: ignore[attr-defined]  # annotated
        return ()
    rows = assessment.unlockings.select_related("locked_by", "unlocked_by")
    return tuple(
        PastLock(
            locked_at=row.locked_at,
            locked_by=str(row.locked_by),
            unlocked_at=row.unlocked_at,
            unlocked_by=str(row.unlocked_by),
            reason=row.reason,
        )
        for row in rows.order_by("-pk")
    )


def why_not_unlocked(assessment: Assessment) -> str:
    """Say why our view can't be unlocked; nothing where it can.

    Shape: the assessment comes with its publication.
    """
    is_published = getattr(assessment, "publication", None) is not None
    try:
        check_can_unlock(assessment, is_published=is_published)
    except NotAllowed as reason:
        return str(reason)
    return ""
