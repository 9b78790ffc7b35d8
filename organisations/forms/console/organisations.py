"""What a steward looks for among organisations."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from organisations.forms.fields import PlainTextField
from organisations.models import Organisation
from organisations.queries.console import Needs, Sought


class FindOrganisationForm(forms.Form):
    words = PlainTextField(label="Name or area", is_one_line=True, required=False)
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All kinds"), *Organisation.Kind.choices],
    )
    nation = forms.ChoiceField(
        label="Nation",
        required=False,
        choices=[("", "All nations"), *Organisation.Nation.choices],
    )
    stage = forms.ChoiceField(
        label="Stage",
        required=False,
        choices=[("", "All stages"), *Organisation.Stage.choices],
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "All"), *Organisation.Status.choices],
    )
    needs = forms.ChoiceField(
        label="What it needs",
        required=False,
        choices=[("", "Anything"), *Needs.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def sought(self) -> Sought:
        """Say what is sought; what is not understood is left out."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return Sought(**chosen)
