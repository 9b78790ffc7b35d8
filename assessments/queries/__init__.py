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
    unsaved_of,
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
    contents_at,
    past_versions,
    response_at,
    saved_versions,
    told_versions,
)
from .last_time import LastTime, NewWording
from .lines import AssessmentLine, assessment_lines
from .owners import Owner, names_of
from .publishing import (
    HoldLine,
    PublishingPage,
    assessed_by,
    open_hold,
    people_who_took_part,
    publishing_page,
)
from .quality import QualityGroup, QualityLine, QualityPage, quality_page
from .question import (
    QuestionPage,
    RejectedText,
    left_out_of,
    question_page,
    question_pages,
)
from .records import (
    AssessmentRecord,
    EvidenceRecord,
    LeftOutStandard,
    LevelChoice,
    PrincipleRecord,
    StandardRecord,
)
from .set_up import StartingPoint, starting_point
from .sharing import SharedStandard, SharingPage, sharing_page
from .talk import (
    Colleague,
    CommentLine,
    Look,
    Talk,
    colleagues_of,
    has_left,
    talk_about,
)
from .unlocking import PastLock, past_locks, saying_if_unlocked, why_not_unlocked


__all__ = [
    "AssessmentLine",
    "AssessmentRecord",
    "BeingWritten",
    "Colleague",
    "CommentLine",
    "DRAFT",
    "DraftText",
    "Editing",
    "EvidenceGroup",
    "EvidenceLine",
    "EvidenceRecord",
    "HoldLine",
    "LastTime",
    "LeftOutStandard",
    "LevelChoice",
    "Look",
    "Owner",
    "NewWording",
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
    "SharedStandard",
    "SharingPage",
    "StandardRecord",
    "StartingPoint",
    "Talk",
    "Unsaved",
    "assessment_lines",
    "assessment_record",
    "assessed_by",
    "being_written",
    "colleagues_of",
    "contents_at",
    "evidence_groups",
    "evidence_lines",
    "has_left",
    "left_out_of",
    "names_of",
    "open_hold",
    "past_locks",
    "past_versions",
    "people_who_took_part",
    "publishing_page",
    "quality_page",
    "question_page",
    "question_pages",
    "response_at",
    "saved_meanwhile",
    "saved_versions",
    "saying_if_unlocked",
    "sharing_page",
    "starting_point",
    "talk_about",
    "told_versions",
    "unsaved",
    "unsaved_of",
    "why_not_unlocked",
]
