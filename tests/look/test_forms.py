"""The fields that every form shares: what they accept, change and refuse."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError

from organisations.forms import DatePartsField, PlainTextField
from organisations.forms.sign_up_fields import WebsiteField


class EvidenceForm(forms.Form):
    note = PlainTextField(max_length=10, required=False)
    dated_on = DatePartsField(required=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\r\n \n  indented\n\n", "  indented"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
        (" \n\t\n ", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_plain_text_is_the_same_whatever_typed_it(typed: str | None, kept: str) -> None:
    assert PlainTextField(required=False).clean(typed) == kept


def test_plain_text_on_one_line_has_no_line_ends() -> None:
    assert PlainTextField(is_one_line=True).clean(" one \r\n two ") == "one two"


HEBREW = "\u05e9\u05dc\u05d5\u05dd"


@pytest.mark.parametrize(
    ("typed", "line", "text"),
    [
        ("\u202eeciffo\u202c Ltd\u2066\u2069", "eciffo Ltd", "eciffo Ltd"),
        ("A\x07\x9bb\u2028c", "Ab c", "Ab\u2028c"),
        ("Ri\u200bver\ufeffsi\xadde", "Riverside", "Ri\u200bver\ufeffsi\xadde"),
        # What scripts are written with stays as typed.
        (f"{HEBREW}\u200f (NHS)", f"{HEBREW}\u200f (NHS)", f"{HEBREW}\u200f (NHS)"),
        ("\u0645\u06cc\u200c\u062e", *["\u0645\u06cc\u200c\u062e"] * 2),
        ("\u200b\u200e \u200d", "", "\u200b\u200e \u200d"),
    ],
)
def test_plain_text_drops_what_turns_or_hides_words(typed, line, text) -> None:
    assert PlainTextField(is_one_line=True, required=False).clean(typed) == line
    assert PlainTextField(required=False).clean(typed) == text


def test_a_website_drops_what_turns_words() -> None:
    typed = "www.example.org/\u202eslitu"
    assert WebsiteField().clean(typed) == "https://www.example.org/slitu"


def test_plain_text_is_measured_after_it_is_made_the_same() -> None:
    field = PlainTextField(max_length=5)

    assert field.clean("ab\r\ncd\r\n") == "ab\ncd"
    with pytest.raises(ValidationError, match="Use 5 characters or fewer"):
        field.clean("abcdef")


def test_required_plain_text_refuses_blank_lines() -> None:
    with pytest.raises(ValidationError) as refusal:
        PlainTextField().clean(" \r\n ")

    assert refusal.value.code == "required"


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_plain_text_refuses_what_cannot_be_stored_and_shows_it(character: str) -> None:
    form = EvidenceForm({"note": f"ab{character}c"})

    assert "cannot store" in form.errors["note"][0]
    page = str(form["note"]).encode()
    assert "ab\N{REPLACEMENT CHARACTER}c".encode() in page


def test_plain_text_never_cuts_a_paste_without_a_word() -> None:
    assert "maxlength" not in str(EvidenceForm()["note"])


def _date(day: str, month: str, year: str) -> EvidenceForm:
    return EvidenceForm(
        {"dated_on_day": day, "dated_on_month": month, "dated_on_year": year}
    )


def test_date_parts_make_a_date() -> None:
    form = _date(" 27", "3", "2026")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["dated_on"] == date(2026, 3, 27)


@pytest.mark.parametrize("month", ["March", "mar", "MARCH", " Marc."])
def test_date_parts_take_the_name_of_a_month(month: str) -> None:
    form = _date("27", month, "2026")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["dated_on"] == date(2026, 3, 27)


def test_date_parts_may_be_empty_when_not_required() -> None:
    form = _date("", "", "")

    assert form.is_valid()
    assert form.cleaned_data["dated_on"] is None


UNKNOWN = (
    "The month of the date must be its name, or its number from 1 to 12. "
    "We do not know a month called “{}”."
)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("31", "2", "2026"), "The date must be a real date, such as 27 March 2026."),
        (("1_0", "3", "2026"), "The day of the date must be a number from 1 to 31."),
        (("0", "3", "2026"), "The day of the date must be a number from 1 to 31."),
        (("27", "3", "20260"), "The date needs a year with 4 numbers, such as 2026."),
        (("27", "Marsh", "2026"), UNKNOWN.format("Marsh")),
        (("27", "13", "2026"), UNKNOWN.format("13")),
        (("27", "x" * 30, "2026"), UNKNOWN.format("x" * 20)),
        (("", "Sept.", "2026"), "The date must include a day."),
        (("27", "", "2026"), "The date must include a month."),
        (("27", "", ""), "The date must include a month and a year."),
        (("27", "3", "26"), "The date needs a year with 4 numbers, such as 2026."),
        (("27", "3", "1899"), "The date must be in 1900 or later."),
        (("27", "3", "\x00"), "Null characters are not allowed."),
    ],
)
def test_date_parts_say_what_is_wrong_and_keep_it(
    parts: tuple[str, str, str], message: str
) -> None:
    form = _date(*parts)

    assert form.errors["dated_on"] == [message]
    for part in parts:
        assert not part or f'value="{part}"' in str(form["dated_on"])


def test_date_parts_say_all_that_is_wrong_at_once() -> None:
    assert _date("40", "<b>", "26").errors["dated_on"] == [
        "The day of the date must be a number from 1 to 31.",
        UNKNOWN.format("<b>"),
        "The date needs a year with 4 numbers, such as 2026.",
    ]
    assert "<b>" not in str(_date("", "<b>", "2026").errors)


def test_required_date_parts_ask_for_the_date() -> None:
    with pytest.raises(ValidationError, match="Enter the date"):
        DatePartsField().clean(["", "", ""])


def test_date_parts_show_a_date_that_was_saved() -> None:
    form = EvidenceForm(initial={"dated_on": date(2026, 3, 27)})

    shown = str(form["dated_on"])
    assert all(f'value="{part}"' in shown for part in ("27", "3", "2026"))
