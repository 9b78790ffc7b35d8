"""The forms of an assessment: what was typed becomes domain types, or a sentence."""

from .assessment import ResponseForm, StartForm, initial_of
from .evidence import FindEvidenceForm
from .history import RestoreForm
from .publishing import HoldForm, PublishForm
from .unlocking import UnlockForm


__all__ = [
    "FindEvidenceForm",
    "HoldForm",
    "PublishForm",
    "ResponseForm",
    "RestoreForm",
    "StartForm",
    "UnlockForm",
    "initial_of",
]
