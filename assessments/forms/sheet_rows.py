"""Turn the rows of a spreadsheet into what the question's form takes, cell by cell.

Nothing is guessed: what cannot be read is a fault that names its sheet, row and column.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils.text import get_text_list
from openpyxl.utils import get_column_letter

from assessments.document import (
    ABOUT,
    ANSWERS,
    CODE,
    COLUMNS,
    MARK,
    WORDS,
    About,
    Column,
    read_about,
    read_mark,
)
from assessments.models import Assessment, Response
from assessments.queries import QuestionPage, contents_at
from assessments.rules import ResponseContent

from .response import ResponseForm
from .sheet_file import NO_DATE, Cell, Grid, NotReadable, open_sheets


HEADING_ROWS = 10
NOTHING = Cell()
NO_ANSWER = ResponseContent(state=Response.State.UNANSWERED)
DATE = re.compile(r"(\d+)(?:st|nd|rd|th)?[\s/.,-]+(\w+)[\s/.,-]+(\d+)", re.ASCII)
NOT_OURS = (
    "This is not a spreadsheet that you downloaded here. Download it from this page, "
    "and copy your answers into that."
)


@dataclass(frozen=True)
class Fault:
    """What cannot be read, and where."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


@dataclass(frozen=True)
class SheetRow:
    """What a row says of its standard: as a form sends it, and what that means."""

    code: str
    version: int
    typed: str
    content: ResponseContent


@dataclass(frozen=True)
class SheetRead:
    """`without` are the standards that were left out of the assessment since."""

    rows: tuple[SheetRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    without: tuple[str, ...] = ()


Questions = Mapping[str, QuestionPage]


def read_sheet(
    content: bytes, assessment: Assessment, questions: Questions
) -> SheetRead:
    """Read what somebody filled in.

    Shape: the rows that say something else than what they were made from; or faults.
    Raises: NotReadable when it is not a spreadsheet of this assessment.
    """
    grids = open_sheets(content, {ANSWERS, ABOUT})
    about = _check_belongs(grids.get(ABOUT), assessment)
    if ANSWERS not in grids:
        raise NotReadable(f"There is no sheet called “{ANSWERS}” in this file.")
    reader = _Reader(grids[ANSWERS], about, questions)
    rows = tuple(reader.rows())
    if reader.faults:
        return SheetRead(faults=tuple(reader.faults))
    return SheetRead(_changed(rows, questions), without=tuple(reader.without))


def _changed(rows: Sequence[SheetRow], questions: Questions) -> tuple[SheetRow, ...]:
    """Leave out what nobody filled in, so that it undoes nothing of what others do."""
    responses = {row.code: questions[row.code].response for row in rows}
    before = contents_at({responses[row.code].pk: row.version for row in rows})
    return tuple(row for row in rows if _is_changed(row, questions[row.code], before))


def _is_changed(
    row: SheetRow, question: QuestionPage, before: Mapping[int, ResponseContent]
) -> bool:
    if row.version == question.response.version:
        return row.content != question.content
    was = before.get(question.response.pk) if row.version else NO_ANSWER
    if was is None:
        return True
    # Finishing a whole principle leaves no version of its own.
    said = row.content
    was = replace(was, is_finished=said.is_finished, is_later=said.is_later)
    return was != said


def _check_belongs(sheet: Grid | None, assessment: Assessment) -> About:
    first = sheet.cells.get(1, {}).get(1, NOTHING) if sheet else NOTHING
    about = read_about(str(first.value))
    if about is None:
        raise NotReadable(NOT_OURS)
    if about.edition != assessment.edition.version:
        raise NotReadable(
            f"This spreadsheet was made from edition {about.edition} of the standards. "
            f"This assessment uses edition {assessment.edition.version}. Download it "
            "again."
        )
    if about.assessment != str(assessment.public_id):
        raise NotReadable(
            f"This spreadsheet is of another assessment. This one is {assessment}, of "
            f"{assessment.organisation}."
        )
    return about


class _Reader:
    """Reads one sheet, and notes as it goes what it cannot read."""

    def __init__(self, grid: Grid, about: About, questions: Questions) -> None:
        self.grid = grid
        self.about = about
        self.questions = questions
        self.faults = [
            Fault(
                f"{ANSWERS}, {place}",
                "These cells are merged. Take the merge apart, so that each has its own.",
            )
            for place in grid.merged
        ]
        self.without: list[str] = []
        self.heading_row, self.places = self._headings()

    def _headings(self) -> tuple[int, dict[str, int]]:
        """Find each heading's column, wherever it was moved to."""
        for row in range(1, HEADING_ROWS + 1):
            cells = self.grid.cells.get(row, {})
            places = {_same(_text(cell)): column for column, cell in cells.items()}
            if _same(CODE) in places:
                return row, places
        return 0, {}

    def rows(self) -> Iterator[SheetRow]:
        missing = [c.heading for c in COLUMNS if _same(c.heading) not in self.places]
        if not self.places:
            missing = [CODE]
        if missing:
            named = get_text_list([f"“{heading}”" for heading in missing], "and")
            self._fault(
                max(self.heading_row, 1),
                f"There is no column with the heading {named}.",
            )
            return
        seen: dict[str, int] = {}
        for row in sorted(self.grid.cells):
            code = self._code(row, seen) if row > self.heading_row else ""
            if code:
                seen[code] = row
                yield from self._row(row, code)
        self._check_none_missing(seen)

    def _code(self, row: int, seen: Mapping[str, int]) -> str:
        """Find whose row it is; empty where there is nothing to read."""
        cell = self._cell(row, CODE)
        code = _text(cell).strip().upper()
        if code in self.questions and code not in seen:
            return code
        if code in seen:
            self._fault(row, f"{code} stands in row {seen[code]} already.", CODE)
        elif code in self.about.codes:
            # Left out of the assessment since.
            self.without.append(code)
        elif code or cell.fault:
            said = cell.fault or f"There is no standard “{code[:20]}” here."
            self._fault(row, said, CODE)
        elif any(self._cell(row, c.heading) != NOTHING for c in COLUMNS):
            self._fault(row, "The code of the standard is missing.", CODE)
        return ""

    def _check_none_missing(self, seen: Mapping[str, int]) -> None:
        # Not those that came into the assessment since.
        asked = (code for code in self.about.codes if code in self.questions)
        missing = [code for code in asked if code not in seen]
        if missing:
            noun = "the row of" if len(missing) == 1 else "the rows of"
            self.faults.append(
                Fault(
                    ANSWERS,
                    f"We miss {noun} {get_text_list(missing, 'and')}. To leave an answer "
                    "as it is, leave its row as it was.",
                )
            )

    def _row(self, row: int, code: str) -> Iterator[SheetRow]:
        question, version = self.questions[code], self._version(row, code)
        typed = QueryDict(mutable=True)
        typed["version"] = str(version)
        unread = set()
        for column in COLUMNS:
            try:
                typed.update(self._read(row, column, question))
            except ValueError as fault:
                unread.add(column.field)
                self._fault(row, str(fault), column.heading, code)
        form = ResponseForm(typed, page=question)
        if form.is_valid() and not unread:
            yield SheetRow(code, version, typed.urlencode(), form.content())
        self._note_faults(row, code, form, unread)

    def _note_faults(
        self, row: int, code: str, form: ResponseForm, unread: Collection[str]
    ) -> None:
        """Say of a row what the page of its standard would say.

        Shape: not of a cell that could not be read, which the form takes for empty.
        """
        headings = {column.field: column.heading for column in COLUMNS}
        for field, sentences in form.errors.items():
            for sentence in sentences if field not in unread else ():
                self._fault(row, str(sentence), headings.get(field, ""), code)

    def _version(self, row: int, code: str) -> int:
        """Read which version a row was made from.

        Shape: 0 where that was lost, so that nothing can be overwritten unseen.
        """
        mark = read_mark(_text(self._cell(row, MARK)))
        if mark and mark.assessment != self.about.assessment:
            self._fault(
                row, "This row was copied from the spreadsheet of another assessment."
            )
        return mark.version if mark and mark.code == code else 0

    def _read(self, row: int, column: Column, question: QuestionPage) -> dict[str, str]:
        """Read one cell.

        Raises: ValueError with a sentence.
        """
        cell = self._cell(row, column.heading)
        if cell.fault:
            raise ValueError(cell.fault)
        if column.is_date:
            return _date(cell, column.field)
        if column.field == "choice":
            return {column.field: _choice(_text(cell), question)}
        if column.choices:
            return {column.field: _listed(_text(cell), column)}
        if isinstance(cell.value, date):
            raise ValueError(
                "The spreadsheet made a date of this. Format the cell as text, and put "
                "it in again."
            )
        return {column.field: _text(cell)}

    def _cell(self, row: int, heading: str) -> Cell:
        place = self.places.get(_same(heading), 0)
        return self.grid.cells.get(row, {}).get(place, NOTHING)

    def _place(self, row: int, heading: str = "", code: str = "") -> str:
        """Say where a cell is, as people find it."""
        parts = [ANSWERS, f"row {row} ({code})" if code else f"row {row}"]
        if column := self.places.get(_same(heading)):
            parts.append(f"column {get_column_letter(column)} “{heading}”")
        return ", ".join(parts)

    def _fault(
        self, row: int, sentence: str, heading: str = "", code: str = ""
    ) -> None:
        self.faults.append(Fault(self._place(row, heading, code), sentence))


def _text(cell: Cell) -> str:
    """Give what a cell holds in the way it is read; a whole number without its point."""
    value = cell.value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _same(words: str) -> str:
    """Make words the same however they were typed."""
    plain = words.replace("’", "'").replace("‘", "'").replace("\xa0", " ")
    return " ".join(plain.casefold().split())


def _choice(typed: str, question: QuestionPage) -> str:
    """Read a level, typed as its number, its word or both, or another answer."""
    words = _same(typed)
    if not words:
        return ""
    for choice in question.choices:
        word = _same(choice.word)
        alike = rf"(level )?{choice.value}(\.0)?([\s:.–-]*{re.escape(word)})?"
        if words == word or re.fullmatch(alike, words):
            return str(choice.value)
    if words == _same(str(Response.State.DONT_KNOW.label)):
        return str(Response.State.DONT_KNOW)
    if words == _same(str(Response.State.NOT_APPLICABLE.label)):
        if question.standard.is_core:
            raise ValueError("This is a core standard. It always applies.")
        return str(Response.State.NOT_APPLICABLE)
    raise ValueError(f"“{typed[:40]}” is not one of the answers in the list.")


def _listed(typed: str, column: Column) -> str:
    """Read one of the words of a column's list."""
    words = _same(typed)
    # As the spreadsheet had it before it could say "for later".
    if not words or (column.choices == "finished" and words == "no"):
        return ""
    for value, word in WORDS[column.choices].items():
        if words == _same(word):
            return _as_posted(column.field, value)
    raise ValueError(f"“{typed[:40]}” is not one of the words in the list.")


def _as_posted(field: str, value: str) -> str:
    """Say yes and no as the boxes of the form do."""
    if field.endswith("_is_public"):
        return "on" if value == "yes" else ""
    return value


def _date(cell: Cell, field: str) -> dict[str, str]:
    """Read a date, or words that say one; whether there is such a day the form asks."""
    day = cell.value
    if isinstance(day, float):
        # Not shown as a date: a year, perhaps.
        raise ValueError(NO_DATE)
    if isinstance(day, date):
        parts = [str(day.day), str(day.month), str(day.year)]
    elif not day.strip():
        return {}
    else:
        parts = _date_parts(day.strip())
    names = (f"{field}_{part}" for part in ("day", "month", "year"))
    return dict(zip(names, parts, strict=True))


def _date_parts(words: str) -> list[str]:
    found = DATE.fullmatch(words)
    if found is None:
        raise ValueError(NO_DATE)
    parts = list(found.groups())
    # As the machines write it: 2026-03-27.
    return parts[::-1] if len(parts[0]) == 4 else parts
