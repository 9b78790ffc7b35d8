"""What a steward writes about a sign-up."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from organisations.forms.fields import Paragraphs, PlainTextField
from organisations.queries.console import Which


def _words() -> PlainTextField:
    return PlainTextField(
        label="What the email says",
        help_text="You can change it. We add the greeting, and what you write in the boxes below.",
        max_length=4000,
        widget=Paragraphs(rows=10),
        error_messages={"required": "Write what the email says."},
    )


class _Decision(forms.Form):
    """The mail's words, and the version of the sign-up that the page showed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class ApproveForm(_Decision):
    words = _words()


class AskForm(_Decision):
    question = PlainTextField(
        label="Your question",
        help_text="We put it at the end of the email and on the applicant’s page.",
        max_length=2000,
        error_messages={"required": "Write your question."},
    )
    words = _words()


class DeclineForm(_Decision):
    reason = PlainTextField(
        label="Your reason",
        help_text="We put it at the end of the email and on the applicant’s page.",
        max_length=2000,
        error_messages={"required": "Write your reason."},
    )
    words = _words()


class NoteForm(forms.Form):
    text = PlainTextField(
        label="Add a note",
        help_text="Only stewards see it.",
        max_length=4000,
        widget=Paragraphs(rows=3),
        error_messages={"required": "Write the note."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class FindSignUpForm(forms.Form):
    words = PlainTextField(
        label="Name, area or reference", is_one_line=True, required=False
    )
    which = forms.ChoiceField(
        label="Which", required=False, choices=[("", "All"), *Which.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Div(*self.fields, css_class="filters"))

    def sought(self) -> dict[str, str]:
        """Say what is sought; what is not understood is left out."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
