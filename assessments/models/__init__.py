"""The work: an assessment, a response for each standard, and what became of it."""

from .assessment import Assessment, AssessmentQuerySet
from .digest import Digest
from .drafts import Draft, DraftQuerySet
from .publishing import Hold, HoldQuerySet, Publication, Unlocking
from .ratings import (
    DISSENT_LENGTH,
    Dissent,
    Rating,
    RatingRound,
    RatingRoundQuerySet,
)
from .responses import (
    REASON_LENGTH,
    Evidence,
    Response,
    ResponseQuerySet,
    ResponseRevision,
)
from .sharing import Assignment, AssignmentQuerySet
from .sheets import SHEET_KEPT_FOR, UploadedSheet, UploadedSheetQuerySet
from .talk import (
    COMMENT_LENGTH,
    WHY_LENGTH,
    AnotherLook,
    AnotherLookQuerySet,
    Comment,
    CommentQuerySet,
    Mention,
)


__all__ = [
    "COMMENT_LENGTH",
    "DISSENT_LENGTH",
    "REASON_LENGTH",
    "SHEET_KEPT_FOR",
    "WHY_LENGTH",
    "AnotherLook",
    "AnotherLookQuerySet",
    "Assessment",
    "AssessmentQuerySet",
    "Comment",
    "CommentQuerySet",
    "Digest",
    "Assignment",
    "AssignmentQuerySet",
    "Dissent",
    "Draft",
    "DraftQuerySet",
    "Evidence",
    "Hold",
    "HoldQuerySet",
    "Mention",
    "Publication",
    "Rating",
    "RatingRound",
    "RatingRoundQuerySet",
    "Response",
    "ResponseQuerySet",
    "ResponseRevision",
    "Unlocking",
    "UploadedSheet",
    "UploadedSheetQuerySet",
]
