"""What is looked for among all evidence of an assessment."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from assessments.models import Evidence
from assessments.queries import SoughtEvidence


class FindEvidenceForm(forms.Form):
    type = forms.ChoiceField(
        label="Kind of evidence",
        choices=[("", "Every kind"), *Evidence.Type.choices],
        required=False,
    )
    old = forms.BooleanField(label="Only what is older than 24 months", required=False)
    private = forms.BooleanField(label="Only what is private", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def sought(self) -> SoughtEvidence:
        """Say what is sought; what is not understood is left out."""
        self.is_valid()
        return SoughtEvidence(
            type=self.cleaned_data.get("type", ""),
            only_old=self.cleaned_data.get("old", False),
            only_private=self.cleaned_data.get("private", False),
        )
