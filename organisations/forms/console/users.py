"""What a steward says when somebody has lost their second step."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from organisations.forms.fields import Ask, Paragraphs, PlainTextField, Radios
from organisations.models import IdentityCheck


class FindUserForm(forms.Form):
    words = PlainTextField(
        label="Name or email address", is_one_line=True, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def sought(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("words") or ""


class IdentityForm(forms.Form):
    how = forms.ChoiceField(
        label="How did you make sure who they are?",
        choices=IdentityCheck.How.choices,
        widget=Radios(),
        error_messages={
            "required": "Choose how you made sure.",
            "invalid_choice": "Choose one of these.",
        },
    )
    note = PlainTextField(
        label="What did you check?",
        help_text="Only stewards read this. Do not write down numbers of documents.",
        max_length=1000,
        widget=Paragraphs(),
        error_messages={"required": "Say what you checked."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("how", size="m"), Ask("note", size="m"))
