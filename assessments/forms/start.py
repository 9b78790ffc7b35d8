"""What is asked of who starts an assessment."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from assessments.models import Assessment
from organisations.forms import Ask, PlainTextField, Radios


class StartForm(forms.Form):
    scope = forms.ChoiceField(
        label="What are you looking at?",
        choices=Assessment.Scope.choices,
        initial=None,
        widget=Radios(),
        error_messages={"required": "Choose what you are looking at."},
    )
    scope_name = PlainTextField(
        label="Name of the service, team or project",
        help_text="Leave this empty for the whole organisation.",
        is_one_line=True,
        max_length=100,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("scope", size="m"), "scope_name")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        whole = cleaned.get("scope") == Assessment.Scope.ORGANISATION
        if whole:
            cleaned["scope_name"] = ""
        elif "scope" in cleaned and not cleaned.get("scope_name"):
            self.add_error("scope_name", "Name the service, team or project.")
        return cleaned
