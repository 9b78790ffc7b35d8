"""A spreadsheet as people have it: downloaded, filled in, uploaded."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from assessments.models import Assessment


def address(name: str, assessment: Assessment) -> str:
    return reverse(
        f"assessments:{name}",
        args=[assessment.organisation.slug, assessment.public_id],
    )


def downloaded(client: Client, assessment: Assessment) -> Workbook:
    file = client.get(address("sheet_download", assessment))
    return load_workbook(io.BytesIO(file.content))


def column_of(workbook: Workbook, heading: str) -> int:
    (row,) = workbook["Our answers"].iter_rows(max_row=1)
    return next(cell.column for cell in row if cell.value == heading)


def row_of(workbook: Workbook, code: str) -> int:
    (column,) = workbook["Our answers"].iter_cols(max_col=1)
    return next(cell.row for cell in column if cell.value == code)


def fill(workbook: Workbook, code: str, **cells: Any) -> None:
    """Fill in cells of a standard's row: `level`, `why`, or a heading with underscores."""
    headings = {
        "level": "Where are you now?",
        "because": "If it does not apply, why?",
        "why": "In a sentence or two, why?",
        "finished": "Finished?",
        "title": "Evidence 1: title",
        "kind": "Evidence 1: kind",
        "link": "Evidence 1: link",
        "date": "Evidence 1: date",
        "note": "Evidence 1: note",
        "cqc": "Evidence 1: CQC category",
        "public": "Evidence 1: public?",
    }
    sheet = workbook["Our answers"]
    for name, value in cells.items():
        cell = sheet.cell(
            row_of(workbook, code), column_of(workbook, headings[name]), value
        )
        is_formula = isinstance(value, str) and value.startswith("=FORMULA")
        if isinstance(value, str) and not is_formula:
            cell.data_type = "s"


def saved(workbook: Workbook) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def upload(client: Client, assessment: Assessment, content: Workbook | bytes) -> Any:
    if isinstance(content, Workbook):
        content = saved(content)
    file = SimpleUploadedFile("filled in.xlsx", content)
    return client.post(address("sheet", assessment), {"file": file})


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


def confirm(client: Client, assessment: Assessment, **kept: str) -> Any:
    """Press the button of the page with the changes, as it shows them."""
    page = client.get(address("sheet_changes", assessment))
    typed = hidden_of(page) | {f"keep_{code}": which for code, which in kept.items()}
    return client.post(address("sheet_changes", assessment), typed)


def hidden_of(page: Any) -> dict[str, str]:
    context = page.context
    return {
        "sheet": str(context["sheet"].public_id),
        "versions": context["found"].versions,
    }
