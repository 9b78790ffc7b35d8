"""The boxes of a piece of evidence, three of them for each standard."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

from django import forms
from django.core.validators import URLValidator

from assessments.models import Evidence
from organisations.forms import DatePartsField, Paragraphs, PlainTextField, seen


PIECES = 3
TITLE_LENGTH = 200
# How much of a note stands for a title.
FIRST_WORDS = 60
# A page made by hand may send more; they are shown again with the reason.
MOST_PIECES_SHOWN = 10
TOO_MANY = f"You can give {PIECES} pieces of evidence at most."


class LinkField(forms.URLField):
    """A link to the web, and to nothing else that an address can name.

    A blank within it, as names of files have, is written as browsers write it.
    """

    default_validators = [URLValidator(schemes=["http", "https"])]

    def to_python(self, value: object) -> str | None:
        if isinstance(value, str):
            value = re.sub(r"\s", _encoded, value.strip())
        return super().to_python(value)


def _encoded(blank: re.Match[str]) -> str:
    return quote(blank[0])


EVIDENCE_HEADING = """
<h2 class="govuk-heading-m" id="evidence">What shows this?</h2>
<p class="govuk-body">Up to three pieces of evidence. A link or a note is enough.
<strong>Keep people safe:</strong> leave out names, and anything that could tell readers
who somebody is. This holds for private evidence too.</p>
"""

SHORT_EVIDENCE_HEADING = """
<h3 class="govuk-heading-s" id="evidence-{code}">What shows this?</h3>
<p class="govuk-hint">Up to three pieces. Each time you save, there is room for another.</p>
"""

EVIDENCE_FIELDS = (
    *("title", "type", "link", "dated_on", "note", "cqc_category", "is_public"),
)
NO_NAMES = "No names, please, and nothing that tells who somebody is."


def evidence_fields(number: int) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "title": PlainTextField(
            label="Title (optional)",
            help_text="Without one we use where the link leads, or the first words of the "
            "note. No names, please.",
            is_one_line=True,
            max_length=TITLE_LENGTH,
            required=False,
        ),
        "type": forms.TypedChoiceField(
            label="What kind of evidence is it?",
            choices=Evidence.Type.choices,
            empty_value=Evidence.Type.DOCUMENT,
            required=False,
            error_messages={"invalid_choice": "Choose one of the kinds of evidence."},
        ),
        "link": LinkField(
            label="Link (optional)",
            help_text="A web address that starts with https://. We do not open it, "
            "so check that it works.",
            max_length=500,
            required=False,
            assume_scheme="https",
            error_messages={
                "invalid": f"The link of evidence {number} must be a web address "
                "that starts with https:// or http://. What is not on the web can be "
                "named in the note."
            },
            widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
        ),
        "dated_on": DatePartsField(
            label="What date is it from? (optional)",
            help_text="Day, month and year. If you know the month alone, say it in the note "
            "instead. After 24 months we mark it as old.",
            required=False,
            about=f"the date of evidence {number}",
            error_messages={
                "incomplete_date": "%(About)s must include a %(parts)s. If you do not "
                "know it, leave the date empty and say in the note what you know.",
                "only_month": "%(About)s must include a day: we keep whole dates only. "
                "Add the day. If you do not know it, empty the month and the year, and "
                "write “%(month)s %(year)s” in the note.",
            },
        ),
        "note": PlainTextField(
            label="Note (optional)",
            help_text=NO_NAMES,
            max_length=1_000,
            required=False,
            widget=Paragraphs(rows=3),
        ),
        "cqc_category": forms.ChoiceField(
            label="CQC evidence category (optional)",
            help_text="For organisations that the Care Quality Commission regulates.",
            choices=[("", "None"), *Evidence.CqcCategory.choices],
            required=False,
            error_messages={"invalid_choice": "Choose one of the CQC categories."},
        ),
        "is_public": forms.BooleanField(
            label="Public: people outside our organisation may see this",
            help_text="Without a tick it is private. Only reports for people inside our "
            "organisation hold private evidence. The public register holds no evidence.",
            required=False,
        ),
    }
    return {f"evidence_{number}_{name}": field for name, field in fields.items()}


def evidence_names(number: int) -> list[str]:
    """Name the boxes of a piece, in their order."""
    return [f"evidence_{number}_{name}" for name in EVIDENCE_FIELDS]


def typed_names(number: int) -> list[str]:
    """Name the boxes of a piece that are empty until somebody types or chooses."""
    return [
        name
        for name in evidence_names(number)
        if not name.endswith(("_type", "_is_public"))
    ]


def is_typed(number: int, cleaned: dict[str, Any]) -> bool:
    """Tell whether a piece holds anything but its defaults."""
    return any(
        cleaned.get(f"evidence_{number}_{name}")
        for name in ("title", "link", "dated_on", "note", "cqc_category")
    )


def title_from(note: str, link: str) -> str:
    """Call a piece of evidence by its link's host, or by the first words of its note.

    Shape: empty where there is neither.
    """
    if host := _host_of(link):
        return host
    for line in note.splitlines():
        if words := seen(line, is_one_line=True):
            return _first_words(words)
    return ""


def _host_of(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")[:TITLE_LENGTH]
    except ValueError:
        # Not an address at all, such as "https://[".
        return ""


def _first_words(line: str) -> str:
    if len(line) <= FIRST_WORDS:
        return line
    whole, _, _ = line[:FIRST_WORDS].rpartition(" ")
    return f"{whole or line[:FIRST_WORDS]}…"


def holds_text(value: Any) -> bool:
    return any(value) if isinstance(value, list | tuple) else bool(value)
