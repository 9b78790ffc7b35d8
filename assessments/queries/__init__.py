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
from .publishing import (
    HoldLine,
    PublishingPage,
    assessed_by,
    open_hold,
    people_who_took_part,
    publishing_page,
)
from .quality import QualityGroup, QualityLine, QualityPage, quality_page


__all__ = [
    "AssessmentLine",
    "AssessmentRecord",
    "EvidenceRecord",
    "HoldLine",
    "LevelChoice",
    "PrincipleRecord",
    "PublishingPage",
    "QualityGroup",
    "QualityLine",
    "QualityPage",
    "QuestionPage",
    "RejectedText",
    "StandardRecord",
    "assessment_lines",
    "assessment_record",
    "assessed_by",
    "left_out_of",
    "open_hold",
    "people_who_took_part",
    "publishing_page",
    "quality_page",
    "question_page",
]
