"""The work: an assessment, a response for each standard, and what became of it."""

from .assessment import Assessment, AssessmentQuerySet
from .drafts import Draft, DraftQuerySet
from .publishing import Hold, HoldQuerySet, Publication, Unlocking
from .responses import (
    REASON_LENGTH,
    Evidence,
    Response,
    ResponseQuerySet,
    ResponseRevision,
)


__all__ = [
    "REASON_LENGTH",
    "Assessment",
    "AssessmentQuerySet",
    "Draft",
    "DraftQuerySet",
    "Evidence",
    "Hold",
    "HoldQuerySet",
    "Publication",
    "Response",
    "ResponseQuerySet",
    "ResponseRevision",
    "Unlocking",
]
