"""What a steward looks for among organisations, and changes about one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from organisations.forms.fields import (
    Ask,
    Checkboxes,
    DatePartsField,
    Paragraphs,
    PlainTextField,
    Radios,
)
from organisations.forms.sign_up_fields import (
    AddressField,
    WebsiteField,
    charity_number_field,
    line_field,
    ods_code_field,
)
from organisations.models import Organisation
from organisations.queries.console import Needs, Sought


def _helper(*fields: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    if fields:
        helper.layout = Layout(*fields)
    return helper


def _any(label: str, word: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", word), *choices]
    )


class FindOrganisationForm(forms.Form):
    words = PlainTextField(label="Name or area", is_one_line=True, required=False)
    kind = _any("Kind", "All kinds", Organisation.Kind.choices)
    nation = _any("Nation", "All nations", Organisation.Nation.choices)
    stage = _any("Stage", "All stages", Organisation.Stage.choices)
    status = _any("Status", "All", Organisation.Status.choices)
    needs = _any("What it needs", "Anything", Needs.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Div(*self.fields, css_class="filters"))

    def sought(self) -> Sought:
        """Say what is sought; what is not understood is left out."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return Sought(**chosen)


def _text(label: str, most: int) -> PlainTextField:
    return PlainTextField(
        label=label, max_length=most, required=False, widget=Paragraphs(rows=4)
    )


def _choice(label: str, choices: Any, missing: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices if missing else [("", "Not said"), *choices],
        required=bool(missing),
        widget=Radios(is_small=True),
        error_messages={"required": missing, "invalid_choice": "Choose one of these."},
    )


def _email(label: str, **kwargs: Any) -> AddressField:
    missing = "Enter their email address."
    return AddressField(
        label=label, required_text=missing, autocomplete="off", **kwargs
    )


class EntryForm(forms.Form):
    """What the register says of an organisation."""

    name = line_field("Name", most=150, missing="Enter the name.")
    kind = _choice("Kind", Organisation.Kind.choices, "Choose the kind.")
    nation = _choice("Nation", Organisation.Nation.choices, "Choose the nation.")
    area = line_field("Area", most=100)
    website = WebsiteField(label="Website", max_length=200, required=False)
    ods_code = ods_code_field("ODS code")
    charity_number = charity_number_field("Charity number")
    serves = _text("Whom it serves", 1000)
    scope = _choice(
        "What signs up", Organisation.Scope.choices, "Choose what signs up."
    )
    scope_name = line_field(
        "Name of the service or team",
        most=150,
        help_text="Empty for the whole organisation.",
    )
    domains = forms.MultipleChoiceField(
        label="Where people are involved",
        required=False,
        choices=Organisation.Domain.choices,
        widget=Checkboxes(is_small=True),
        error_messages={"invalid_choice": "Choose from the list."},
    )
    sponsor_role = line_field("Role of the senior sponsor", most=100)
    co_lead = _choice("Lived-experience co-lead", Organisation.CoLead.choices)
    co_lead_by = DatePartsField(
        label="Co-lead found by", about="the date", required=False
    )
    payment = _choice("People are paid", Organisation.Payment.choices)
    why_not_paid = _text("Why not", 1000)
    own_words = _text("The commitment in its own words", 2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("scope") == Organisation.Scope.WHOLE:
            cleaned["scope_name"] = ""
        elif not cleaned.get("scope_name") and "scope_name" in cleaned:
            self.add_error("scope_name", "Enter the name of the service or team.")
        return cleaned


class EditForm(EntryForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def entry(self) -> dict[str, Any]:
        """Give what was typed, without the version that the page showed."""
        return {n: v for n, v in self.cleaned_data.items() if n != "version"}


class AddForm(EntryForm):
    lead_email = _email(
        "Email address of its lead", help_text="We send them an invitation."
    )

    def entry(self) -> dict[str, Any]:
        """Give what was typed of the organisation."""
        return {n: v for n, v in self.cleaned_data.items() if n != "lead_email"}


class ExtendForm(forms.Form):
    due_on = DatePartsField(label="New date", about="the new date")
    reason = line_field(
        "Reason",
        most=100,
        missing="Write the reason.",
        help_text="The leads read it, and it stays in the history.",
    )
    shown = forms.DateField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()


class ReplaceLeadForm(forms.Form):
    """The first of two steps: who goes, who comes, and how that was checked."""

    GONE = "gone"

    old = forms.ChoiceField(
        label="Which lead goes?",
        widget=Radios(divider_before=GONE, is_small=True),
        error_messages={
            "required": "Choose who goes.",
            "invalid_choice": "Choose one of these.",
        },
    )
    fate = forms.ChoiceField(
        label="What becomes of the old lead?",
        required=False,
        widget=Radios(is_small=True),
        error_messages={"invalid_choice": "Choose one of these."},
    )
    email = _email("Email address of the new lead")
    checked = forms.ChoiceField(
        label="How did you check who the new lead is?",
        widget=Radios(is_small=True),
        error_messages={
            "required": "Choose how you checked.",
            "invalid_choice": "Choose one of these.",
        },
    )

    def __init__(
        self,
        *args: Any,
        leads: Sequence[tuple[str, str]],
        fates: Any,
        checks: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        gone = (self.GONE, "All leads are gone already")
        if not leads:
            self.fields["old"].widget = Radios(is_small=True)
        for name, choices in (
            ("old", [*leads, gone]),
            ("fate", fates),
            ("checked", checks),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.helper = _helper(
            Ask("old", size="m"),
            Ask("fate", size="m"),
            Ask("email", size="m"),
            Ask("checked", size="m"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        goes = cleaned.get("old", self.GONE) != self.GONE
        if goes and not cleaned.get("fate") and "fate" not in self.errors:
            self.add_error("fate", "Choose what becomes of the old lead.")
        return cleaned


class FindOtherForm(forms.Form):
    words = PlainTextField(
        label="Name or area of the organisation that stays",
        is_one_line=True,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()
