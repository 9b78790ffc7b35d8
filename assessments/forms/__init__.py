"""The forms of an assessment: what was typed becomes domain types, or a sentence."""

from .drafts import (
    COMMENT,
    DISSENT,
    as_written,
    both_texts,
    new_writing,
    turn_of,
    typed_of,
    whole,
    with_evidence,
    writing_of,
)
from .evidence import FindEvidenceForm
from .history import RestoreForm
from .one_page import as_part, part_of
from .publishing import HoldForm, PublishForm
from .ratings import AskForRatingsForm, DissentBox, DissentForm, RateForm
from .response import ResponseForm, as_sent, initial_of
from .set_up import SetUpForm, StartForm
from .sharing import ShareForm
from .sheet import KeepForm, SheetChange, SheetChanges, UploadForm, changes_of
from .sheet_file import NotReadable
from .sheet_rows import SheetRead, read_sheet
from .talk import (
    AnotherLookForm,
    CommentForm,
    EditCommentForm,
    has_comment,
    without_comment,
)
from .unlocking import UnlockForm
from .unsaved import unsaved_words


__all__ = [
    "COMMENT",
    "DISSENT",
    "AnotherLookForm",
    "AskForRatingsForm",
    "CommentForm",
    "DissentBox",
    "DissentForm",
    "EditCommentForm",
    "FindEvidenceForm",
    "HoldForm",
    "KeepForm",
    "NotReadable",
    "PublishForm",
    "RateForm",
    "ResponseForm",
    "RestoreForm",
    "SetUpForm",
    "ShareForm",
    "SheetChange",
    "SheetChanges",
    "SheetRead",
    "StartForm",
    "UnlockForm",
    "as_part",
    "as_sent",
    "as_written",
    "UploadForm",
    "both_texts",
    "has_comment",
    "changes_of",
    "initial_of",
    "new_writing",
    "part_of",
    "read_sheet",
    "turn_of",
    "typed_of",
    "unsaved_words",
    "whole",
    "without_comment",
    "with_evidence",
    "writing_of",
]
