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
    question_page,
)


__all__ = [
    "AssessmentLine",
    "AssessmentRecord",
    "EvidenceRecord",
    "LevelChoice",
    "PrincipleRecord",
    "QuestionPage",
    "RejectedText",
    "StandardRecord",
    "assessment_lines",
    "assessment_record",
    "question_page",
]
