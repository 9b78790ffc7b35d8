"""A full record as a spreadsheet: a sheet for each section, in their order."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.document import Cell, fitting, put, put_headings
from assessments.models import Response
from organisations.document import csv_text

from .record import EvidenceEntry, ReportDocument, StandardEntry


LINE, TALLEST = 15, 409
PIECES = 3
SHORT, MIDDLE, WIDE = 14, 30, 60
EVIDENCE = (
    *(("title", MIDDLE), ("kind", SHORT), ("date", SHORT), ("age", SHORT)),
    *(
        ("CQC category", MIDDLE),
        ("public or private", SHORT),
        ("link", MIDDLE),
        ("note", WIDE),
    ),
)


@dataclass(frozen=True)
class Section:
    """One sheet: its name, its columns with their widths, its rows."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]


def record_sheet(document: ReportDocument, *, check_code: str = "") -> bytes:
    """Write a full record as a spreadsheet that holds no formula."""
    workbook = Workbook()
    for number, section in enumerate(_sections(document, check_code)):
        sheet = workbook.active if number == 0 else workbook.create_sheet()
        assert isinstance(sheet, Worksheet)
        _write(sheet, section)
    workbook.properties.title = document.title
    workbook.properties.creator = "4Pi self-assessment"
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def record_csv(document: ReportDocument) -> str:
    """Write the answers of a full record, as they stand in the spreadsheet, as CSV."""
    rows = ([*row, *[""] * (len(ANSWERS) - len(row))] for row in _answers(document))
    return csv_text([name for name, _ in ANSWERS], rows)


def _write(sheet: Worksheet, section: Section) -> None:
    sheet.title = section.name
    put_headings(sheet, section.columns)
    sheet.freeze_panes = "A2"
    names, widths = zip(*section.columns, strict=True)
    sheet.row_dimensions[1].height = _height(names, widths)
    for row, cells in enumerate(section.rows, start=2):
        for column, value in enumerate(cells, start=1):
            is_date = isinstance(value, date)
            put(sheet, row, column, fitting(value), is_date=is_date)
        sheet.row_dimensions[row].height = _height(cells, widths)


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> int:
    """Make a row as tall as its longest text, since not every program does by itself."""
    lines = [
        sum(math.ceil(len(line) / width) or 1 for line in str(cell).split("\n"))
        for cell, width in zip(cells, widths, strict=False)
    ]
    return min(TALLEST, LINE * max(lines))


def _sections(document: ReportDocument, check_code: str) -> Iterator[Section]:
    said = (("What", MIDDLE), ("Says", WIDE))
    facts = (*_facts(document), ("Check code", check_code))
    yield Section("About this report", said, facts)
    scale = (("Level", SHORT), ("Word", MIDDLE), ("What it means", WIDE))
    levels = tuple((x.value, x.word, x.descriptor) for x in document.levels)
    yield Section("The scale", scale, levels)
    yield Section("At a glance", GLANCE, tuple(_glance(document)))
    if document.change:
        yield Section("Since the last time", CHANGE, tuple(_change(document)))
    yield Section("Answers", ANSWERS, tuple(_answers(document)))
    yield Section("How it was done", said, tuple(_how(document)))
    left_out = (("What is left out", WIDE), ("Why", WIDE))
    yield Section("What is left out", left_out, tuple(_left_out(document)))
    note = ((f"{document.edition}, version {document.edition_version}", WIDE),)
    yield Section("This edition", note, ((document.edition_note,),))


def _facts(document: ReportDocument) -> Iterator[Sequence[Cell]]:
    yield "Organisation", document.organisation
    yield "What it looks at", document.scope
    yield "What it calls the people it serves", document.people
    yield "Whose view", f"The organisation’s own. {document.not_asked}"
    yield "Status", "Draft" if document.is_draft else "Locked"
    yield "Partial assessment", "Yes" if document.is_partial else "No"
    yield "Time looked at, from", document.period_from
    yield "Time looked at, until", document.period_until
    yield "Answers by", document.answer_by
    yield "Started", _day(document.started_at)
    yield "Locked", _day(document.locked_at)
    yield "Asked for", _day(document.frozen_at)
    yield "Standards at level 3 or above", document.in_place
    yield "Standards that apply", document.applicable


GLANCE = (
    *(("Principle", MIDDLE), ("Average level, 0 to 4", SHORT)),
    *(("At level 3 or above", SHORT), ("Standards that apply", SHORT)),
    *(("No level yet", SHORT), ("Does not apply", SHORT)),
)


def _glance(document: ReportDocument) -> Iterator[Sequence[Cell]]:
    for each in document.principles:
        yield (
            *(each.name, _number(each.mean), each.in_place),
            *(each.applicable, each.without_level, each.not_applicable),
        )


def _number(mean: str | None) -> Cell:
    return "No level yet" if mean is None else float(mean)


CHANGE = (
    *(("Principle", MIDDLE), ("Standard", SHORT), ("Title", MIDDLE)),
    *(("Last time", MIDDLE), ("This time", MIDDLE), ("Change", MIDDLE)),
)


def _change(document: ReportDocument) -> Iterator[Sequence[Cell]]:
    assert document.change
    for principle in document.change.principles:
        for each in principle.standards:
            yield (
                *(principle.name, each.code, each.title),
                *(each.before, each.now, each.change),
            )


ANSWERS = (
    *(("Principle", MIDDLE), ("Standard", SHORT), ("Title", MIDDLE)),
    *(("What it says", WIDE), ("Core", SHORT), ("Answer", MIDDLE), ("Level", SHORT)),
    *(("Word", MIDDLE), ("What the level means here", WIDE)),
    *(("Why it does not apply", MIDDLE), ("Why we say so", WIDE)),
    ("Some see it differently", WIDE),
    *(
        (f"Evidence {number}: {part}", width)
        for number in range(1, PIECES + 1)
        for part, width in EVIDENCE
    ),
)


def _answers(document: ReportDocument) -> Iterator[Sequence[Cell]]:
    for principle in document.principles:
        for each in principle.standards:
            yield principle.name, *_standard(each), *_pieces(each.evidence)


def _standard(each: StandardEntry) -> Sequence[Cell]:
    return (
        *(each.code, each.title, each.statement, "Yes" if each.is_core else "No"),
        *(str(Response.State(each.state).label), each.level, each.level_word),
        *(each.level_sentence, each.not_applicable_because, each.reason, each.dissent),
    )


def _pieces(evidence: Sequence[EvidenceEntry]) -> Iterator[Cell]:
    for item in evidence:
        yield from (item.title, item.type, item.dated_on)
        yield "Older than 24 months" if item.is_old else ""
        yield item.cqc_category
        yield "Public" if item.is_public else "Private"
        yield from (item.link, item.note)


def _how(document: ReportDocument) -> Iterator[Sequence[Cell]]:
    how = document.background
    if how is None:
        return
    yield "Started by role", how.started_as
    yield "Locked by role", how.locked_as
    for part in how.roles:
        yield f"People who answered: {part.role}", part.answered
    for part in how.roles:
        yield f"People who said their own level first: {part.role}", part.rated
    yield "Standards of which people said their own level first", how.rated
    for domain in how.domains:
        yield "Where people are involved", domain
    for lock in how.ended_locks:
        yield "Unlocked on", _day(lock.unlocked_at)
        yield "Unlocked by role", lock.unlocked_as
        yield "Why it was unlocked", lock.reason
    if how.held_back:
        yield "Publishing held back since", _day(how.held_back.placed_at)
        yield "Held back by role", how.held_back.placed_as
        yield "Why it is held back", how.held_back.reason
    if how.made_public:
        yield "Why people were not asked", how.made_public.why_not_asked
        yield "Published on", _day(how.made_public.published_at)
        yield "Published by role", how.made_public.published_as
        yield "The register says: assessed by", how.made_public.assessed_by
        yield "Strengths, as published", how.made_public.strengths
        yield "Gaps, as published", how.made_public.gaps
        yield "Actions, as published", how.made_public.actions


def _left_out(document: ReportDocument) -> Iterator[Sequence[Cell]]:
    domains = "; ".join(document.other_domains)
    for standard in document.outside:
        yield standard, f"Only about what does not apply here: {domains}"
    for each in document.not_applicable:
        yield f"{each.code} {each.title}", each.not_applicable_because
    for sentence in document.not_in_it:
        yield "Not in this report", sentence


def _day(moment: datetime | None) -> date | None:
    return moment and timezone.localdate(moment)
