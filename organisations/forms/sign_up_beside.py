"""What is asked beside a sign-up's own pages: an address, an answer, one of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from .fields import Ask, Paragraphs, PlainTextField, Radios
from .sign_up_fields import AddressField


class AddressForm(forms.Form):
    """Where to send a link or a question."""

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = AddressField(
            label=label, required_text="Enter an email address.", autocomplete="email"
        )
        self.helper = FormHelper()
        self.helper.form_tag = False


class AnswerForm(forms.Form):
    answer = PlainTextField(
        label="Your answer",
        max_length=4000,
        error_messages={"required": "Write your answer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class DisagreeForm(forms.Form):
    """What a senior sponsor says who does not agree."""

    why = PlainTextField(
        label="Why? (optional)",
        help_text="The person who asked will read it, and so will we.",
        max_length=1000,
        required=False,
        widget=Paragraphs(rows=3),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class AlikeForm(forms.Form):
    """Is it one of these?"""

    NONE = "-"

    which = forms.ChoiceField(
        label="Is it one of these?",
        error_messages={
            "required": "Choose one, or “None of these”.",
            "invalid_choice": "Choose one of the list.",
        },
    )

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which = self.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.widget = Radios(divider_before=self.NONE)
        which.choices = [*names.items(), (self.NONE, "None of these, go on")]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("which", size="xl", is_heading=True))
