"""What is asked of who invites, joins, or changes somebody's role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from organisations.access import role_sentences
from organisations.models import Membership, Organisation, User

from .fields import Ask, PlainTextField, Radios


Role = Membership.Role
NAME_LENGTH = 100


def _role_hints(roles: Sequence[Role]) -> dict[str, str]:
    """Say what each role may do, from the one that may least; the next adds to it."""
    hints: dict[str, str] = {}
    said: dict[str, tuple[str, ...]] = {}
    for role in roles:
        sentences = role_sentences(role)
        less = next((r for r in reversed(said) if {*said[r]} <= {*sentences}), None)
        like = [f"The same as a {Role(less).label.lower()}."] if less else []
        more = [f"They {s}." for s in sentences if not less or s not in said[less]]
        hints[role] = " ".join([*like, *more])
        said[role] = sentences
    return hints


class RoleField(forms.ChoiceField):
    """One role of those that may be given, each with what it allows."""

    def __init__(self, *, label: str, roles: Sequence[Role]) -> None:
        super().__init__(
            label=label,
            choices=[(role.value, role.label) for role in roles],
            initial=None,
            widget=Radios(hints=_role_hints(roles)),
            error_messages={
                "required": "Choose what they can do.",
                "invalid_choice": "Choose one of the roles.",
            },
        )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="Their email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their email address.",
            "invalid": "Enter an email address, such as name@example.org.",
        },
    )
    role = RoleField(
        label="What should they be able to do?",
        roles=(Role.VIEWER, Role.CONTRIBUTOR, Role.LEAD, Role.CO_LEAD),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("email", Ask("role", size="m"))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class ChangeRoleForm(forms.Form):
    role = RoleField(
        label="What should they be able to do?",
        roles=(Role.VIEWER, Role.CONTRIBUTOR, Role.CO_LEAD),
    )
    before = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("role", size="m"), "before")


class OfferForm(forms.Form):
    """Who gets the lead, and what whoever offers it becomes."""

    SHARE, HAND_OVER = "share", "hand_over"

    person = forms.ChoiceField(
        label="To whom?",
        widget=Radios(),
        error_messages={
            "required": "Choose a person.",
            "invalid_choice": "Choose one of the people.",
        },
    )
    how = forms.ChoiceField(
        label="What about you?",
        choices=[
            (SHARE, "I keep my role"),
            (HAND_OVER, "I hand the lead over"),
        ],
        widget=Radios(
            hints={
                SHARE: "You both look after this organisation.",
                HAND_OVER: "You become a contributor when they say yes.",
            }
        ),
        error_messages={
            "required": "Choose what becomes of your role.",
            "invalid_choice": "Choose what becomes of your role.",
        },
    )

    def __init__(
        self, *args: Any, people: Sequence[Membership], is_lead: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [(str(m.user.public_id), str(m.user)) for m in people]
        if not is_lead:
            how = self.fields["how"]
            assert isinstance(how, forms.ChoiceField)
            how.choices = [(self.SHARE, "I keep my role")]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("person", size="m"), Ask("how", size="m"))


class JoinForm(forms.Form):
    """The account of somebody who joins for the first time."""

    name = PlainTextField(
        label="Your name",
        help_text="The people of your organisation will see it.",
        is_one_line=True,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    password = forms.CharField(
        label="Choose a password",
        help_text="12 characters or more. Three or four words together work well.",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    def __init__(
        self, *args: Any, email: str, organisation: Organisation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.organisation = organisation
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "password" in cleaned:
            somebody = User(email=self.email, name=cleaned.get("name", ""))
            somebody.joining = self.organisation
            try:
                validate_password(cleaned["password"], somebody)
            except ValidationError as faults:
                self.add_error("password", faults)
        return cleaned
