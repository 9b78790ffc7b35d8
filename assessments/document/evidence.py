"""All evidence of an assessment as a table."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.queries import EvidenceLine
from organisations.document import csv_text


EVIDENCE_COLUMNS = (
    *("Principle", "Standard", "Title of the standard", "Evidence", "Type"),
    *("CQC category", "Date", "Age", "Who may see it", "Link", "Note"),
)


def evidence_csv(lines: Iterable[EvidenceLine]) -> str:
    """Write evidence as CSV that a spreadsheet opens safely."""
    return csv_text(EVIDENCE_COLUMNS, (_row(line) for line in lines))


def _row(line: EvidenceLine) -> tuple[object, ...]:
    return (
        *(line.principle, line.code, line.standard, line.title, line.type),
        *(line.cqc_category, line.dated_on),
        "Older than 24 months" if line.is_old else "",
        "Public" if line.is_public else "Private",
        *(line.link, line.note),
    )
