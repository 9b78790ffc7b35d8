"""What an assessment holds, as a file."""

from .answers import answers_csv, answers_json
from .cells import Cell, fitting, put, put_headings
from .evidence import evidence_csv
from .sheet import CannotHold, write_sheet
from .sheet_layout import (
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
    unescaped,
)


__all__ = [
    "ABOUT",
    "ANSWERS",
    "About",
    "CODE",
    "Cell",
    "COLUMNS",
    "MARK",
    "WORDS",
    "CannotHold",
    "Column",
    "answers_csv",
    "answers_json",
    "evidence_csv",
    "fitting",
    "put",
    "put_headings",
    "read_about",
    "read_mark",
    "unescaped",
    "write_sheet",
]
