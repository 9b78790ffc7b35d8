"""What is asked of who starts an assessment, or changes how it is set up."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms

from assessments.models import Assessment
from assessments.queries import StartingPoint
from assessments.rules import SetUp
from organisations.forms import (
    Ask,
    Checkboxes,
    DatePartsField,
    PlainTextField,
    Radios,
    VersionField,
)
from organisations.models import Organisation, Unit


Domain = Organisation.Domain
Scope = Assessment.Scope
WHERE: dict[str, str] = {
    Domain.OWN_CARE: "People’s say in their own care, treatment or support.",
    Domain.COMMUNITIES: "What people do together where they live, such as peer support.",
    Domain.SERVICE_DELIVERY: "How services are planned, run, staffed and checked.",
    Domain.GOVERNANCE: "How you are led: plans, money and the main decisions.",
}
PERIOD_HEADING = """
<h2 class="govuk-heading-m">Which time do you look at?</h2>
<p class="govuk-body">The last 12 months are a good choice. You can leave both empty.</p>
"""


class SetUpForm(forms.Form):
    """What can change while an assessment is being answered."""

    version = VersionField()
    domains = forms.MultipleChoiceField(
        label="Where could people be involved?",
        help_text="Tick all that apply to what you look at. Standards that are only "
        "about the others are left out, and the report says so. The 12 core "
        "standards are always asked.",
        choices=Domain.choices,
        widget=Checkboxes(hints=WHERE),
        error_messages={
            "required": "Tick one of the places at least.",
            "invalid_choice": "Choose from the list.",
        },
    )
    period_from = DatePartsField(
        label="From", about="the first day of the time", required=False
    )
    period_until = DatePartsField(
        label="Until", about="the last day of the time", required=False
    )
    answer_by = DatePartsField(
        label="By when should all answers be there? (optional)",
        help_text="Two weeks give everybody time. Nothing closes on that day.",
        about="the day for the answers",
        required=False,
    )
    names = ("domains", "period_from", "period_until", "answer_by")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "version",
            Ask("domains", size="m"),
            HTML(PERIOD_HEADING),
            Ask("period_from", size="s"),
            Ask("period_until", size="s"),
            Ask("answer_by", size="m"),
        )

    def clean_answer_by(self) -> date | None:
        day: date | None = self.cleaned_data["answer_by"]
        if day and day < self.today and day != self.initial.get("answer_by"):
            raise forms.ValidationError(
                "The day for the answers must be in the future."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("period_from"), cleaned.get("period_until")
        if {"period_from", "period_until"} <= set(cleaned):
            self._check_period(begins, ends)
        return cleaned

    def _check_period(self, begins: date | None, ends: date | None) -> None:
        if begins and not ends:
            self.add_error("period_until", "Enter the last day as well, or neither.")
        elif ends and not begins:
            self.add_error("period_from", "Enter the first day as well, or neither.")
        elif begins and ends and ends < begins:
            self.add_error("period_until", "The last day must be after the first.")

    def set_up(self) -> SetUp:
        """Turn a valid form into what the operation takes."""
        cleaned = {name: self.cleaned_data[name] for name in SetUpForm.names}
        return SetUp(**cleaned | {"domains": tuple(cleaned["domains"])})


class StartForm(SetUpForm):
    # As they stand on the page, and so in the list of what is wrong.
    field_order = ("version", "scope", "unit", "scope_name")
    scope = forms.ChoiceField(
        label="What are you looking at?",
        choices=Assessment.Scope.choices,
        widget=Radios(),
        error_messages={"required": "Choose what you are looking at."},
    )
    unit = forms.ChoiceField(
        label="Which service or team?",
        help_text="Only if you look at a service or team.",
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    scope_name = PlainTextField(
        label="Name of the service, team or project",
        help_text="Leave this empty for the whole organisation. The name of a service "
        "or team is added to your list.",
        is_one_line=True,
        max_length=100,
        required=False,
    )

    def __init__(self, *args: Any, offered: StartingPoint, **kwargs: Any) -> None:
        super().__init__(*args, initial=offered.initial(), **kwargs)
        self.units = {str(line.unit.public_id): line.unit for line in offered.units}
        units = self.fields["unit"]
        assert isinstance(units, forms.ChoiceField)
        units.choices = [
            ("", "None of these"),
            *((str(line.unit.public_id), line.path) for line in offered.units),
        ]
        asked = ["unit", "scope_name"] if offered.units else ["scope_name"]
        self.helper.layout.fields[:1] = [Ask("scope", size="m"), *asked]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        scope = cleaned.get("scope")
        if scope != Scope.SERVICE:
            cleaned["unit"] = ""
        if scope == Scope.ORGANISATION:
            cleaned["scope_name"] = ""
        elif cleaned.get("unit") and cleaned.get("scope_name"):
            self.add_error(
                "scope_name", "Choose from the list, or type a name: not both."
            )
        elif scope and not self._is_named(cleaned):
            self.add_error("scope_name", "Name the service, team or project.")
        return cleaned

    def _is_named(self, cleaned: dict[str, Any]) -> bool:
        """Say whether there is a name, or something wrong with it already."""
        has_one = cleaned.get("unit") or cleaned.get("scope_name")
        return bool(has_one) or not {"unit", "scope_name"}.isdisjoint(self.errors)

    def chosen_unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data["unit"])
