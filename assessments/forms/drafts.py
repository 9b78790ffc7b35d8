"""What a question's form says beside the answer: which page it is, and the words."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import QueryDict

from assessments.models import Evidence
from assessments.queries import QuestionPage
from assessments.rules import Turn, Writing

from .pieces import MOST_PIECES_SHOWN


# Of every showing of the page anew, or no part of the answer.
NOT_TYPED = {
    *("csrfmiddlewaretoken", "author", "writing", "follows", "back_to_list", "join"),
    *("draft", "turn", "nothing", "kept", "kept_path", "why"),
    *("post_comment", "resolve", "reopen", "looked"),
}
MOST = 2**31 - 2


def writing_of(posted: QueryDict) -> Writing | None:
    """Tell on which page this was typed, or None when it does not say."""
    key = _uuid(posted.get("writing", ""))
    return None if key is None else Writing(key, turn_of(posted.get("follows", "")))


def turn_of(words: str) -> Turn | None:
    """Read a turn as the page writes it, or None."""
    key, _, number = words.partition(" ")
    writing = _uuid(key)
    return None if writing is None else Turn(writing, whole(number))


def whole(words: str) -> int:
    """Read a number that nobody typed; what is none, or too much, is the nearest."""
    is_number = words.isascii() and words.isdigit()
    return min(int(words[:12]), MOST) if is_number else 0


def typed_of(posted: QueryDict) -> str:
    """Give what was typed, in the way a form sends it."""
    typed = QueryDict(mutable=True)
    for name, values in posted.lists():
        if name not in NOT_TYPED:
            typed.setlist(name, values)
    return typed.urlencode()


def both_texts(posted: QueryDict, theirs: QuestionPage | None = None) -> QueryDict:
    """Give back one's own text, after what stands now where that is to be joined.

    Shape: what both say is there once.
    """
    mine = posted.copy()
    if theirs is None:
        return mine
    reason = theirs.response.reason
    if reason not in mine.get("reason", "").replace("\r\n", "\n"):
        mine["reason"] = f"{reason}\n\n{mine.get('reason', '')}".strip()
    titles = {mine.get(f"evidence_{n}_title", "") for n in range(1, MOST_PIECES_SHOWN)}
    number = max((n for n in range(1, 4) if _is_there(mine, n)), default=0)
    for piece in theirs.evidence:
        if piece.title not in titles:
            number += 1
            for name, words in _piece(piece, number).items():
                mine[name] = words
    return mine


def _is_there(posted: QueryDict, number: int) -> bool:
    return any(
        posted.get(f"evidence_{number}_{name}") for name in ("title", "link", "note")
    )


def _piece(piece: Evidence, number: int) -> dict[str, str]:
    """Write a piece of evidence as a form sends it."""
    boxes = {name: getattr(piece, name) for name in ("title", "type", "link", "note")}
    if piece.is_public:
        boxes["is_public"] = "on"
    if piece.dated_on:
        parts = ("day", "month", "year")
        boxes |= {f"dated_on_{p}": str(getattr(piece.dated_on, p)) for p in parts}
    return {f"evidence_{number}_{name}": words for name, words in boxes.items()}


def new_writing(follows: Turn | None = None) -> Writing:
    return Writing(uuid4(), follows)


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
