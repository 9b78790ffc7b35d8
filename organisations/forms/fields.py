"""Widgets, fields and layout that every form of the site shares.

How they look is the business of templates/fourpi/; what a form asks and checks
is the business of each app's own forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError


EARLIEST_YEAR = 1900
# What is typed for a month is said again, and no more of it than a month is long.
TYPED_SHOWN = 20
DATE_PARTS = ("day", "month", "year")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# What turns the direction of words that are not its own, and what no screen shows.
# The marks that scripts are written with stay: U+200C to U+200F, and U+061C.
TURNING = "\u202a-\u202e\u2066-\u206f"
CONTROLS = "\x01-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb"
UNSEEN = re.compile(f"[{CONTROLS}{TURNING}]")
# In a name they hide what is between them; a paragraph may break its lines with them.
UNSEEN_IN_A_LINE = re.compile("[\xad\u180e\u200b\u2060-\u2064\ufeff]")
LINE_ENDS = re.compile("\\s*[\n\x0b\x0c\x1c-\x1f\x85\u2028\u2029]\\s*")
LEADING_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


# Django's own sentences name what no page ever offered.
for _field in (forms.ChoiceField, forms.MultipleChoiceField):
    _field.default_error_messages = {
        **_field.default_error_messages,
        "invalid_choice": "Choose from the list.",
    }


class Radios(forms.RadioSelect):
    """Radios, each with its own hint, and a divider before the odd ones out."""

    def __init__(
        self,
        *,
        hints: Mapping[str, str] | None = None,
        divider_before: str | None = None,
        divider: str = "or",
        is_small: bool = False,
        is_inline: bool = False,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.hints = dict(hints or {})
        self.divider_before = divider_before
        self.divider = divider
        self.is_small = is_small
        self.is_inline = is_inline


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes, each with its own hint."""

    def __init__(
        self,
        *,
        hints: Mapping[str, str] | None = None,
        is_small: bool = False,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.hints = dict(hints or {})
        self.is_small = is_small


class Paragraphs(forms.Textarea):
    """A textarea that counts, where there is a limit and a script."""

    class Media:
        js = (forms.Script("js/character_count.js", defer=True),)

    def __init__(self, *, rows: int = 5, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": rows} | (attrs or {}))


class DateParts(forms.MultiWidget):
    """Day, month and year in three inputs: nobody has to know a format."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(attrs={"inputmode": "numeric"}) for name in DATE_PARTS
        }
        super().__init__(parts, attrs)

    def decompress(self, value: date | None) -> list[int | None]:
        if value is None:
            return [None, None, None]
        return [value.day, value.month, value.year]


class DatePartsField(forms.MultiValueField):
    """A date typed as three parts; what was typed stays when it is wrong.

    A month may be a number or its name. `about` is what errors call the date.
    """

    widget = DateParts
    default_error_messages = {
        "incomplete_date": "%(About)s must include a %(parts)s.",
        "only_month": "%(About)s must include a day.",
        "unclear_day": "The day of %(about)s must be a number from 1 to 31.",
        "unclear_month": "The month of %(about)s must be its name, or its number "
        "from 1 to 12. We do not know a month called \N{LEFT DOUBLE QUOTATION MARK}"
        "%(typed)s\N{RIGHT DOUBLE QUOTATION MARK}.",
        "impossible": "%(About)s must be a real date, such as 27 March 2026.",
        "short_year": "%(About)s needs a year with 4 numbers, such as 2026.",
        "too_early": "%(About)s must be in %(year)s or later.",
    }

    def __init__(self, *, about: str = "the date", **kwargs: Any) -> None:
        self.about = about
        parts = [forms.CharField(required=False) for _ in range(3)]
        super().__init__(fields=parts, require_all_fields=False, **kwargs)
        self.error_messages["required"] = f"Enter {about}."

    def compress(self, data_list: Sequence[str]) -> date | None:
        if not data_list:
            return None
        day, month, year = data_list[0], _month_number(data_list[1]), data_list[2]
        if faults := list(self._faults(day, month, year)):
            raise ValidationError(faults)
        if int(year) < EARLIEST_YEAR:
            raise self._fault("too_early", year=EARLIEST_YEAR)
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            raise self._fault("impossible") from None

    def _faults(self, *parts: str) -> Iterator[ValidationError]:
        """Say what is missing, and in the same breath what else stands in the way."""
        day, month, year = parts
        is_month = _is_within(month, 12)
        is_year = _is_within(year, 9999) and int(year) >= 100
        named = zip(DATE_PARTS, parts, strict=True)
        missing = [name for name, part in named if not part]
        if missing == ["day"] and is_month and is_year:
            name = MONTHS[int(month) - 1].capitalize()
            yield self._fault("only_month", month=name, year=year)
        elif missing:
            yield self._fault("incomplete_date", parts=" and a ".join(missing))
        if day and not _is_within(day, 31):
            yield self._fault("unclear_day")
        if month and not is_month:
            typed = seen(month, is_one_line=True)[:TYPED_SHOWN]
            yield self._fault("unclear_month", typed=typed)
        if year and not is_year:
            yield self._fault("short_year")

    def _fault(self, code: str, **params: object) -> ValidationError:
        about = {"about": self.about, "About": self.about[:1].upper() + self.about[1:]}
        return ValidationError(
            self.error_messages[code], code=code, params=about | params
        )


def _is_within(part: str, most: int) -> bool:
    return part.isdecimal() and len(part) <= 4 and 1 <= int(part) <= most


def _month_number(month: str) -> str:
    """Turn "March", "mar" or "Sept." into its number, and leave all else as it is."""
    typed = month.strip().rstrip(".").lower()
    found = [name for name in MONTHS if len(typed) >= 3 and name.startswith(typed)]
    return str(MONTHS.index(found[0]) + 1) if found else month


def seen(text: str, *, is_one_line: bool) -> str:
    """Drop what turns the direction of other words or is not seen at all.

    Shape: a line of marks alone, which shows as nothing, is nothing.
    """
    if not is_one_line:
        return UNSEEN.sub("", text)
    text = UNSEEN_IN_A_LINE.sub("", UNSEEN.sub("", LINE_ENDS.sub(" ", text))).strip()
    return text if any(unicodedata.category(each)[0] in "LNPS" for each in text) else ""


def too_long(*, used: int, most: int) -> str:
    """Say how long a text is, how long it may be, and what to do."""
    return (
        f"Use {most:,} characters or fewer. You have used {used:,}. "
        f"Please shorten it by {used - most:,}."
    )


class PlainTextField(forms.CharField):
    """Free text, made the same whatever it was typed on, before it is measured.

    Line ends become LF, letters are composed (NFC), blank lines around the text
    go, and so does what nobody sees: `seen`. Words of a right-to-left script stay as
    typed. What no database can hold is refused in a sentence, never with a crash.
    """

    default_error_messages = {
        "unstorable": (
            "Your text has a character that we cannot store. "
            "It is shown as \N{REPLACEMENT CHARACTER}. Delete it and try again."
        ),
    }

    def __init__(self, *, is_one_line: bool = False, **kwargs: Any) -> None:
        self.is_one_line = is_one_line
        kwargs.setdefault("widget", forms.TextInput() if is_one_line else Paragraphs())
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: object) -> str | None:
        if value in self.empty_values:
            return super().to_python(value)
        text = str(value)
        if UNSTORABLE.search(text):
            raise ValidationError(self.error_messages["unstorable"], code="unstorable")
        text = unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", text))
        text = seen(text, is_one_line=self.is_one_line)
        text = LEADING_BLANK_LINES.sub("", text.rstrip())
        return super().to_python(text)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.max_length is not None and len(value) > self.max_length:
            raise ValidationError(
                too_long(used=len(value), most=self.max_length), code="max_length"
            )

    def bound_data(self, data: object, initial: object) -> object:
        """Show again what was typed, with a mark where it cannot be stored."""
        if not isinstance(data, str):
            return data
        return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", data)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # A maxlength attribute would cut a long paste without a word.
        return {
            name: setting
            for name, setting in super().widget_attrs(widget).items()
            if name != "maxlength"
        }


class VersionField(forms.IntegerField):
    """Which version of what may be changed the page showed. Nobody sees or types it.

    What was lost or damaged on the way is 0, so that it overwrites nothing.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=2**31 - 1, required=False, **kwargs)

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value) or 0
        except ValidationError:
            return 0


class Ask(Field):  # type: ignore[misc]
    """A field in a layout, saying how large its label is and whether it is the h1.

    Layout(Ask("level", size="l", is_heading=True), Ask("reason", size="m"))
    """

    def __init__(
        self, *fields: str, size: str = "s", is_heading: bool = False, **attrs: Any
    ) -> None:
        super().__init__(*fields, **attrs)
        self.shown = {"label_size": size, "label_is_heading": is_heading}

    def render(
        self, form: Any, context: Any, template_pack: Any = None, **kwargs: Any
    ) -> Any:
        extra = {**(kwargs.pop("extra_context", None) or {}), **self.shown}
        return super().render(
            form, context, template_pack or "fourpi", extra_context=extra, **kwargs
        )
