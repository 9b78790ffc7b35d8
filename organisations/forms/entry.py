"""What is asked of who changes an organisation's entry, or its milestones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from organisations.models import Organisation
from organisations.queries.standing import LABELS

from .fields import (
    Ask,
    Checkboxes,
    DatePartsField,
    Paragraphs,
    PlainTextField,
    Radios,
)
from .sign_up_fields import WebsiteField, line_field


CoLead = Organisation.CoLead
Payment = Organisation.Payment
Scope = Organisation.Scope
YEARS_AHEAD = 5


def _line(name: str, most: int, hint: str = "") -> PlainTextField:
    return line_field(LABELS[name], most=most, help_text=hint)


def _text(name: str, most: int, hint: str = "") -> PlainTextField:
    return PlainTextField(
        label=LABELS[name],
        help_text=hint,
        max_length=most,
        required=False,
        widget=Paragraphs(rows=4),
    )


def _choice(name: str, choices: Any, *, is_needed: bool = True) -> forms.ChoiceField:
    missing = "Choose one of these."
    return forms.ChoiceField(
        label=LABELS[name],
        choices=choices,
        required=is_needed,
        widget=Radios(is_small=True),
        error_messages={"required": missing, "invalid_choice": missing},
    )


class EntryForm(forms.Form):
    """What the register shows, but for the name, the kind, and what moves by itself."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False
    )
    nation = _choice("nation", Organisation.Nation.choices)
    area = _line("area", 100, "Such as a town, a county or the whole nation.")
    website = WebsiteField(label=LABELS["website"], max_length=200, required=False)
    serves = _text("serves", 1000)
    scope = _choice("scope", Scope.choices)
    scope_name = _line("scope_name", 150, "Empty for the whole organisation.")
    domains = forms.MultipleChoiceField(
        label=LABELS["domains"],
        choices=Organisation.Domain.choices,
        required=False,
        widget=Checkboxes(),
        error_messages={"invalid_choice": "Choose from the list."},
    )
    sponsor_role = _line("sponsor_role", 100, "The role is public, never the name.")
    co_lead = _choice("co_lead", CoLead.choices, is_needed=False)
    co_lead_by = DatePartsField(
        label=LABELS["co_lead_by"],
        help_text="Only while you look for one.",
        about="the date by which you find a co-lead",
        required=False,
    )
    payment = _choice("payment", Payment.choices, is_needed=False)
    why_not_paid = _text("why_not_paid", 1000, "Only if not everybody is paid.")
    own_words = _text("own_words", 2000, "150 words are plenty.")
    public_strengths = _text("public_strengths", 3000)
    public_gaps = _text("public_gaps", 3000)
    public_actions = _text("public_actions", 3000)

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(names)
        for name in set(self.fields) - {"version", *names}:
            del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("version", *(Ask(n, size="s") for n in names))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        # Without a version the page was empty, so that nothing can be overwritten
        # but an entry that nobody has changed yet.
        self.errors.pop("version", None)
        cleaned["version"] = cleaned.get("version") or 0
        self._check_scope(cleaned)
        self._check_co_lead(cleaned)
        if cleaned.get("payment") != Payment.NO:
            cleaned["why_not_paid"] = ""
        elif not cleaned.get("why_not_paid"):
            self._say("why_not_paid", "Say why not everybody is paid.")
        return cleaned

    def _check_scope(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("scope") == Scope.WHOLE:
            cleaned["scope_name"] = ""
        elif not cleaned.get("scope_name"):
            self._say("scope_name", "Name the service or team.")

    def _check_co_lead(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("co_lead") != CoLead.RECRUITING:
            cleaned["co_lead_by"] = None
        elif not cleaned.get("co_lead_by"):
            self._say("co_lead_by", "Say by when you find a co-lead.")

    def _say(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    def values(self) -> dict[str, Any]:
        """Give what a valid form says, by the names of the organisation's fields."""
        return {name: self.cleaned_data[name] for name in self.names}


class MilestoneForm(forms.Form):
    text = PlainTextField(
        label="What will you have done?",
        help_text="One thing that others could see. It is public.",
        is_one_line=True,
        max_length=200,
        error_messages={"required": "Say what you will have done."},
    )
    due_on = DatePartsField(label="By when?", about="the date")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("text", size="m"), Ask("due_on", size="m"))

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on <= self.today:
            raise forms.ValidationError("The date must be in the future.")
        if due_on.year > self.today.year + YEARS_AHEAD:
            raise forms.ValidationError(
                f"The date must be within {YEARS_AHEAD} years from now."
            )
        return due_on


class DropMilestoneForm(forms.Form):
    why = PlainTextField(
        label="Why do you drop it?",
        help_text="One sentence. It is public, and stays with the milestone.",
        is_one_line=True,
        max_length=200,
        error_messages={"required": "Say why you drop it."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("why", size="m"))


class WordsForm(forms.Form):
    """What an organisation calls the people it serves."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False
    )
    people_called = PlainTextField(
        label="What do you call the people you serve?",
        help_text="As within a sentence and for many, such as: residents, members, "
        "people who use our services. Leave it empty for the words of the standards.",
        is_one_line=True,
        max_length=60,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("version", Ask("people_called", size="m"))

    def clean_people_called(self) -> str:
        words: str = self.cleaned_data["people_called"].rstrip(".,;: ")
        return words

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        # As in the entry: without a version nothing that somebody changed goes.
        self.errors.pop("version", None)
        cleaned["version"] = cleaned.get("version") or 0
        return cleaned
