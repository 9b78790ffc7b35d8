"""What is different between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


# Comparing takes as long as one text's words times the other's. Beyond this many,
# whole paragraphs are compared, and beyond this many of those nothing is alike.
MOST_PAIRS = 90_000


@dataclass(frozen=True)
class Piece:
    """A run of a text, and whether the other text has it not."""

    text: str
    is_changed: bool


Pieces = tuple[Piece, ...]


def differences(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Cut two texts into what they share and what only one of them has.

    Shape: the pieces of each text, joined, are that text; two texts that are the
    same have no changed piece.
    """
    for cut in (r"\S+\s*|\s+", r"[^\n]*\n+|[^\n]+"):
        old, new = re.findall(cut, before), re.findall(cut, after)
        head = _shared(old, new)
        tail = _shared(old[head:][::-1], new[head:][::-1])
        middle = (old[head : len(old) - tail], new[head : len(new) - tail])
        if len(middle[0]) * len(middle[1]) <= MOST_PAIRS:
            ends = ("".join(old[:head]), "".join(old[len(old) - tail :]))
            return _compared(*middle, ends)
    return _whole(before), _whole(after)


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """Count how many words both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(old), len(new)))


def _compared(
    old: list[str], new: list[str], ends: tuple[str, str]
) -> tuple[Pieces, Pieces]:
    head, tail = ((end, False) for end in ends)
    mine, theirs = [head], [head]
    runs = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, old_from, old_to, new_from, new_to in runs:
        is_changed = kind != "equal"
        mine.append(("".join(old[old_from:old_to]), is_changed))
        theirs.append(("".join(new[new_from:new_to]), is_changed))
    return _joined([*mine, tail]), _joined([*theirs, tail])


def _joined(runs: Sequence[tuple[str, bool]]) -> Pieces:
    """Put neighbours of a kind together, and leave out what is empty."""
    pieces: list[Piece] = []
    for text, is_changed in runs:
        if pieces and text and pieces[-1].is_changed == is_changed:
            text = pieces.pop().text + text
        if text:
            pieces.append(Piece(text, is_changed))
    return tuple(pieces)


def _whole(text: str) -> Pieces:
    return (Piece(text, is_changed=True),) if text else ()
