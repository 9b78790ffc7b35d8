"""What a reader of the register looks for."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from organisations.models import Organisation
from organisations.models.entry import Kind, Nation
from organisations.queries import Wanted

from .fields import PlainTextField


def _choice(label: str, anything: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", anything), *choices],
        error_messages={"invalid_choice": "Choose one from the list."},
    )


class RegisterForm(forms.Form):
    q = PlainTextField(
        label="Name or area", required=False, is_one_line=True, max_length=100
    )
    kind = _choice("Kind", "All kinds", Kind.choices)
    nation = _choice("Nation", "All nations", Nation.choices)
    stage = _choice("Stage", "All stages", Organisation.Stage.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.form_method = "get"
        self.helper.layout = Layout(
            Div("q", "kind", "nation", "stage", css_class="filters")
        )

    def wanted(self) -> Wanted:
        """Say what is looked for; an answer that is wrong wants everything."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            words=found.get("q") or "",
            kind=found.get("kind", ""),
            nation=found.get("nation", ""),
            stage=found.get("stage", ""),
        )
