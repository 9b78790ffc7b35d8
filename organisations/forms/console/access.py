"""What a steward says who asks to read an own view."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from organisations.forms.fields import Paragraphs, PlainTextField


class AccessForm(forms.Form):
    """Why a steward asks to read an organisation's own view."""

    reason = PlainTextField(
        label="Why do you ask?",
        help_text="The leads and co-leads read this. It is not shown to anybody else.",
        max_length=1000,
        widget=Paragraphs(),
        error_messages={"required": "Say why you ask."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
