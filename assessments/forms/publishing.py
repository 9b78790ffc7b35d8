"""What is asked of who publishes, or holds that back."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from assessments.rules import OwnView
from organisations.forms import Ask, Paragraphs, PlainTextField


PUBLIC = "Leave it empty, or write what everybody may read. Please do not name people."


class PublishForm(forms.Form):
    why_not_asked = PlainTextField(
        help_text="This is not public. Your own people can read it.",
        max_length=1_000,
        widget=Paragraphs(rows=3),
    )
    strengths = PlainTextField(
        label="What goes well? (optional, public)",
        help_text=PUBLIC,
        max_length=3_000,
        required=False,
        widget=Paragraphs(rows=4),
    )
    gaps = PlainTextField(
        label="What is missing? (optional, public)",
        help_text=PUBLIC,
        max_length=3_000,
        required=False,
        widget=Paragraphs(rows=4),
    )
    actions = PlainTextField(
        label="What will you do? (optional, public)",
        help_text=PUBLIC,
        max_length=3_000,
        required=False,
        widget=Paragraphs(rows=4),
    )

    def __init__(self, *args: Any, people: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = self.fields["why_not_asked"]
        why.label = f"Why were {people} not asked yet?"
        why.error_messages["required"] = f"Say why {people} were not asked yet."
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(Ask(name, size="m") for name in self.fields))

    def own_view(self) -> OwnView:
        """Turn a valid form into what the operation takes."""
        return OwnView(**{name: self.cleaned_data[name] for name in self.fields})


class HoldForm(forms.Form):
    reason = PlainTextField(
        label="Why should it not be published yet?",
        help_text="Your own people can read it. It is not public.",
        max_length=1_000,
        widget=Paragraphs(rows=4),
        error_messages={"required": "Say why it should not be published yet."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("reason", size="m"))
