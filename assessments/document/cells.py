"""Cells of a spreadsheet: words stay words, whatever they begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .sheet_layout import escaped, without_unholdable


# So that a spreadsheet takes what is typed there for words, whatever it begins with.
TEXT = "@"
NUMBER = "General"
DATE = "dd/mm/yyyy"
# The most letters that a cell holds.
LONGEST = 32_767
Cell = str | date | int | float | None
HEADER = PatternFill("solid", fgColor="4C1B40")
WRAPPED = Alignment(wrap_text=True, vertical="top")
WHITE = Font(name="Calibri", bold=True, color="FFFFFF")


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Cell,
    *,
    is_date: bool = False,
) -> None:
    """Write one cell; what is empty leaves a cell for words."""
    cell = sheet.cell(row, column)
    cell.alignment = WRAPPED
    cell.number_format = DATE if is_date else TEXT
    if value is None or value == "":
        return
    cell.value = escaped(value) if isinstance(value, str) else value
    if isinstance(value, str):
        # The library takes what begins with "=" for a formula.
        cell.data_type = "s"
    elif isinstance(value, int | float):
        cell.number_format = NUMBER


def fitting(value: Cell) -> Cell:
    """Make a text fit a cell: written out, what a cell cannot hold takes room."""
    if isinstance(value, str) and len(escaped(value)) > LONGEST:
        return without_unholdable(value)
    return value


def put_headings(sheet: Worksheet, headings: Sequence[tuple[str, int]]) -> None:
    """Write the first row: each heading over a column as wide as it says."""
    for column, (heading, width) in enumerate(headings, start=1):
        put(sheet, 1, column, heading)
        cell = sheet.cell(1, column)
        cell.font, cell.fill = WHITE, HEADER
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
