"""What is looked for in the audit trail, by a lead and by a steward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from organisations.models import Membership
from organisations.queries import ACTIVITY, KINDS, STEWARDS, SoughtEvents

from .fields import DatePartsField, PlainTextField


class FindActivityForm(forms.Form):
    person = forms.ChoiceField(label="Who", required=False)
    kind = forms.ChoiceField(
        label="What",
        required=False,
        choices=[
            ("", "Everything"),
            *((code, words) for code, (words, _) in KINDS.items()),
        ],
    )

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [
            ("", "Everybody"),
            *((str(m.user.public_id), str(m.user)) for m in people),
            (STEWARDS, "Stewards"),
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def sought(self) -> dict[str, str]:
        """Say what is sought; what is not understood is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class FindEventForm(forms.Form):
    organisation = PlainTextField(
        label="Organisation", is_one_line=True, required=False
    )
    person = PlainTextField(
        label="Person",
        help_text="Who did it, or whom it was about: a name or an email address.",
        is_one_line=True,
        required=False,
    )
    what = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[
            ("", "Everything"),
            *sorted(
                (
                    (key, said.format(person="somebody", place="a page"))
                    for key, said in ACTIVITY.items()
                ),
                key=lambda choice: choice[1].casefold(),
            ),
        ],
    )
    subject = PlainTextField(
        label="Reference of what it was about",
        is_one_line=True,
        required=False,
        max_length=60,
    )
    since = DatePartsField(label="From", about="the first day", required=False)
    until = DatePartsField(label="Until", about="the last day", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def sought(self) -> SoughtEvents:
        """Say what is sought; what is not understood is left out, and said."""
        self.is_valid()
        given = {
            name: value
            for name in self.fields
            if (value := self.cleaned_data.get(name))
        }
        return SoughtEvents(**given)
