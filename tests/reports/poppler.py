"""What Poppler's programs say of a PDF: another reader than the one who wrote it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape


PAGE = 595, 842
BOX = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<'
)


@dataclass(frozen=True)
class Box:
    """A word and where it stands, in points from the top left of its page."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(pdf: bytes, *, within: int = 0) -> str:
    """Read the words of all pages, without those in margins so many points wide."""
    width, height = (each - 2 * within for each in PAGE)
    place = ["-x", within, "-y", within, "-W", width, "-H", height]
    return _asked("pdftotext", "-nopgbrk", "-raw", *map(str, place), pdf=pdf)


def boxes_of(pdf: bytes) -> Iterator[Box]:
    pages = _asked("pdftotext", "-bbox", pdf=pdf).split("<page ")[1:]
    for number, page in enumerate(pages, start=1):
        for *place, text in BOX.findall(page):
            yield Box(number, unescape(text), *map(float, place))


def _asked(program: str, *arguments: str, pdf: bytes) -> str:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = [program, *arguments, file.name, "-"]
        done = subprocess.run(command, check=True, capture_output=True)
    # It writes the halves of an emoji in a title one by one.
    return done.stdout.decode(errors="replace")
