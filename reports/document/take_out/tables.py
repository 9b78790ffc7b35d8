"""The rows of an organisation as tables that a spreadsheet opens safely."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from assessments.document.answers import COLUMNS, answer_rows
from assessments.document.cells import LONGEST, TEXT
from assessments.document.sheet_layout import escaped
from assessments.queries import AssessmentRecord
from organisations.document import csv_text

from .rows import Rows


ANSWERS = "answers"
ABOUT = ("Assessment", "State", "Edition", "Edition's version")
# The whole of a report in one cell helps nobody; it is in the JSON.
NO_COLUMNS = {"document"}
BOLD = Font(name="Calibri", bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def sheets_of(rows: Rows, records: Iterable[AssessmentRecord]) -> list[Sheet]:
    """Lay out everything as sheets: the answers as people read them, then each table."""
    answers = Sheet(ANSWERS, (*ABOUT, *COLUMNS), tuple(_answers(records)))
    return [answers, *(_sheet(name, found) for name, found in rows.items() if found)]


def csv_of(sheet: Sheet) -> str:
    return csv_text(sheet.columns, sheet.rows)


def workbook_of(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as one spreadsheet: a text is a text, whatever it begins with."""
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        written = workbook.create_sheet(sheet.name)
        written.freeze_panes = "A2"
        written.append([_cell(written, name, is_head=True) for name in sheet.columns])
        for row in sheet.rows:
            written.append([_cell(written, value) for value in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _answers(records: Iterable[AssessmentRecord]) -> Iterator[tuple[object, ...]]:
    for record in records:
        about = (record.scope, record.status_label)
        edition = (record.edition_title, record.edition_version)
        for row in answer_rows(record):
            yield (*about, *edition, *row)


def _sheet(name: str, rows: Sequence[dict[str, Any]]) -> Sheet:
    columns = tuple(column for column in rows[0] if column not in NO_COLUMNS)
    lines = tuple(tuple(_flat(row[column]) for column in columns) for row in rows)
    return Sheet(name.rpartition(".")[2], columns, lines)


def _flat(value: Any) -> object:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _cell(sheet: Any, value: object, *, is_head: bool = False) -> Any:
    is_text = not (value is None or isinstance(value, int | float | date))
    held: Any = escaped(str(value))[:LONGEST] if is_text else value
    cell = WriteOnlyCell(sheet, value=held)
    if is_text:
        # The library takes what begins with "=" for a formula.
        cell.data_type = "s"
        # Nor does a spreadsheet, once somebody edits it there.
        cell.number_format = TEXT
        cell.alignment = WRAPPED
    if is_head:
        cell.font = BOLD
    return cell
