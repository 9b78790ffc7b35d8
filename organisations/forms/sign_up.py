"""What each page of a sign-up asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from crispy_forms.layout import HTML, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from organisations.models import SignUp
from organisations.models.entry import WORDS_OF_ITS_OWN
from organisations.rules import Refusal, check_sponsor_is_another, needs_sponsor

from .fields import (
    Ask,
    Checkboxes,
    DatePartsField,
    Paragraphs,
    PlainTextField,
    too_long,
)
from .sign_up_fields import (
    AddressField,
    WebsiteField,
    charity_number_field,
    choice_field,
    line_field,
    ods_code_field,
)
from .sign_up_page import PageForm


MILESTONES = (1, 2, 3)
LONGEST_OWN_WORDS = 2000
YEARS_AHEAD = 5


class OrganisationForm(PageForm):
    name = line_field(
        "Name of your organisation",
        most=150,
        missing="Enter the name of your organisation.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = choice_field(
        "What kind of organisation is it?",
        SignUp.Kind.choices,
        "Choose the kind of organisation.",
        hints={SignUp.Kind.USER_LED: "You need not be registered anywhere."},
    )
    nation = choice_field(
        "Where is it?", SignUp.Nation.choices, "Choose a nation.", is_small=True
    )
    area = line_field(
        "Which area do you work in?",
        most=100,
        missing="Enter the area you work in.",
        help_text="Such as a town, a county or the whole nation.",
    )
    website = WebsiteField(label="Website (optional)", max_length=200, required=False)
    ods_code = ods_code_field("ODS code (optional)")
    charity_number = charity_number_field("Charity number (optional)")

    layout: tuple[Any, ...] = (
        Ask("name", size="m"),
        Ask("kind", size="m"),
        Ask("nation", size="m"),
        Ask("area", size="m"),
        "website",
    )

    def shape(self) -> None:
        if self.initial["kind"] == SignUp.Kind.USER_LED:
            del self.fields["ods_code"], self.fields["charity_number"]
        else:
            self.layout = (*OrganisationForm.layout, "ods_code", "charity_number")


class ServesForm(PageForm):
    serves = PlainTextField(
        label="Whom do you serve?",
        help_text="A sentence or two. It will be public.",
        max_length=1000,
        widget=Paragraphs(rows=3),
        error_messages={"required": "Say whom you serve."},
    )
    scope = choice_field(
        "Who signs up?", SignUp.Scope.choices, "Choose who signs up.", is_small=True
    )
    scope_name = line_field(
        "Name of the service or team",
        most=150,
        help_text="Leave this empty for the whole organisation.",
    )
    domains = forms.MultipleChoiceField(
        label="Where do people have a say?",
        help_text="Choose all that fit.",
        choices=SignUp.Domain.choices,
        widget=Checkboxes(),
        error_messages={
            "required": "Choose at least one.",
            "invalid_choice": "Choose from the list.",
        },
    )

    layout = (
        Ask("serves", size="m"),
        Ask("scope", size="m"),
        "scope_name",
        Ask("domains", size="m"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("scope") == SignUp.Scope.WHOLE:
            cleaned["scope_name"] = ""
        elif cleaned.get("scope") and cleaned.get("scope_name") == "":
            self.add_error("scope_name", "Name the service or team.")
        return cleaned


class PeopleForm(PageForm):
    applicant_name = line_field(
        "Your name",
        most=100,
        missing="Enter your name.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    applicant_role = line_field(
        "Your role",
        most=100,
        missing="Enter your role.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    applicant_email = AddressField(
        label="Your work email address",
        help_text="We write to it. It will not be public.",
        required_text="Enter your work email address.",
        autocomplete="email",
    )
    sponsor_role = line_field(
        "Role of your senior sponsor",
        most=100,
        missing="Enter the role of your senior sponsor.",
        help_text="Such as chief executive. The role will be public, the name not.",
    )
    sponsor_email = AddressField(
        label="Email address of your senior sponsor",
        help_text="We ask them to confirm. It will not be public.",
        required_text="Enter the email address of your senior sponsor.",
        autocomplete="off",
    )
    co_lead = choice_field(
        "Who is your lived-experience co-lead?",
        [
            (SignUp.CoLead.NAMED, "We have somebody"),
            (SignUp.CoLead.RECRUITING, "We are looking for somebody"),
        ],
        "Choose whether you have a co-lead yet.",
        is_small=True,
    )
    co_lead_name = line_field(
        "Their name, if you have somebody",
        most=100,
        help_text="Ask them first. The name will not be public.",
    )
    co_lead_by = DatePartsField(
        label="By when, if you are looking?",
        about="the date",
        required=False,
    )

    people = ("applicant_name", "applicant_role", "applicant_email")
    sponsor = ("sponsor_role", "sponsor_email")
    co_leading = (Ask("co_lead", size="m"), "co_lead_name", "co_lead_by")

    def shape(self) -> None:
        example = f"Such as 27 3 {timezone.localdate().year + 1}."
        self.fields["co_lead_by"].help_text = example
        asked: tuple[Any, ...] = (Fieldset("You", *self.people),)
        if needs_sponsor(self.sign_up):
            asked += (Fieldset("Your senior sponsor", *self.sponsor),)
        else:
            for name in self.sponsor:
                del self.fields[name]
        self.layout = (*asked, *self.co_leading)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._clean_co_lead(cleaned)
        sponsor = cleaned.get("sponsor_email", "")
        try:
            check_sponsor_is_another(cleaned.get("applicant_email", ""), sponsor)
        except Refusal as reason:
            self.add_error("sponsor_email", str(reason))
        return cleaned

    def _clean_co_lead(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("co_lead") == SignUp.CoLead.NAMED:
            cleaned["co_lead_by"] = None
            self.errors.pop("co_lead_by", None)
            if cleaned.get("co_lead_name") == "":
                self.add_error("co_lead_name", "Enter their name.")
        elif cleaned.get("co_lead"):
            cleaned["co_lead_name"] = ""
            _check_ahead(self, cleaned, "co_lead_by", missing="Enter the date.")


class CommitmentForm(PageForm):
    payment = choice_field(
        "Are people paid for the time they give?",
        SignUp.Payment.choices,
        "Choose whether people are paid.",
        is_small=True,
    )
    why_not_paid = PlainTextField(
        label="If not, or not everybody: why?",
        max_length=1000,
        required=False,
        widget=Paragraphs(rows=3),
    )
    has_promised = forms.BooleanField(
        label="We make this commitment",
        error_messages={
            "required": "Tick the box to make the commitment. Nobody can sign up without."
        },
    )
    own_words = PlainTextField(
        label="In your own words (optional)",
        help_text=f"Up to {WORDS_OF_ITS_OWN} words. They will be public.",
        required=False,
    )
    wants_training = forms.BooleanField(
        label="Tell us more about 4Pi training", required=False
    )

    def shape(self) -> None:
        if not needs_sponsor(self.sign_up):
            self.fields[
                "payment"
            ].label = (
                "When your group has money, are people paid for their time or costs?"
            )
        for number in MILESTONES:
            self.fields |= _milestone_fields(number)
        # As the page asks them, and so the order of what is wrong.
        self.order_fields(["has_promised", "own_words", "payment", "why_not_paid"])
        self.fields["wants_training"] = self.fields.pop("wants_training")
        self.layout = (
            HTML('{% include "organisations/_commitment.html" %}'),
            "has_promised",
            "own_words",
            Ask("payment", size="m"),
            "why_not_paid",
            HTML('{% include "organisations/_milestones_heading.html" %}'),
            *(
                Fieldset(f"Milestone {number} (optional)", *_milestone_fields(number))
                for number in MILESTONES
            ),
            HTML('<h2 class="govuk-heading-m">Training</h2>'),
            "wants_training",
        )

    def values_of(self, sign_up: SignUp) -> dict[str, Any]:
        values: dict[str, Any] = super().values_of(sign_up)
        for number, (text, due) in enumerate(sign_up.milestones, start=1):
            values[f"milestone_{number}_text"] = text
            values[f"milestone_{number}_by"] = date.fromisoformat(due)
        return values

    def _shown(self, sign_up: SignUp) -> dict[str, Any]:
        half = sign_up.half_typed
        typed = {name: half[name] for name in half if name.startswith("milestone_")}
        return super()._shown(sign_up) | typed

    def columns_of(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        columns = {n: v for n, v in cleaned.items() if not n.startswith("milestone_")}
        if any(name.startswith("milestone_") for name in self.errors):
            return columns
        pairs = [
            (cleaned[f"milestone_{n}_text"], cleaned[f"milestone_{n}_by"])
            for n in MILESTONES
        ]
        dated = [[text, due.isoformat()] for text, due in pairs if text]
        return columns | {"milestones": dated}

    def clean_own_words(self) -> str:
        text = str(self.cleaned_data["own_words"])
        used = len(text.split())
        if used > WORDS_OF_ITS_OWN:
            raise ValidationError(
                f"Use {WORDS_OF_ITS_OWN} words or fewer. You have used {used}."
            )
        if len(text) > LONGEST_OWN_WORDS:
            raise ValidationError(too_long(used=len(text), most=LONGEST_OWN_WORDS))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("payment") == SignUp.Payment.YES:
            cleaned["why_not_paid"] = ""
        elif cleaned.get("payment") and cleaned.get("why_not_paid") == "":
            self.add_error("why_not_paid", "Say why.")
        for number in MILESTONES:
            self._clean_milestone(cleaned, number)
        return cleaned

    def _clean_milestone(self, cleaned: dict[str, Any], number: int) -> None:
        text, by = f"milestone_{number}_text", f"milestone_{number}_by"
        if cleaned.get(text):
            _check_ahead(self, cleaned, by, missing="Enter the date of the milestone.")
        elif cleaned.get(text) == "" and cleaned.get(by):
            self.add_error(text, "Say what you will have done by then.")

    def _nothing(self, name: str) -> Any:
        if name.startswith("milestone_"):
            return None if name.endswith("_by") else ""
        return super()._nothing(name)

    def _typed_wrong(self) -> dict[str, Any]:
        wrong = super()._typed_wrong()
        if any(name.startswith("milestone_") for name in self.errors):
            # All of them, or the next page would show them in another order.
            numbered = (name for name in self.fields if name.startswith("milestone_"))
            wrong |= {name: self._typed(name) for name in numbered}
        return wrong


def _milestone_fields(number: int) -> dict[str, forms.Field]:
    return {
        f"milestone_{number}_text": line_field("What will you have done?", most=200),
        f"milestone_{number}_by": DatePartsField(
            label="By when?", about="the date", required=False
        ),
    }


def _check_ahead(
    form: forms.Form, cleaned: dict[str, Any], name: str, *, missing: str
) -> None:
    """Ask for a date that is not past and not far away."""
    if name not in cleaned:
        return  # It is wrong by itself already.
    today = timezone.localdate()
    if cleaned[name] is None:
        form.add_error(name, missing)
    elif cleaned[name] < today:
        form.add_error(name, "The date must be today or later.")
    elif cleaned[name] > today + timedelta(days=366 * YEARS_AHEAD):
        form.add_error(name, f"The date must be within {YEARS_AHEAD} years.")


PAGE_FORMS: dict[str, type[PageForm]] = {
    "organisation": OrganisationForm,
    "serves": ServesForm,
    "people": PeopleForm,
    "commitment": CommitmentForm,
}
