"""Open a spreadsheet that somebody sent, without trusting any of it.

A spreadsheet is a ZIP archive of XML. Only the parts that we ask about are unpacked,
each bound is checked before what it bounds is done, and nothing that the file refers
to is followed. A library that reads all there is would also do all it is told, such
as merging a billion cells: docs/decisions/0014.
"""

from __future__ import annotations

import io
import posixpath
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from assessments.document import unescaped


# Ours has about 100 kB when unpacked, some 3,000 elements and 31 rows; with the
# longest texts there may be, 3 MB.
MOST_UNPACKED = 16 * 1024**2
MOST_PARTS = 1_000
MOST_ELEMENTS = 60_000
MOST_ROWS = 2_000
ENCRYPTED = 1
OLD_OR_SEALED = b"\xd0\xcf\x11\xe0"

NOT_ONE = (
    "This is not a spreadsheet that we can read. Upload the file that you downloaded "
    "here, saved as an Excel workbook (.xlsx)."
)
SEALED = (
    "This is an old Excel file (.xls), or one with a password. Take the password off, "
    "save it as an Excel workbook (.xlsx), and upload that."
)
TOO_MUCH = (
    "There is far more in this file than in the one that you can download here. "
    "Copy your answers into a new download, and upload that."
)
TOO_MANY_ROWS = (
    f"A sheet in this file has more than {MOST_ROWS:,} rows. Ours has one for each "
    "standard. Take the other rows out, and upload it again."
)
FORMULA = "This is a formula. Put in what it says instead."
NO_DATE = (
    "This is not a date. Put it in as day, month, year, such as 27/3/2026. If you know "
    "the month alone, say it in the note."
)
WRONG_VALUE = "The spreadsheet shows an error here. Put in what it should say."


class NotReadable(Exception):
    """The file is not one that we can read; a sentence for the person."""


@dataclass(frozen=True)
class Cell:
    """What a cell holds, or the sentence that says why nothing can be read there."""

    value: str | float | date = ""
    fault: str = ""


@dataclass(frozen=True)
class Grid:
    """A sheet: its cells that hold something, by row and column, both from 1."""

    cells: Mapping[int, Mapping[int, Cell]]
    merged: tuple[str, ...] = ()


def open_sheets(content: bytes, names: Collection[str]) -> dict[str, Grid]:
    """Read the sheets of these names, as far as they are there.

    Raises: NotReadable.
    """
    if content.startswith(OLD_OR_SEALED):
        raise NotReadable(SEALED)
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return _Package(archive).sheets(names)
    except DefusedXmlException:
        raise NotReadable(NOT_ONE) from None
    except (
        *(BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
        *(ParseError, KeyError, ValueError, IndexError, OverflowError),
    ):
        # Whatever a file made by hand leads to. Without the cause: its words are hers.
        raise NotReadable(NOT_ONE) from None


class _Package:
    """The parts of one file, read as far as they are asked for."""

    def __init__(self, archive: ZipFile) -> None:
        parts = archive.infolist()
        if (
            len(parts) > MOST_PARTS
            or sum(_size(part) for part in parts) > MOST_UNPACKED
        ):
            raise NotReadable(TOO_MUCH)
        self.archive = archive
        self.left = MOST_ELEMENTS
        self.workbook = self._linked("", "/officeDocument")[0]

    def sheets(self, names: Collection[str]) -> dict[str, Grid]:
        targets = self._relations(self.workbook)
        found = {}
        for sheet in self._every(self._tree(self.workbook), "sheet"):
            name = sheet.get("name", "")
            if name in names and name not in found:
                found[name] = self._grid(targets[_attribute(sheet, "id")][1])
        return found

    def _grid(self, part: str) -> Grid:
        tree = self._tree(part)
        merges = self._every(tree, "mergeCell")
        return Grid(
            cells=_filled(self._rows(tree)),
            merged=tuple(merge.get("ref", "") for merge in merges),
        )

    def _rows(self, tree: Element) -> Iterable[tuple[int, dict[int, Cell]]]:
        index = 0
        for row in self._every(tree, "row"):
            index = int(row.get("r") or index + 1)
            yield index, dict(self._cells(row))

    def _cells(self, row: Element) -> Iterable[tuple[int, Cell]]:
        column = 0
        for cell in row:
            if _name(cell) == "c":
                place = cell.get("r")
                column = _column(place) if place else column + 1
                yield column, self._cell(cell)

    def _cell(self, cell: Element) -> Cell:
        kind = cell.get("t", "n")
        inside = {_name(child): child for child in cell}
        if "f" in inside:
            return Cell(fault=FORMULA)
        if kind == "inlineStr":
            return Cell(_words(inside["is"])) if "is" in inside else Cell()
        typed = inside["v"].text if "v" in inside else None
        if typed is None:
            return Cell()
        if kind == "s":
            return Cell(self.strings[int(typed)])
        if kind == "e":
            return Cell(fault=WRONG_VALUE)
        if kind == "b":
            return Cell("Yes" if typed == "1" else "No")
        if kind == "d":
            return Cell(date.fromisoformat(typed[:10]))
        if kind == "n":
            return self._number(float(typed), int(cell.get("s", "0")))
        return Cell(unescaped(typed))

    def _number(self, number: float, style: int) -> Cell:
        """Read a number, which is a date where it is shown as one."""
        if style not in self.date_styles:
            return Cell(number)
        try:
            moment = from_excel(number, self.epoch)
        except (OverflowError, ValueError):
            return Cell(fault=NO_DATE)
        is_day = isinstance(moment, datetime)
        return Cell(moment.date()) if is_day else Cell(fault=NO_DATE)

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells point to, kept once for the whole file."""
        parts = self._linked(self.workbook, "/sharedStrings")
        return [_words(item) for part in parts[:1] for item in self._tree(part)]

    @cached_property
    def date_styles(self) -> set[int]:
        """The styles that show a number as a date."""
        formats: dict[str | None, str] = {
            str(number): code for number, code in BUILTIN_FORMATS.items()
        }
        styles: list[str | None] = []
        for part in self._linked(self.workbook, "/styles")[:1]:
            tree = self._tree(part)
            for own in self._every(tree, "numFmt"):
                formats[own.get("numFmtId")] = own.get("formatCode", "")
            for group in self._every(tree, "cellXfs"):
                styles = [style.get("numFmtId") for style in group]
        dates = {number for number, code in formats.items() if is_date_format(code)}
        return {place for place, number in enumerate(styles) if number in dates}

    @cached_property
    def epoch(self) -> datetime:
        """The day from which dates are counted."""
        properties = self._every(self._tree(self.workbook), "workbookPr")
        is_mac = any(p.get("date1904") in {"1", "true"} for p in properties)
        return MAC_EPOCH if is_mac else WINDOWS_EPOCH

    def _linked(self, part: str, kind: str) -> list[str]:
        links = self._relations(part).values()
        return [target for type_, target in links if type_.endswith(kind)]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Read what a part refers to, by its key: of which kind, and which part."""
        folder, name = posixpath.split(part)
        links = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            link.get("Id", ""): (
                link.get("Type", ""),
                posixpath.join("/", folder, link.get("Target", "")).lstrip("/"),
            )
            for link in links
        }

    def _tree(self, part: str) -> Element:
        """Parse a part, and stop as soon as it holds too much."""
        root: Element | None = None
        rows = 0
        with self.archive.open(posixpath.normpath(part)) as file:
            for _, element in iterparse(file, events=("start",), forbid_dtd=True):
                root = element if root is None else root
                self.left -= 1
                rows += _name(element) == "row"
                if rows > MOST_ROWS:
                    raise NotReadable(TOO_MANY_ROWS)
                if self.left < 0:
                    raise NotReadable(TOO_MUCH)
        if root is None:
            raise ValueError("An empty part")
        return root

    @staticmethod
    def _every(tree: Element, name: str) -> list[Element]:
        return [element for element in tree.iter() if _name(element) == name]


def _size(part: ZipInfo) -> int:
    """Say how much a part unpacks to; the archive never gives more than that.

    Raises: NotReadable for what is sealed, or packed in a way that no office does.
    """
    if part.flag_bits & ENCRYPTED:
        raise NotReadable(SEALED)
    if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise NotReadable(NOT_ONE)
    return part.file_size


def _filled(
    rows: Iterable[tuple[int, dict[int, Cell]]],
) -> dict[int, dict[int, Cell]]:
    """Keep what holds anything."""
    filled = {
        row: {c: cell for c, cell in cells.items() if cell != Cell()}
        for row, cells in rows
    }
    return {row: cells for row, cells in filled.items() if cells}


def _words(item: Element) -> str:
    """Join the runs of a text, without what only says how it is spoken."""
    runs = [item, *(child for child in item if _name(child) == "r")]
    texts = (child for run in runs for child in run if _name(child) == "t")
    return unescaped("".join(text.text or "" for text in texts))


def _column(place: str) -> int:
    """Count the column of a place such as AB12."""
    letters = place.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        raise ValueError("No such column")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _name(element: Element) -> str:
    """Give a name without its namespace: there are two for the same."""
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    """Find an attribute in whatever namespace."""
    for key, value in element.items():
        if key.rpartition("}")[2] == name:
            return value
    raise KeyError(name)
