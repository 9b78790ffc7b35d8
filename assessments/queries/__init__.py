"""What the pages and the report read, shaped for each: frozen, so no page queries."""

from .assessment import (
    AssessmentLine,
    AssessmentRecord,
    EvidenceRecord,
    LevelChoice,
    PrincipleRecord,
    QuestionPage,
    RejectedText,
    StandardRecord,
    assessment_lines,
    assessment_record,
    left_out_of,
    question_page,
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
from .publishing import (
    HoldLine,
    PublishingPage,
    assessed_by,
    open_hold,
    people_who_took_part,
    publishing_page,
)
from .quality import QualityGroup, QualityLine, QualityPage, quality_page
from .unlocking import PastLock, past_locks, why_not_unlocked


__all__ = [
    "AssessmentLine",
    "AssessmentRecord",
    "EvidenceGroup",
    "EvidenceLine",
    "EvidenceRecord",
    "HoldLine",
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
    "assessment_lines",
    "assessment_record",
    "assessed_by",
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
    "saved_versions",
    "told_versions",
    "why_not_unlocked",
]
