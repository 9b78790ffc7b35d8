"""Lay out the badge: words in, places of words out. A template draws it.

A picture on somebody else's page cannot bring our font, so each line is measured
as in the widest one that a reader may have.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.utils import dateformat

from .queries import RegisterLine


WIDTH = 320
MARGIN = 20
NAME_SIZE = 18
NAME_STEP = 24
BAND = 52
ROW = 22
FOOT = 26

# Widths in ems, of DejaVu Sans Bold, rounded up: the widest common font.
NARROW, ORDINARY, CAPITAL, BROAD, OTHER = 0.5, 0.73, 0.88, 1.12, 1.05
NARROW_LETTERS = set("iljtfrI .,:;'’‘|!()[]-/")
BROAD_LETTERS = set("mwMW@%&—…")


@dataclass(frozen=True)
class TextLine:
    text: str
    y: int


@dataclass(frozen=True)
class Badge:
    """The picture's size, and each line of words with its place from the top."""

    width: int
    height: int
    margin: int
    name_size: int
    name: tuple[TextLine, ...]
    stage: tuple[TextLine, ...]
    foot: TextLine
    title: str


def badge(line: RegisterLine) -> Badge:
    """Lay out an organisation's badge: its name, its stage, and until when.

    Shape: a long name takes more lines, and the picture grows; nothing is cut.
    """
    top = BAND + NAME_STEP + 6
    wrapped = wrap(line.name, (WIDTH - 2 * MARGIN) / NAME_SIZE)
    name = tuple(
        TextLine(text, top + NAME_STEP * place) for place, text in enumerate(wrapped)
    )
    said = stage_words(line)
    top = name[-1].y + 6
    stage = tuple(
        TextLine(text, top + ROW * place) for place, text in enumerate(said, start=1)
    )
    foot = TextLine("A commitment, not an award", stage[-1].y + FOOT)
    return Badge(
        width=WIDTH,
        height=foot.y + 18,
        margin=MARGIN,
        name_size=NAME_SIZE,
        name=name,
        stage=stage,
        foot=foot,
        title=f"4Pi commitment of {line.name}: {', '.join(said)}",
    )


def stage_words(line: RegisterLine) -> tuple[str, ...]:
    """Say the stage and its end, each in a line."""
    if line.is_lapsed:
        return (f"Lapsed on {dateformat.format(line.stage_since, 'j F Y')}",)
    return line.stage, f"until {dateformat.format(line.due_on, 'j F Y')}"


def wrap(text: str, room: float) -> tuple[str, ...]:
    """Break a text into lines that fit, inside a word only where it has to be.

    Unit: `room` in ems.
    Shape: at least one line.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if width_of(longer) <= room:
            lines[-1] = longer
        else:
            lines += _pieces(word, room)
    return tuple(line for line in lines if line) or ("",)


def width_of(text: str) -> float:
    """Measure a text, generously.

    Unit: ems.
    """
    return sum(_width(letter) for letter in text)


def _pieces(word: str, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        is_mark = _width(letter) == 0
        if width_of(pieces[-1] + letter) > room and not is_mark:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _width(letter: str) -> float:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in BROAD_LETTERS:
        return BROAD
    if plain in NARROW_LETTERS:
        return NARROW
    if plain.isascii():
        return CAPITAL if plain.isupper() else ORDINARY
    return OTHER
