"""Texts as people type them, and what docs/typed-text.md says becomes of them."""

from __future__ import annotations

import random
import re
import unicodedata
from html.parser import HTMLParser


LATIN = "aebcoznAEC"
MARKS = "\u0301\u0308\u0327\u0323\u030a\u0302\u0331"
RIGHT_TO_LEFT = ("نعملمعاكتبقلد", "שלוםאבגדהכנת")
FOUR_BYTES = "😀🌱🤝🏽𝒜𐍈𠀋"
COMPOSED = "éüçñåôŵŷ각한"


def generated(number: int, *, seed: int = 4) -> list[str]:
    """Make so many texts: combining marks, right to left, four bytes, NFC and NFD."""
    chance = random.Random(seed)
    kinds = [_with_marks, _right_to_left, _four_bytes, _composed, _decomposed]
    return [kinds[n % len(kinds)](chance) for n in range(number)]


def _with_marks(chance: random.Random) -> str:
    return "".join(
        chance.choice(LATIN) + "".join(chance.sample(MARKS, chance.randint(0, 1)))
        for _ in range(6)
    )


def with_two_marks(number: int, *, seed: int = 6) -> list[str]:
    """Make so many texts that a PDF cannot say as they are, though it shows them."""
    chance = random.Random(seed)
    return [
        "".join(chance.choice(LATIN) + "".join(chance.sample(MARKS, 2)) for _ in "four")
        for _ in range(number)
    ]


def _right_to_left(chance: random.Random) -> str:
    return "".join(chance.choice(chance.choice(RIGHT_TO_LEFT)) for _ in range(8))


def _four_bytes(chance: random.Random) -> str:
    return "".join(chance.choice(FOUR_BYTES + LATIN) for _ in range(6))


def _composed(chance: random.Random) -> str:
    return "".join(chance.choice(COMPOSED) for _ in range(6))


def _decomposed(chance: random.Random) -> str:
    return unicodedata.normalize("NFD", _composed(chance))


def normalised(text: str, *, is_one_line: bool = False) -> str:
    """Do what docs/typed-text.md says, in other words than the code's."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if is_one_line:
        lines = [" ".join(line.strip() for line in lines)]
    while lines and not lines[0].strip():
        lines.pop(0)
    joined = unicodedata.normalize("NFC", "\n".join(lines)).rstrip()
    return joined.strip() if is_one_line else joined


def letters(text: str) -> list[tuple[str, frozenset[str]]]:
    """Cut a text into its letters, each with the marks on it, without the spaces."""
    found: list[tuple[str, frozenset[str]]] = []
    for sign in unicodedata.normalize("NFD", re.sub(r"\s", "", text)):
        if unicodedata.combining(sign) and found:
            letter, marks = found.pop()
            found.append((letter, marks | {sign}))
        else:
            found.append((sign, frozenset()))
    return found


class _UserTexts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[bool] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        if tag in {"br", "input", "meta", "link", "img"}:
            return
        classes = (dict(attrs).get("class") or "").split()
        self.hidden += "govuk-visually-hidden" in classes or bool(self.hidden)
        if "user-text" in classes:
            self.texts.append("")
        self.open.append("user-text" in classes)

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            self.open.pop()
        self.hidden -= bool(self.hidden)

    def handle_data(self, words: str) -> None:
        if any(self.open) and not self.hidden:
            self.texts[-1] += words


def user_texts(html: str) -> list[str]:
    """List the texts of a page that people typed, as a browser shows them."""
    parser = _UserTexts()
    parser.feed(html)
    return parser.texts
