"""What a question's form says beside the answer: which page it is, and the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from django.http import QueryDict

from assessments.models import Evidence
from assessments.queries import QuestionPage
from assessments.rules import EvidenceContent, Turn, Writing

from .pieces import MOST_PIECES_SHOWN, PIECES


# Of every showing of the page anew, or no part of the answer.
NOT_TYPED = {
    *("csrfmiddlewaretoken", "author", "writing", "follows", "back_to_list", "join"),
    *("draft", "turn", "nothing", "kept", "kept_path", "why"),
    *("post_comment", "resolve", "reopen", "looked", "last_evidence", "beside", "use"),
    *("mine", "settled", "theirs"),
}
# What stands in boxes beside those of the answer, and is kept apart from it.
DISSENT = ("dissent", "dissent_seen")
COMMENT = ("comment", "tell")
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
    for name, values in as_written(posted).lists():
        if name not in NOT_TYPED:
            typed.setlist(name, values)
    return typed.urlencode()


def as_written(posted: QueryDict) -> QueryDict:
    """Give what was sent, over the version that its author wrote it against.

    A page that shows both texts names the version that stands, for her choice between
    them. Until she saves it, her words are still over the earlier one.
    """
    over = posted.get("beside", "")
    if not (over.isascii() and over.isdigit()):
        return posted
    written = posted.copy()
    written["version"] = over
    return written


def both_texts(posted: QueryDict, theirs: QuestionPage | None = None) -> QueryDict:
    """Give back one's own text, after what stands now where that is to be joined.

    Shape: what both say is there once.
    """
    mine = posted.copy()
    if theirs is None:
        return mine
    reason = theirs.response.reason
    if reason not in mine.get("reason", "").replace("\r\n", "\n"):
        # One empty line between the two, whatever they end and begin with.
        ours = mine.get("reason", "").lstrip("\r\n")
        mine["reason"] = f"{reason.rstrip()}\n\n{ours}".strip()
    for piece in _missing(mine, theirs.evidence):
        put_piece(piece, mine, _last_filled(mine) + 1)
    return mine


def with_evidence(posted: QueryDict, evidence: Sequence[Evidence]) -> QueryDict:
    """Give back what was typed, with earlier evidence in the boxes that are empty.

    Shape: what is there already is not put in twice, and a level never.
    """
    mine = posted.copy()
    for piece in _missing(mine, evidence):
        empty = (n for n in range(1, PIECES + 1) if not _is_there(mine, n))
        if number := next(empty, 0):
            put_piece(piece, mine, number)
    return mine


def _missing(mine: QueryDict, evidence: Iterable[Evidence]) -> list[Evidence]:
    titles = {mine.get(f"evidence_{n}_title", "") for n in range(1, MOST_PIECES_SHOWN)}
    return [piece for piece in evidence if piece.title not in titles]


def _last_filled(mine: QueryDict) -> int:
    return max(
        (n for n in range(1, MOST_PIECES_SHOWN) if _is_there(mine, n)), default=0
    )


def _is_there(posted: QueryDict, number: int) -> bool:
    names = ("title", "link", "note", "dated_on_day", "dated_on_month", "dated_on_year")
    return any(posted.get(f"evidence_{number}_{name}") for name in names)


def put_piece(
    piece: Evidence | EvidenceContent, posted: QueryDict, number: int
) -> None:
    """Write a piece of evidence into its boxes, as a form sends it."""
    names = ("title", "type", "link", "note", "cqc_category")
    boxes = {name: getattr(piece, name) for name in names}
    if piece.is_public:
        boxes["is_public"] = "on"
    if piece.dated_on:
        parts = ("day", "month", "year")
        boxes |= {f"dated_on_{p}": str(getattr(piece.dated_on, p)) for p in parts}
    for name, words in boxes.items():
        posted[f"evidence_{number}_{name}"] = words


def new_writing(follows: Turn | None = None) -> Writing:
    return Writing(uuid4(), follows)


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
