"""What the pages and the report read, shaped for each: frozen, so no page queries."""

from .assessment import assessment_record
from .drafts import (
    DRAFT,
    BeingWritten,
    DraftText,
    Editing,
    Unsaved,
    being_written,
    saved_meanwhile,
    unsaved,
)
from .evidence import (
    EvidenceGroup,
    EvidenceLine,
    SoughtEvidence,
    evidence_groups,
    evidence_lines,
)
from .history import (
    PastVersion,
    past_versions,
    response_at,
    saved_versions,
    told_versions,
)
from .lines import AssessmentLine, assessment_lines
from .publishing import (
    HoldLine,
    PublishingPage,
    assessed_by,
    open_hold,
    people_who_took_part,
    publishing_page,
)
from .quality import QualityGroup, QualityLine, QualityPage, quality_page
from .question import QuestionPage, RejectedText, left_out_of, question_page
from .records import (
    AssessmentRecord,
    EvidenceRecord,
    LeftOutStandard,
    LevelChoice,
    PrincipleRecord,
    StandardRecord,
)
from .set_up import StartingPoint, starting_point
from .unlocking import PastLock, past_locks, saying_if_unlocked, why_not_unlocked


__all__ = [
    "AssessmentLine",
    "AssessmentRecord",
    "BeingWritten",
    "DRAFT",
    "DraftText",
    "Editing",
    "EvidenceGroup",
    "EvidenceLine",
    "EvidenceRecord",
    "HoldLine",
    "LeftOutStandard",
    "LevelChoice",
    "PastLock",
    "PastVersion",
    "PrincipleRecord",
    "PublishingPage",
    "QualityGroup",
    "QualityLine",
    "QualityPage",
    "QuestionPage",
    "RejectedText",
    "SoughtEvidence",
    "StandardRecord",
    "StartingPoint",
    "Unsaved",
    "assessment_lines",
    "assessment_record",
    "assessed_by",
    "being_written",
    "evidence_groups",
    "evidence_lines",
    "left_out_of",
    "open_hold",
    "past_locks",
    "past_versions",
    "people_who_took_part",
    "publishing_page",
    "quality_page",
    "question_page",
    "response_at",
    "saved_meanwhile",
    "saved_versions",
    "saying_if_unlocked",
    "starting_point",
    "told_versions",
    "unsaved",
    "why_not_unlocked",
]
