"""The forms of an assessment: what was typed becomes domain types, or a sentence."""

from .drafts import both_texts, new_writing, turn_of, typed_of, whole, writing_of
from .evidence import FindEvidenceForm
from .history import RestoreForm
from .publishing import HoldForm, PublishForm
from .response import ResponseForm, initial_of
from .set_up import SetUpForm, StartForm
from .unlocking import UnlockForm


__all__ = [
    "FindEvidenceForm",
    "HoldForm",
    "PublishForm",
    "ResponseForm",
    "RestoreForm",
    "SetUpForm",
    "StartForm",
    "UnlockForm",
    "both_texts",
    "initial_of",
    "new_writing",
    "turn_of",
    "typed_of",
    "whole",
    "writing_of",
]
