"""Each version of a response, and what it changed, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from assessments.models import Assessment, Evidence, Response, ResponseRevision
from assessments.rules import ResponseContent, content_of, kept_columns
from organisations.models import User

from .differences import Piece, differences


Outcome = ResponseRevision.Outcome
# A piece of evidence as a revision keeps it.
Typed = Mapping[str, Any]
TYPES: dict[str, str] = dict(Evidence.Type.choices)
# What a piece of evidence holds but its title, as people read it.
PARTS = {
    "type": "kind",
    "link": "link",
    "note": "note",
    "dated_on": "date",
    "cqc_category": "CQC category",
    "is_public": "who may see it",
}


@dataclass(frozen=True)
class PastEvidence:
    title: str
    link: str
    note: str
    dated_on: date | None
    type_label: str
    is_public: bool


@dataclass(frozen=True)
class EvidenceChange:
    """`how` is what happened to the piece: put in, taken out, or what was changed."""

    how: str
    title: str


@dataclass(frozen=True)
class PastVersion:
    """What was saved, or came too late, and what it changed.

    The pieces are empty where the reason stayed as it was, and so is
    `choice_before` where the level or the state did.
    """

    version: int
    is_saved: bool
    is_current: bool
    saved_at: datetime
    saved_by: str
    choice: str
    choice_before: str
    finished: str
    is_finished: bool
    is_later: bool
    reason: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    evidence: tuple[PastEvidence, ...]
    evidence_changes: tuple[EvidenceChange, ...]

    @property
    def has_new_reason(self) -> bool:
        return bool(self.before or self.after)

    @property
    def has_changes(self) -> bool:
        return bool(
            self.choice_before
            or self.finished
            or self.has_new_reason
            or self.evidence_changes
        )


def response_at(assessment: Assessment, principle_slug: str, position: int) -> Response:
    """Load the response to one standard, with what its page names.

    Raises: Response.DoesNotExist when the edition has no such standard.
    """
    everything = Response.objects.also_outside(assessment)
    found = everything.select_related("standard__principle")
    response = found.get(
        standard__principle__slug=principle_slug, standard__position=position
    )
    # Set from what is at hand, so that it costs no query.
    response.assessment = assessment
    return response


def past_versions(response: Response, *, reader: User) -> QuerySet[ResponseRevision]:
    """Find what was saved for a standard, newest first.

    Shape: with the reader's own texts that came too late, and nobody else's.
    """
    own = Q(outcome=Outcome.REJECTED, saved_by=reader)
    found = response.revisions.filter(Q(outcome=Outcome.SAVED) | own)
    return found.select_related("saved_by").order_by("-pk")


def saved_versions(response: Response) -> QuerySet[ResponseRevision]:
    """Find the versions of a response that stood once, or stand now."""
    return response.revisions.filter(outcome=Outcome.SAVED)


def contents_at(versions: Mapping[int, int]) -> Mapping[int, ResponseContent]:
    """Read what stood once, in one query at most.

    Shape: a version of each response, by its key; what never stood is left out.
    """
    asked = [Q(response=key, version=version) for key, version in versions.items()]
    if not asked:
        return {}
    where = reduce(or_, asked)
    found = ResponseRevision.objects.filter(where, outcome=Outcome.SAVED)
    return {revision.response_id: content_of(revision) for revision in found}


def told_versions(
    response: Response, revisions: Sequence[ResponseRevision]
) -> tuple[PastVersion, ...]:
    """Say a page of versions in words, in two queries.

    Shape: each against the version before it, which may be on the next page.
    """
    levels = response.assessment.edition.levels.all()
    words = {level.value: str(level) for level in levels}
    before = _those_before(response, revisions)
    return tuple(
        _told(revision, before(revision), response, words) for revision in revisions
    )


def told_change(
    response: Response,
    before: ResponseContent,
    after: ResponseContent,
    *,
    words: Mapping[int, str],
    by: User,
    at: datetime,
) -> PastVersion:
    """Say in words what would change, were one content saved in the other's place."""
    old, new = (
        ResponseRevision(
            outcome=Outcome.SAVED,
            version=response.version + 1,
            saved_by=by,
            saved_at=at,
            **kept_columns(content),
        )
        for content in (before, after)
    )
    return _told(new, old, response, words)


def _those_before(
    response: Response, revisions: Sequence[ResponseRevision]
) -> Callable[[ResponseRevision], ResponseRevision]:
    """Find for each version the one that it took the place of."""
    saved = {r.version: r for r in revisions if r.outcome == Outcome.SAVED}
    if saved:
        earlier = saved_versions(response).filter(version=min(saved) - 1)
        saved.update({revision.version: revision for revision in earlier})
    nothing = ResponseRevision(
        state=Response.State.UNANSWERED, is_finished=False, evidence=[]
    )

    def before(revision: ResponseRevision) -> ResponseRevision:
        # What came too late changed nothing.
        is_saved = revision.outcome == Outcome.SAVED
        return saved.get(revision.version - 1, nothing) if is_saved else revision

    return before


def _told(
    revision: ResponseRevision,
    before: ResponseRevision,
    response: Response,
    words: Mapping[int, str],
) -> PastVersion:
    is_saved = revision.outcome == Outcome.SAVED
    choice, choice_before = _choice(revision, words), _choice(before, words)
    has_new_reason = before.reason != revision.reason
    pieces = differences(before.reason, revision.reason) if has_new_reason else ((), ())
    return PastVersion(
        version=revision.version,
        is_saved=is_saved,
        is_current=is_saved and revision.version == response.version,
        saved_at=revision.saved_at,
        saved_by=str(revision.saved_by),
        choice=choice,
        choice_before=choice_before if choice_before != choice else "",
        finished=_finished(before, revision),
        is_finished=revision.is_finished,
        is_later=revision.is_later,
        reason=revision.reason,
        before=pieces[0],
        after=pieces[1],
        evidence=tuple(_evidence(piece) for piece in revision.evidence),
        evidence_changes=tuple(_evidence_changes(before.evidence, revision.evidence)),
    )


def _choice(revision: ResponseRevision, words: Mapping[int, str]) -> str:
    """Say the level with its word, or the state with why it does not apply."""
    if revision.level is not None:
        return words.get(revision.level, str(revision.level))
    because = revision.get_not_applicable_because_display()
    return ": ".join(filter(None, [revision.get_state_display(), because]))


def _finished(before: ResponseRevision, revision: ResponseRevision) -> str:
    marks = before.is_finished, before.is_later
    if marks == (revision.is_finished, revision.is_later):
        return ""
    if revision.is_finished:
        return "Marked as finished."
    if revision.is_later:
        return "Marked for later."
    mark = "as finished" if before.is_finished else "for later"
    return f"Not marked {mark} any more."


def _evidence(piece: Typed) -> PastEvidence:
    dated_on = piece.get("dated_on")
    return PastEvidence(
        title=piece["title"],
        link=piece.get("link", ""),
        note=piece.get("note", ""),
        dated_on=date.fromisoformat(dated_on) if dated_on else None,
        type_label=TYPES.get(piece["type"]) or piece["type"],
        is_public=piece.get("is_public", False),
    )


def _without(pieces: Sequence[Typed], others: Sequence[Typed]) -> list[Typed]:
    """Leave out of the pieces what the others have as well, each once."""
    kept, left = [], list(others)
    for piece in pieces:
        if piece in left:
            left.remove(piece)
        else:
            kept.append(piece)
    return kept


def _evidence_changes(
    before: Sequence[Typed], after: Sequence[Typed]
) -> Iterator[EvidenceChange]:
    """Pair what has the same title; the rest was put in or taken out."""
    new, old = _without(after, before), _without(before, after)
    is_moved = not new and not old and before != after
    for piece in new:
        same = next((p for p in old if p["title"] == piece["title"]), None)
        if same:
            old.remove(same)
            parts = [PARTS[key] for key in PARTS if same.get(key) != piece.get(key)]
            yield EvidenceChange(f"changed ({', '.join(parts)})", piece["title"])
        else:
            yield EvidenceChange("put in", piece["title"])
    for piece in old:
        yield EvidenceChange("taken out", piece["title"])
    if is_moved:
        yield EvidenceChange("put in another order", "")
