"""What somebody has typed and not saved, and who is writing just now."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Assessment, Draft, Response
from assessments.rules import EvidenceContent, ResponseContent, Turn
from organisations.models import User
from organisations.sealing import Unreadable, unseal

from .question import RejectedText


logger = logging.getLogger(__name__)

DRAFT = "draft"
# In the words of a draft that does not go into the boxes by itself.
ASIDE = "aside"
# Chosen in the boxes of a piece of evidence before anybody types.
PRESET = {"type"}
# In the words of a draft of a comment alone, over an answer that is saved.
COMMENT_ONLY = "comment_only"
# Whoever typed nothing for so long is not said to be editing any more, or at all.
EDITING_NOW = 2
EDITING_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class DraftText:
    """Words of one's own that are not saved, as the form sent them."""

    turn: Turn
    typed: QueryDict
    typed_at: datetime

    @property
    def version(self) -> int:
        """Return the version that the words were written against."""
        version = str(self.typed.get("version", ""))
        return int(version[:9]) if version.isascii() and version.isdigit() else 0

    @property
    def is_aside(self) -> bool:
        """Say whether its author chose what somebody else saved instead."""
        return ASIDE in self.typed

    @property
    def is_comment(self) -> bool:
        """Say whether only a comment is not posted, and all else is saved."""
        return COMMENT_ONLY in self.typed

    def stands_in(self, said: ResponseContent) -> bool:
        """Say whether all that this answers stands in what is said of the standard."""
        chosen = str(self.typed.get("choice", ""))
        because = str(self.typed.get("not_applicable_because", ""))
        return (
            chosen in {"", str(said.level) if said.level is not None else said.state}
            and because in {"", said.not_applicable_because}
            and _one_line_end(self.reason) in _one_line_end(said.reason)
            and all(
                any(_is_piece_in(words, piece) for piece in said.evidence)
                for words in self._pieces().values()
            )
        )

    def _pieces(self) -> dict[str, dict[str, str]]:
        """Find what was typed of each piece of evidence, by its number."""
        pieces: dict[str, dict[str, str]] = {}
        for name in self.typed:
            part, number, field = (name + "__").split("_", 2)
            words = str(self.typed[name]).strip()
            if part == "evidence" and words:
                pieces.setdefault(number, {})[field.strip("_")] = words
        return {n: words for n, words in pieces.items() if not words.keys() <= PRESET}

    @property
    def choice(self) -> str:
        """Say what was chosen, as far as it is one of the choices."""
        chosen = str(self.typed.get("choice", ""))
        if chosen.isascii() and chosen.isdigit():
            return f"Level {chosen[:1]}"
        return str(dict(Response.State.choices).get(chosen, ""))

    @property
    def reason(self) -> str:
        return str(self.typed.get("reason", ""))

    @property
    def dissent(self) -> str:
        return str(self.typed.get("dissent", ""))

    @property
    def comment(self) -> str:
        return str(self.typed.get("comment", ""))

    def holds(self, late: RejectedText) -> bool:
        """Say whether all of a text that came too late stands in this draft."""
        chosen = f"Level {late.level}" if late.level is not None else late.state_label
        if late.content.state == Response.State.UNANSWERED:
            chosen = ""
        reason = self.reason.replace("\r\n", "\n")
        return (
            chosen == self.choice
            and late.reason in reason
            and set(late.evidence) <= set(self.evidence)
        )

    @property
    def evidence(self) -> tuple[str, ...]:
        """Return each piece in a line, as far as it was typed."""
        pieces: dict[str, list[str]] = {}
        for name in sorted(self.typed):
            part, number, field = (name + "__").split("_", 2)
            if part == "evidence" and field.strip("_") in {"title", "link", "note"}:
                pieces.setdefault(number, []).append(str(self.typed[name]))
        lines = (" · ".join(filter(None, words)) for words in pieces.values())
        return tuple(filter(None, lines))


def said_in(typed: QueryDict, name: str) -> str:
    """Give what was typed in a box, whatever the ends of its lines."""
    return _one_line_end(str(typed.get(name, "")))


def _one_line_end(words: str) -> str:
    return words.replace("\r\n", "\n").strip()


def _is_piece_in(words: Mapping[str, str], piece: EvidenceContent) -> bool:
    """Say whether all that was typed of a piece of evidence stands in another."""
    date = piece.dated_on
    saved = asdict(piece) | {
        "is_public": "on" if piece.is_public else "",
        "dated_on_day": str(date.day) if date else "",
        "dated_on_month": str(date.month) if date else "",
        "dated_on_year": str(date.year) if date else "",
    }
    return all(
        _one_line_end(said) in _one_line_end(str(saved.get(name, "")))
        if name in {"title", "link", "note"}
        else said.lstrip("0") == saved.get(name)
        for name, said in words.items()
    )


@dataclass(frozen=True)
class Editing:
    """Somebody who is writing. It is said, and never locks anything."""

    name: str
    minutes: int

    @property
    def said(self) -> str:
        """Say it after the name, in the past once she may have stopped."""
        if self.minutes < 1:
            return "is editing now"
        ago = f"{self.minutes} minute{'' if self.minutes == 1 else 's'} ago"
        if self.minutes <= EDITING_NOW:
            return f"is editing, {ago}"
        return f"was editing {ago}"


@dataclass(frozen=True)
class Unsaved:
    """What is typed for one standard: one's own drafts, the newest first, and others."""

    mine: tuple[DraftText, ...] = ()
    editing: tuple[Editing, ...] = ()

    @property
    def newest(self) -> DraftText | None:
        """Return what goes into the boxes where nothing else is asked for."""
        return next((draft for draft in self.mine if not draft.is_aside), None)

    def of(self, writing: str) -> DraftText | None:
        """Find one's own draft by the key of the page that it was typed on."""
        return next((d for d in self.mine if str(d.turn.writing) == writing), None)


def unsaved(response: Response, reader: User, at: datetime) -> Unsaved:
    """Read the reader's drafts of one standard and who else writes, in one query."""
    return unsaved_of([response], reader, at)[response.pk]


def unsaved_of(
    responses: Sequence[Response], reader: User, at: datetime
) -> Mapping[int, Unsaved]:
    """Read the drafts of several standards, by their response, in one query."""
    rows: dict[int, list[Draft]] = {response.pk: [] for response in responses}
    for row in _going_on(Q(response__in=list(rows)), reader, at):
        rows[row.response_id].append(row)
    return {
        response: Unsaved(
            mine=tuple(opened(row for row in drafts if row.author == reader)),
            editing=_editing(_of_others(drafts, reader), at),
        )
        for response, drafts in rows.items()
    }


def saved_meanwhile(response: Response, version: int, reader: User) -> str:
    """Say who saved this since somebody began to write, or nothing.

    Shape: `version` is what she writes against; `saved_by` is at hand.
    """
    if response.is_locked:
        return "Our view is locked now. Your words are safe, and only you see them."
    if version == response.version or response.saved_by is None:
        return ""
    who = response.saved_by.get_short_name()
    where = ""
    if response.saved_by == reader:
        who, where = "You", " in another window"
    when = date_format(timezone.localtime(response.saved_at), "H:i")
    return (
        f"{who} saved this{where} at {when}. "
        "Your words are safe; when you save, you will see both."
    )


def people_still_typing(assessment: Assessment) -> int:
    """Count who has typed text that is not saved yet, beside comments."""
    kept = Draft.objects.filter(response__assessment=assessment).exclude(typed="")
    return len({draft.author_id for draft in kept if not _is_comment(draft)})


def my_drafts(user: User) -> list[dict[str, Any]]:
    """List all drafts of somebody, for a file that she can keep."""
    rows = Draft.objects.filter(author=user).exclude(typed="").order_by("pk")
    return [
        {
            "typed": dict(draft.typed.lists()),
            "typed_at": draft.typed_at,
            "standard_code": row.response.standard.code,
            "organisation_name": row.response.assessment.organisation.name,
            "about": row.response.assessment.scope_name,
        }
        for row in rows.select_related(
            "response__assessment__organisation", "response__standard"
        )
        for draft in opened([row])
    ]


@dataclass(frozen=True)
class BeingWritten:
    """What the list of a principle says of one standard."""

    is_mine: bool
    # Words of one's own are there, and no more than a comment.
    is_my_comment: bool
    editing: tuple[Editing, ...]


def being_written(
    assessment: Assessment, reader: User, at: datetime
) -> Mapping[str, BeingWritten]:
    """Say by its code which standards are being written, in one query."""
    rows: dict[str, list[Draft]] = {}
    of_it = Q(response__assessment=assessment)
    for row in _going_on(of_it, reader, at).select_related("response__standard"):
        rows.setdefault(row.response.standard.code, []).append(row)
    return {code: _being_written(drafts, reader, at) for code, drafts in rows.items()}


def _being_written(drafts: Sequence[Draft], reader: User, at: datetime) -> BeingWritten:
    mine = [_is_comment(draft) for draft in drafts if draft.author == reader]
    return BeingWritten(
        is_mine=not all(mine),
        is_my_comment=bool(mine) and all(mine),
        editing=_editing(_of_others(drafts, reader), at),
    )


def _of_others(drafts: Iterable[Draft], reader: User) -> Iterable[Draft]:
    return (d for d in drafts if d.author != reader and not _is_comment(d))


def _is_comment(draft: Draft) -> bool:
    """Say whether a draft is no more than a comment; what cannot be opened is more."""
    try:
        return COMMENT_ONLY in QueryDict(unseal(draft.typed, purpose=DRAFT))
    except Unreadable:
        return False


def _going_on(where: Q, reader: User, at: datetime) -> Any:
    shown = Q(author=reader) | Q(typed_at__gt=at - EDITING_FOR)
    drafts = Draft.objects.filter(where, shown).exclude(typed="")
    return drafts.select_related("author").order_by("-typed_at", "-pk")


def _editing(drafts: Iterable[Draft], at: datetime) -> tuple[Editing, ...]:
    newest: dict[int, Editing] = {}
    for draft in drafts:
        minutes = max(0, int((at - draft.typed_at).total_seconds() // 60))
        newest.setdefault(
            draft.author_id, Editing(draft.author.get_short_name(), minutes)
        )
    return tuple(newest.values())


def opened(drafts: Iterable[Draft]) -> Iterable[DraftText]:
    """Read drafts, except those that this key does not open."""
    for draft in drafts:
        try:
            typed = unseal(draft.typed, purpose=DRAFT)
        except Unreadable:
            # The key was changed and the old one is not among the fallbacks.
            logger.error("Draft %s cannot be opened with this key", draft.pk)
            continue
        turn = Turn(draft.writing, draft.turn)
        yield DraftText(turn=turn, typed=QueryDict(typed), typed_at=draft.typed_at)
