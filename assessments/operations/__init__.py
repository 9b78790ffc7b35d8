"""What people do with an assessment: each operation one transaction, audited."""

from .answering import EditConflict, answer, restore
from .assessment import (
    AlreadyUnderWay,
    ClosedUnit,
    finish_principle,
    lock,
    start_assessment,
)
from .drafts import forget_drafts, keep_draft, throw_away, throw_away_late
from .publishing import hold_back, lift_hold, publish_own_view
from .ratings import ask_for_ratings, note_dissent, rate, show_ratings
from .set_up import change_set_up
from .sharing import share
from .sheet import (
    SavedMeanwhile,
    SheetAnswer,
    SheetGone,
    keep_sheet,
    save_sheet,
    throw_away_sheet,
)
from .talk import (
    ask_for_another_look,
    delete_comment,
    edit_comment,
    look_again,
    post_comment,
    reopen_comment,
    resolve_comment,
)
from .unlocking import unlock


__all__ = [
    "AlreadyUnderWay",
    "ClosedUnit",
    "EditConflict",
    "SavedMeanwhile",
    "SheetAnswer",
    "SheetGone",
    "answer",
    "ask_for_ratings",
    "change_set_up",
    "ask_for_another_look",
    "delete_comment",
    "edit_comment",
    "finish_principle",
    "forget_drafts",
    "hold_back",
    "keep_draft",
    "keep_sheet",
    "lift_hold",
    "lock",
    "look_again",
    "note_dissent",
    "post_comment",
    "publish_own_view",
    "rate",
    "reopen_comment",
    "resolve_comment",
    "restore",
    "share",
    "show_ratings",
    "save_sheet",
    "start_assessment",
    "throw_away",
    "throw_away_late",
    "throw_away_sheet",
    "unlock",
]
