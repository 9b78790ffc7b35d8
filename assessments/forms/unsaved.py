"""What of a sent form is saved nowhere: all of it, a comment alone, or nothing."""

from __future__ import annotations

from django.http import QueryDict

from assessments.queries import ASIDE, COMMENT_ONLY, DraftText, said_in
from assessments.rules import ResponseContent

from .drafts import COMMENT, put_piece
from .pieces import MOST_PIECES_SHOWN
from .response import initial_of


# Set in the boxes before anybody types, so that it says nothing by itself.
PRESET = ("type",)


def unsaved_words(
    draft: DraftText, stands: ResponseContent, version: int, *, is_own: bool
) -> QueryDict | None:
    """Leave out the answer, where all that a draft says of it stands already.

    Shape: None for nothing new. `is_own` when the draft's author saved what stands:
    what she typed before it may then say less, as it was on its way.
    """
    typed = draft.typed
    if ASIDE in typed or typed.get("dissent", "").strip():
        return typed
    is_earlier = is_own and draft.version < version and draft.stands_in(stands)
    if not (is_earlier or _says_what_stands(draft, stands, version)):
        return typed
    if not typed.get(COMMENT[0], "").strip():
        return None
    words = QueryDict(mutable=True)
    for name in COMMENT:
        if name in typed:
            words.setlist(name, typed.getlist(name))
    words["version"], words[COMMENT_ONLY] = str(version), "yes"
    return words


def _says_what_stands(draft: DraftText, stands: ResponseContent, version: int) -> bool:
    if draft.version != version:
        return False
    shown = _sent(stands, version)
    numbers = range(1, MOST_PIECES_SHOWN + 1)
    names = {"choice", "not_applicable_because", "reason"}
    # Its boxes are not on the page of many standards.
    if "is_finished" in draft.typed:
        names.add("is_finished")
    said = {name for name in draft.typed if name.startswith("evidence_")}
    names |= said | {name for name in shown if name.startswith("evidence_")}
    empty = {n for n in numbers if f"evidence_{n}_title" not in shown}
    preset = {f"evidence_{n}_{name}" for n in empty for name in PRESET}
    return all(
        said_in(draft.typed, name) == said_in(shown, name) for name in names - preset
    )


def _sent(stands: ResponseContent, version: int) -> QueryDict:
    """Give what stands, as its page sends it when nobody has typed anything."""
    sent = QueryDict(mutable=True)
    for name, words in initial_of(stands, version=version).items():
        if not name.startswith("evidence_"):
            sent[name] = str(words)
    for number, piece in enumerate(stands.evidence, start=1):
        put_piece(piece, sent, number)
    return sent
