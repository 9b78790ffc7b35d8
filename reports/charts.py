"""Draw figures as SVG: numbers in, markup out, no framework.

The same markup stands in a page and in a PDF. It carries no style element and no
style attribute, which a page's security policy would drop, and its text stays text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont


FONT = "Atkinson Hyperlegible Next, Hyperlegible, Hyperlegible Extended, sans-serif"
# The colours of static/scss/_palette.scss.
INK = "#2b2130"
LINE = "#ddcfbf"
TRACK = "#f6eee3"
BAR = "#4c1b40"
TOP = 4
LEVEL_COLOURS = ("#625a66", "#6b2a5b", "#8f5300", "#0f6a6a", "#24437f")

# Above the bars stands what the figures at their right are.
HEAD = 22
ROW = 56
BAR_HEIGHT = 18
AXIS = 46
# Large print is larger by so much.
LARGE = 1.5
CELL = 18
# A mark is 20 mm across in print: 450 dots an inch.
DOTS = 4
# The word across a draft: so pale that text over it is as easy to read.
PALE = "#f4eee6"
DRAFT_MILLIMETRES, DRAFT_DOTS = 170, 4


@dataclass(frozen=True)
class Bar:
    """One bar; `level` from 0 to 4, or None where there is nothing to show."""

    name: str
    level: Decimal | None
    note: str


def five_bars(bars: Sequence[Bar], *, words: Sequence[str], notes: str) -> str:
    """Draw one bar a principle against the words of the scale.

    Shape: `words` for levels 0 to 4, in order; `notes` says what the bars' notes are; a
    bar without a level has no mark, only words. Lengths across are in percent, so that
    it fits a phone and a sheet.
    """
    labels = "".join(_label(bar, top) for bar, top in _tops(bars))
    return _figure(bars, _note(notes, 13) + labels + _axis(words, _end(bars)))


def bars_alone(bars: Sequence[Bar], *, is_large: bool = False) -> str:
    """Draw the same without a word, at the same places, for a sheet to write upon.

    The PDF engine sets each letter of a figure by itself, which takes it a quarter of
    the time of a short paper; words on a page it sets by the line.
    """
    return _figure(bars, "", LARGE if is_large else 1)


def _figure(bars: Sequence[Bar], labels: str, size: float = 1) -> str:
    marks = "".join(
        _marks(bar.level, (top + 24) * size, BAR_HEIGHT * size)
        for bar, top in _tops(bars)
        if bar.level is not None
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" '
        f'height="{(_end(bars) + AXIS) * size:g}" role="img" '
        f'font-family="{FONT}" font-size="15" fill="{INK}">'
        f"<title>{escape(finding(bars))}</title>"
        f"{_grid(_end(bars), size)}{marks}{labels}</svg>"
    )


def _tops(bars: Sequence[Bar]) -> list[tuple[Bar, int]]:
    return [(bar, HEAD + ROW * index) for index, bar in enumerate(bars)]


def _end(bars: Sequence[Bar]) -> int:
    return HEAD + ROW * len(bars)


def finding(bars: Sequence[Bar]) -> str:
    """Say in words what the bars show: first where they end, then each."""
    each = " ".join(
        f"{bar.name}: {bar.level if bar.level is not None else 'no level yet'}."
        for bar in bars
    )
    return f"{_span(bars)}Average level by principle, from 0 to 4. {each}"


def _span(bars: Sequence[Bar]) -> str:
    """Name the longest and the shortest bars, where there is a difference to tell."""
    levels = [bar.level for bar in bars if bar.level is not None]
    if not levels or min(levels) == max(levels):
        return ""
    highest, lowest = (
        _listed([bar.name for bar in bars if bar.level == end])
        for end in (max(levels), min(levels))
    )
    return f"Highest: {highest}. Lowest: {lowest}. "


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _label(bar: Bar, top: float) -> str:
    line = top + 16
    shown = "No level yet" if bar.level is None else str(bar.level)
    return (
        f'<text x="0" y="{line:g}" font-weight="700">{escape(bar.name)}: {shown}</text>'
        f"{_note(bar.note, line)}"
    )


def _note(words: str, line: float) -> str:
    return (
        f'<text x="100%" y="{line:g}" text-anchor="end" font-size="13">'
        f"{escape(words)}</text>"
    )


def _marks(level: Decimal, top: float, height: float) -> str:
    length = float(level) / TOP * 100
    at = f'x="0" y="{top:g}" height="{height:g}"'
    return (
        f'<rect {at} width="100%" fill="{TRACK}"/>'
        f'<rect {at} width="{length:g}%" fill="{BAR}"/>'
        f'<rect {at} width="3" fill="{BAR}"/>'
    )


def _grid(height: float, size: float) -> str:
    return "".join(
        f'<line x1="{_across(value)}" y1="{(HEAD + 22) * size:g}" x2="{_across(value)}" '
        f'y2="{height * size:g}" stroke="{LINE}" stroke-width="1"/>'
        for value in range(TOP + 1)
    )


def _axis(words: Sequence[str], top: float) -> str:
    return "".join(
        f'<text x="{_across(value)}" y="{top + 13 * (line + 1):g}" font-size="12" '
        f'text-anchor="{_anchor(value)}">{escape(part)}</text>'
        for value, word in enumerate(words)
        for line, part in enumerate([str(value), *_lines(word)])
    )


def _lines(words: str, width: int = 9) -> list[str]:
    """Break words into short lines, since five labels share a phone's width."""
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _across(value: int) -> str:
    return f"{value * 100 // TOP}%"


def _anchor(value: int) -> str:
    return {0: "start", TOP: "end"}.get(value, "middle")


def level_mark(level: int) -> str:
    """Draw a level as four cells, filled up to it, in its own colour and pattern.

    The words stand beside it, so it says nothing of its own to a screen reader.
    """
    colour = LEVEL_COLOURS[level]
    filled = "".join(map(_box, range(level)))
    empty = "".join(map(_box, range(level, TOP)))
    lines = "".join(_pattern(index, level) for index in range(level))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{TOP * (CELL + 4)}" '
        f'height="{CELL + 2}" aria-hidden="true" focusable="false" '
        f'stroke="{colour}" fill="{colour}">'
        + (f'<path class="filled" d="{filled}"/>' if filled else "")
        + (f'<path class="empty" d="{empty}" fill="#ffffff"/>' if empty else "")
        + (f'<path d="{lines}" stroke="#ffffff" stroke-width="1.5"/>' if lines else "")
        + "</svg>"
    )


def _box(index: int) -> str:
    return f"M{_left(index)} 1h{CELL}v{CELL}h-{CELL}z"


def _left(index: int) -> int:
    return 1 + index * (CELL + 4)


def _pattern(index: int, level: int) -> str:
    return "".join(
        f"M{x1} {y1}L{x2} {y2}" for x1, y1, x2, y2 in _light_lines(index, level)
    )


def _light_lines(index: int, level: int) -> list[tuple[int, int, int, int]]:
    """Give the light lines over a cell: slanted, level, upright, none."""
    steps = range(5, CELL, 5)
    lines = {
        1: [(0, step, step, 0) for step in steps]
        + [(step, CELL, CELL, step) for step in steps],
        2: [(0, step, CELL, step) for step in steps],
        3: [(step, 0, step, CELL) for step in steps],
    }.get(level, [])
    left = _left(index)
    return [(left + x1, 1 + y1, left + x2, 1 + y2) for x1, y1, x2, y2 in lines]


def level_picture(level: int) -> bytes:
    """Draw the same mark in dots, fine enough for print, as a PNG.

    The PDF engine draws a mark of lines anew at every place where it stands, which
    takes as long as the words beside it; a picture it keeps once.
    """
    colour = LEVEL_COLOURS[level]
    size = (TOP * (CELL + 4) * DOTS, (CELL + 2) * DOTS)
    picture = Image.new("RGB", size, "#ffffff")
    pen = ImageDraw.Draw(picture)
    for index in range(TOP):
        box = (_left(index), 1, _left(index) + CELL, 1 + CELL)
        fill = colour if index < level else None
        pen.rectangle(_in_dots(box), fill=fill, outline=colour, width=DOTS)
    for index in range(level):
        for line in _light_lines(index, level):
            pen.line(_in_dots(line), fill="#ffffff", width=DOTS * 3 // 2)
    content = BytesIO()
    picture.save(content, format="PNG")
    return content.getvalue()


def draft_picture(font: bytes) -> bytes:
    """Draw the word that lies across each page of a draft, pale under the text."""
    side = DRAFT_MILLIMETRES * DRAFT_DOTS
    letters = ImageFont.truetype(BytesIO(font), side // 3)
    picture = Image.new("RGB", (side, side), "#ffffff")
    pen = ImageDraw.Draw(picture)
    pen.text((side / 2, side / 2), "Draft", fill=PALE, font=letters, anchor="mm")
    content = BytesIO()
    picture.rotate(45, fillcolor="#ffffff").save(content, format="PNG")
    return content.getvalue()


def _in_dots(places: Sequence[int]) -> list[int]:
    return [place * DOTS for place in places]
