"""The forms of an assessment: what was typed becomes domain types, or a sentence."""

from .assessment import ResponseForm, StartForm


__all__ = ["ResponseForm", "StartForm"]
