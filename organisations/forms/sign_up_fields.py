"""Fields of an organisation's entry: codes, addresses, lines and choices."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from .fields import PlainTextField, Radios, seen


# Source: NHS Data Dictionary, organisation codes; since October 2020 new ones are
# five letters and numbers by turns, and the older, of three to nine, stay.
ODS_CODE = re.compile(r"[A-Z0-9]{3,9}")
# England and Wales, with a linked charity's number; Scotland; Northern Ireland.
CHARITY_NUMBER = re.compile(r"[1-9]\d{5,6}(-\d{1,3})?|SC\d{6}|NIC\d{6}", re.ASCII)


class CodeField(forms.CharField):
    """A code that people type with spaces, small letters, or O for 0."""

    def __init__(self, form_of: re.Pattern[str], *, wrong: str, **kwargs: Any) -> None:
        self.form_of, self.wrong = form_of, wrong
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value: object) -> str:
        return "".join(str(super().to_python(value) or "").split()).upper()

    def validate(self, value: str) -> None:
        if value and not self.form_of.fullmatch(value):
            raise ValidationError(self.wrong, code="form")


class CharityNumberField(CodeField):
    def to_python(self, value: object) -> str:
        return re.sub(r"^SCO", "SC0", super().to_python(value))


def ods_code_field(label: str) -> CodeField:
    return CodeField(
        ODS_CODE,
        label=label,
        help_text="NHS bodies and many services have one, such as RXY.",
        wrong="An ODS code has 3 to 9 letters and numbers, such as RXY.",
    )


def charity_number_field(label: str) -> CharityNumberField:
    return CharityNumberField(
        CHARITY_NUMBER,
        label=label,
        help_text="Such as 1234567, SC012345 or NIC123456.",
        wrong=(
            "A charity number has 6 or 7 numbers, such as 1234567. In Scotland it is "
            "SC and 6 numbers, in Northern Ireland NIC and 6 numbers."
        ),
    )


class WebsiteField(forms.URLField):
    """A page of the web, also when it is typed without its beginning."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "url", "spellcheck": "false"})
        wrong = {"invalid": "Enter a web address, such as www.example.org."}
        super().__init__(
            assume_scheme="https", widget=widget, error_messages=wrong, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(seen(str(value or ""), is_one_line=True))


class AddressField(forms.EmailField):
    """An email address in small letters."""

    def __init__(self, *, required_text: str, autocomplete: str, **kwargs: Any) -> None:
        attrs = {"autocomplete": autocomplete, "spellcheck": "false"}
        super().__init__(
            max_length=254,
            widget=forms.EmailInput(attrs=attrs),
            error_messages={
                "required": required_text,
                "invalid": "Enter an email address, such as name@example.org.",
                "max_length": "This email address is too long.",
            },
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        return str(super().clean(value)).lower()


def line_field(
    label: str, *, most: int, missing: str = "", **kwargs: Any
) -> PlainTextField:
    return PlainTextField(
        label=label,
        is_one_line=True,
        max_length=most,
        required=bool(missing),
        error_messages={"required": missing} if missing else None,
        **kwargs,
    )


def choice_field(
    label: str, choices: Any, missing: str, **kwargs: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=Radios(**kwargs),
        error_messages={"required": missing, "invalid_choice": missing},
    )
