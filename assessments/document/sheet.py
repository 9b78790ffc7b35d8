"""Write an assessment as a spreadsheet that people fill in without a connection."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessments.models import Assessment, Response
from assessments.queries import QuestionPage

from .cells import LONGEST, put, put_headings
from .sheet_layout import (
    ABOUT,
    ANSWERS,
    COLUMNS,
    FIXED,
    GUIDE,
    LATER,
    LEVELS,
    LISTS,
    MARK,
    NO,
    WORDS,
    YES,
    Column,
    about,
    choices_of,
    escaped,
    mark,
)


FIXED_FILL = PatternFill("solid", fgColor="F3EBE2")
BOLD = Font(name="Calibri", bold=True)
FIRST = 2

GUIDANCE = (
    "How to fill it in",
    (
        "Fill in the sheet “Our answers”, one row for each standard. Then upload the file "
        "on the page where you downloaded it. You see every change before it is saved."
    ),
    (
        "“Where are you now?”: choose from the list, or type the number of the level. "
        "“What the levels mean” says what each level is for each standard."
    ),
    (
        "“If it does not apply, why?”: only for “Does not apply”. Then say more in the next "
        "column. A core standard always applies."
    ),
    (
        "Dates: day, month, year, such as 27/3/2026. If you know the month alone, say it in "
        "the note."
    ),
    (
        "Up to three pieces of evidence for each standard. A link or a note is enough: without "
        "a title we use where the link leads, or the first words of the note. Leave out names, "
        "and anything that could tell readers who somebody is."
    ),
    (
        "Leave the rows, the codes and the headings as they are. You can sort the rows. No "
        "formulas and no merged cells, please."
    ),
    (
        "An empty cell empties the answer on the site, too. A row that you do not change "
        "changes nothing there, whatever others have saved meanwhile."
    ),
    "Each download is for one assessment, and for the answers as they were then.",
)


class CannotHold(Exception):
    """A spreadsheet cannot hold a text of ours; a sentence for the person."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"The answer to {code} has characters that a spreadsheet cannot hold. "
            "Take them out on its own page, then download it again."
        )


def write_sheet(assessment: Assessment, questions: Sequence[QuestionPage]) -> bytes:
    """Write the spreadsheet of an assessment as it stands.

    Raises: CannotHold.
    """
    workbook = Workbook()
    lists = _Lists(workbook.create_sheet(LISTS))
    sheet = workbook.worksheets[0]
    sheet.title = ANSWERS
    _head(sheet, [*FIXED, *((c.heading, c.width) for c in COLUMNS), (MARK, 10)])
    for row, question in enumerate(questions, start=FIRST):
        _write_row(sheet, row, assessment, question)
        lists.offer(choices_of(question), sheet, f"{_letter(1)}{row}")
    last = FIRST + len(questions) - 1
    for number, column in enumerate(COLUMNS, start=1):
        if column.choices in WORDS:
            cells = f"{_letter(number)}{FIRST}:{_letter(number)}{last}"
            lists.offer(tuple(WORDS[column.choices].values()), sheet, cells)
    _finish(workbook, assessment, questions)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


class _Lists:
    """The lists that cells are chosen from: each once, on a sheet that nobody sees."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.sheet.sheet_state = "hidden"
        self.made: dict[tuple[str, ...], DataValidation] = {}

    def offer(self, words: tuple[str, ...], sheet: Worksheet, cells: str) -> None:
        """Let a cell, or a range of them, be chosen from a list."""
        if words not in self.made:
            self.made[words] = self._made(words)
            sheet.add_data_validation(self.made[words])
        self.made[words].add(cells)

    def _made(self, words: tuple[str, ...]) -> DataValidation:
        column = len(self.made) + 1
        for row, word in enumerate(words, start=1):
            put(self.sheet, row, column, word)
        letter = get_column_letter(column)
        return DataValidation(
            type="list",
            formula1=f"{LISTS}!${letter}$1:${letter}${len(words)}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Choose from the list",
            error="Choose one of the words in the list of this cell.",
        )


def _letter(number: int) -> str:
    """Give the letter of a column that people fill in, counted from 1."""
    return get_column_letter(len(FIXED) + number)


def _head(sheet: Worksheet, headings: Sequence[tuple[str, int]]) -> None:
    put_headings(sheet, headings)
    sheet.column_dimensions[get_column_letter(len(headings))].hidden = True
    sheet.freeze_panes = f"{get_column_letter(len(FIXED))}{FIRST}"


def _write_row(
    sheet: Worksheet, row: int, assessment: Assessment, question: QuestionPage
) -> None:
    standard = question.standard
    says = f"{standard.statement} (Core standard)" if standard.is_core else ""
    fixed = (standard.code, standard.title, says or standard.statement)
    for number, words in enumerate(fixed, start=1):
        put(sheet, row, number, words)
        sheet.cell(row, number).fill = FIXED_FILL
    for number, column in enumerate(COLUMNS, start=len(FIXED) + 1):
        value = _value(column, question)
        if isinstance(value, str) and len(escaped(value)) > LONGEST:
            raise CannotHold(standard.code)
        put(sheet, row, number, value, is_date=column.is_date)
    put(sheet, row, len(FIXED) + len(COLUMNS) + 1, mark(assessment, question))


def _value(column: Column, question: QuestionPage) -> str | date | None:
    response = question.response
    if column.field == "choice":
        return _choice(question)
    if column.field == "is_finished":
        return YES if response.is_finished else LATER if response.is_later else None
    if not column.field.startswith("evidence_"):
        stored = str(getattr(response, column.field))
        return WORDS[column.choices].get(stored) if column.choices else stored
    _, number, field = column.field.split("_", 2)
    if int(number) > len(question.evidence):
        return None
    stored = getattr(question.evidence[int(number) - 1], field)
    if column.choices == "yes_or_no":
        return YES if stored else NO
    return WORDS[column.choices].get(stored) if column.choices else stored


def _choice(question: QuestionPage) -> str:
    if question.level:
        return f"{question.level.value} {question.level.word}"
    is_unanswered = question.response.state == Response.State.UNANSWERED
    return "" if is_unanswered else question.response.get_state_display()


def _finish(
    workbook: Workbook, assessment: Assessment, questions: Sequence[QuestionPage]
) -> None:
    """Add what people read beside the answers, and what nobody sees."""
    guide = workbook.create_sheet(GUIDE, 1)
    guide.column_dimensions["A"].width = 100
    for row, words in enumerate(GUIDANCE, start=1):
        put(guide, row, 1, words)
    guide.cell(1, 1).font = BOLD
    _write_levels(workbook.create_sheet(LEVELS, 2), questions)
    hidden = workbook.create_sheet(ABOUT)
    hidden.sheet_state = "hidden"
    put(hidden, 1, 1, about(assessment, questions))
    workbook.properties.title = f"4Pi: {assessment.organisation}, {assessment}"
    workbook.properties.creator = "4Pi self-assessment"


def _write_levels(sheet: Worksheet, questions: Iterable[QuestionPage]) -> None:
    for row, question in enumerate(questions, start=FIRST):
        if row == FIRST:
            named = [(f"{c.value} {c.word}", 36) for c in question.choices]
            _head(sheet, [("Code", 8), ("Standard", 26), *named])
            sheet.column_dimensions[get_column_letter(2 + len(named))].hidden = False
        standard = question.standard
        words = (standard.code, standard.title, *(c.sentence for c in question.choices))
        for column, text in enumerate(words, start=1):
            put(sheet, row, column, text)
