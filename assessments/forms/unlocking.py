"""What is asked of who unlocks our view."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from organisations.forms import Ask, Paragraphs, PlainTextField


class UnlockForm(forms.Form):
    # Which lock the page showed: always the one that stands then, whatever is typed.
    locked_at = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = PlainTextField(
        label="Why do you unlock it?",
        help_text="Your own people can read it. It is not public.",
        max_length=1_000,
        widget=Paragraphs(rows=4),
        error_messages={"required": "Say why you unlock our view."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("reason", size="m"))

    def clean_locked_at(self) -> datetime | None:
        """Read which lock the page showed; None where that was lost on the way."""
        try:
            return datetime.fromisoformat(self.cleaned_data["locked_at"])
        except ValueError:
            return None
