"""The forms of an assessment: what was typed becomes domain types, or a sentence."""

from .assessment import ResponseForm, StartForm
from .evidence import FindEvidenceForm
from .publishing import HoldForm, PublishForm


__all__ = ["FindEvidenceForm", "HoldForm", "PublishForm", "ResponseForm", "StartForm"]
