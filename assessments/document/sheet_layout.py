"""How the spreadsheet of an assessment is laid out: for who writes it and who reads it.

What must come back as it went is signed: a cell that a spreadsheet counted on by
itself is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing

from assessments.models import Assessment, Evidence, Response
from assessments.queries import QuestionPage


ANSWERS, GUIDE, LEVELS = "Our answers", "How to fill it in", "What the levels mean"
LISTS, ABOUT = "Lists", "About"
SALT = "assessments.sheet"
# Another number when a sheet of an older layout could no longer be read.
LAYOUT = "1"
PIECES = 3
CODE, MARK = "Code", "Do not change"
YES, NO, LATER = "Yes", "No", "For later"


@dataclass(frozen=True)
class Column:
    """A column that people fill in; `field` is its box on the question's page."""

    field: str
    heading: str
    width: int
    # The list that its cells are chosen from; empty for free text and dates.
    choices: str = ""
    is_date: bool = False


@dataclass(frozen=True)
class Mark:
    """What a row was made from."""

    assessment: str
    code: str
    version: int


def _piece(number: int) -> tuple[Column, ...]:
    field, heading = f"evidence_{number}_", f"Evidence {number}"
    return (
        Column(f"{field}title", f"{heading}: title", 32),
        Column(f"{field}type", f"{heading}: kind", 24, "type"),
        Column(f"{field}link", f"{heading}: link", 30),
        Column(f"{field}dated_on", f"{heading}: date", 14, is_date=True),
        Column(f"{field}note", f"{heading}: note", 40),
        Column(f"{field}cqc_category", f"{heading}: CQC category", 26, "cqc_category"),
        Column(f"{field}is_public", f"{heading}: public?", 11, "yes_or_no"),
    )


COLUMNS = (
    Column("choice", "Where are you now?", 24, "choice"),
    Column("not_applicable_because", "If it does not apply, why?", 26, "because"),
    Column("reason", "In a sentence or two, why?", 60),
    *(column for number in range(1, PIECES + 1) for column in _piece(number)),
    Column("is_finished", "Finished?", 11, "finished"),
)
# What people read and do not fill in, before those; the mark comes last.
FIXED = ((CODE, 8), ("Standard", 26), ("What it says", 46))


def choices_of(question: QuestionPage) -> tuple[str, ...]:
    """Name what may be chosen for a standard, in words, as its page does."""
    levels = (f"{choice.value} {choice.word}" for choice in question.choices)
    others = [str(Response.State.DONT_KNOW.label)]
    if not question.standard.is_core:
        others.append(str(Response.State.NOT_APPLICABLE.label))
    return (*levels, *others)


# Each list by its name: what is stored, and the words for it.
WORDS: dict[str, dict[str, str]] = {
    "because": {value: str(label) for value, label in Response.NotApplicable.choices},
    "type": {value: str(label) for value, label in Evidence.Type.choices},
    "cqc_category": {
        value: str(label) for value, label in Evidence.CqcCategory.choices
    },
    "yes_or_no": {"yes": YES, "no": NO},
    "finished": {"yes": YES, "later": LATER},
}

# What XML cannot hold stands as _x000B_, and so what looks like that already, too.
# Source: ECMA-376, part 1, 22.9.2.19 (ST_Xstring).
_UNHOLDABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)", re.ASCII
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped(text: str) -> str:
    """Write text as a cell holds it."""
    return _UNHOLDABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def without_unholdable(text: str) -> str:
    """Put a mark in place of each character that a cell cannot hold as it is."""
    return _UNHOLDABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def unescaped(text: str) -> str:
    """Read text as a cell holds it."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


@dataclass(frozen=True)
class About:
    """What a whole spreadsheet was made from."""

    assessment: str
    edition: str
    codes: tuple[str, ...]


def about(assessment: Assessment, questions: Sequence[QuestionPage]) -> str:
    """Sign what a whole spreadsheet was made from."""
    codes = ",".join(question.standard.code for question in questions)
    edition = assessment.edition.version
    return _signed(" ".join([LAYOUT, str(assessment.public_id), codes, edition]))


def read_about(cell: str) -> About | None:
    """Read what a spreadsheet was made from.

    Shape: None when it is none of ours, or of a layout that is no longer read.
    """
    layout, *rest = _unsigned(cell).split(" ", 3)
    if layout != LAYOUT:
        return None
    assessment, codes, edition = rest
    return About(assessment, edition, tuple(codes.split(",")))


def mark(assessment: Assessment, question: QuestionPage) -> str:
    """Sign what a row was made from."""
    code, version = question.standard.code, question.response.version
    return _signed(f"{assessment.public_id} {code} {version}")


def read_mark(cell: str) -> Mark | None:
    """Read what a row was made from; None when its mark is gone or was changed."""
    parts = _unsigned(cell).split(" ")
    if len(parts) != 3:
        return None
    return Mark(parts[0], parts[1], int(parts[2]))


def _signed(words: str) -> str:
    return signing.Signer(salt=SALT).sign(words)


def _unsigned(cell: str) -> str:
    try:
        return signing.Signer(salt=SALT).unsign(cell.strip())
    except signing.BadSignature:
        return ""
