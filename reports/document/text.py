"""What people wrote, cut into paragraphs, each with the way that it is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that a person wrote, and the way it is read."""

    lines: tuple[str, ...]
    direction: str


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Split what a person wrote at its blank lines.

    Shape: no paragraph is empty; an empty text gives none.
    """
    return tuple(
        Paragraph(lines, direction(" ".join(lines))) for lines in _groups(text)
    )


def direction(text: str) -> str:
    """Say which way a text is read, by its first letter with a direction."""
    for character in text:
        strength = unicodedata.bidirectional(character)
        if strength in {"R", "AL"}:
            return "rtl"
        if strength == "L":
            return "ltr"
    return "ltr"


def _groups(text: str) -> Iterator[tuple[str, ...]]:
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield tuple(lines)
            lines = []
