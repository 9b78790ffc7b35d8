"""What may be done with an assessment, and why not. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.text import get_text_list

from organisations.models import Membership, Organisation, User
from organisations.rules import months_after

from .models import Assessment, Comment, Evidence, Hold, Response, ResponseRevision


Band = Organisation.Band
Kind = Evidence.Type
Status = Assessment.Status
State = Response.State
LEADING: frozenset[str] = frozenset({Membership.Role.LEAD, Membership.Role.CO_LEAD})

# From here on a level asks for proof: docs/scoring.md.
HIGH = 3
OLD_AFTER_MONTHS = 24
SHORTEST_SENTENCE = 20

# What may be done in each status, by the names of the operations, and the status
# after it. What is not here is refused. `make states` writes it out for readers:
# docs/assessment-states.md.
TRANSITIONS: dict[tuple[str, str], str] = {
    (Status.ANSWERING, "change_set_up"): Status.ANSWERING,
    (Status.ANSWERING, "share"): Status.ANSWERING,
    (Status.ANSWERING, "answer"): Status.ANSWERING,
    (Status.ANSWERING, "restore"): Status.ANSWERING,
    (Status.ANSWERING, "save_sheet"): Status.ANSWERING,
    (Status.ANSWERING, "finish_principle"): Status.ANSWERING,
    (Status.ANSWERING, "post_comment"): Status.ANSWERING,
    (Status.ANSWERING, "edit_comment"): Status.ANSWERING,
    (Status.ANSWERING, "resolve_comment"): Status.ANSWERING,
    (Status.ANSWERING, "reopen_comment"): Status.ANSWERING,
    (Status.ANSWERING, "delete_comment"): Status.ANSWERING,
    (Status.ANSWERING, "ask_for_another_look"): Status.ANSWERING,
    (Status.ANSWERING, "ask_for_ratings"): Status.ANSWERING,
    (Status.ANSWERING, "rate"): Status.ANSWERING,
    (Status.ANSWERING, "show_ratings"): Status.ANSWERING,
    (Status.ANSWERING, "note_dissent"): Status.ANSWERING,
    (Status.ANSWERING, "look_again"): Status.ANSWERING,
    (Status.ANSWERING, "lock"): Status.LOCKED,
    (Status.ANSWERING, "hold_back"): Status.ANSWERING,
    (Status.ANSWERING, "lift_hold"): Status.ANSWERING,
    (Status.LOCKED, "unlock"): Status.ANSWERING,
    (Status.LOCKED, "publish_own_view"): Status.LOCKED,
    # Comments are of the record as the answers are. But whoever named a person in one
    # can always take those words back.
    (Status.LOCKED, "delete_comment"): Status.LOCKED,
    (Status.LOCKED, "hold_back"): Status.LOCKED,
    (Status.LOCKED, "lift_hold"): Status.LOCKED,
}


class NotAllowed(Exception):
    """The rule that stands in the way, as a sentence for the person."""


class AlreadyLocked(NotAllowed):
    def __init__(self) -> None:
        super().__init__("Our view is locked, so this can't be changed.")


class ArrangedMeanwhile(NotAllowed):
    """Somebody else changed the set-up, or who does what."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody changed this while you had it open. "
            "Look at what stands now, and save again if you still want to."
        )


class CommentsClosed(NotAllowed):
    def __init__(self) -> None:
        super().__init__("While our view is locked, comments are closed as well.")


class CommentChanged(NotAllowed):
    """The comment is not any more what the page showed."""

    def __init__(self) -> None:
        super().__init__(
            "This comment was changed or deleted in another window. "
            "What you typed is still here."
        )


class NotYourComment(NotAllowed):
    """Only its author changes or deletes a comment."""


class DissentConflict(NotAllowed):
    """What some see differently is not any more what the page showed."""

    def __init__(self) -> None:
        super().__init__("Something else was noted here while you were writing.")


class NotAskedNow(NotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "Nobody is asked about this any more: how the levels spread is shown, and "
            "stays as it is."
        )


class NotUnlockable(NotAllowed):
    """Our view stays locked, or is not locked."""


class NotPublishable(NotAllowed):
    """This assessment can't be published, or not now."""


class HeldBack(NotPublishable):
    """A lead or co-lead holds publishing back."""


class NotYours(NotAllowed):
    """Only who holds it back, or another of the same role, can let it go."""


class NotReady(NotAllowed):
    """Standards still without a response. `codes` names them."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        standards = "standard has" if len(codes) == 1 else "standards have"
        super().__init__(
            f"{len(codes)} {standards} no answer yet: {', '.join(codes)}. "
            'You can choose "Don\'t know yet".'
        )


@dataclass(frozen=True)
class SetUp:
    """What an assessment looks at, and when.

    Shape: `domains` are codes, at least one; the period has both ends or none.
    """

    domains: tuple[str, ...] = tuple(Organisation.Domain.values)
    period_from: date | None = None
    period_until: date | None = None
    answer_by: date | None = None


@dataclass(frozen=True)
class EvidenceContent:
    """One piece of evidence as somebody typed it."""

    title: str
    type: str
    link: str = ""
    note: str = ""
    dated_on: date | None = None
    is_public: bool = False
    cqc_category: str = ""


@dataclass(frozen=True)
class ResponseContent:
    """All that somebody may say of one standard, saved together or not at all."""

    state: str
    level: int | None = None
    not_applicable_because: str = ""
    reason: str = ""
    is_finished: bool = False
    evidence: tuple[EvidenceContent, ...] = ()


def content_of(revision: ResponseRevision) -> ResponseContent:
    """Take from a revision all that it said of its standard."""
    return ResponseContent(
        state=revision.state,
        level=revision.level,
        not_applicable_because=revision.not_applicable_because,
        reason=revision.reason,
        is_finished=revision.is_finished,
        evidence=tuple(_evidence_of(piece) for piece in revision.evidence),
    )


def _evidence_of(piece: dict[str, Any]) -> EvidenceContent:
    dated_on = piece["dated_on"]
    dates = {"dated_on": date.fromisoformat(dated_on) if dated_on else None}
    return EvidenceContent(**piece | dates)


def content_of_response(
    response: Response, evidence: Iterable[Evidence]
) -> ResponseContent:
    """Take from a response all that it says now, with its evidence in order."""
    names = [field.name for field in fields(EvidenceContent)]
    return ResponseContent(
        state=response.state,
        level=response.level,
        not_applicable_because=response.not_applicable_because,
        reason=response.reason,
        is_finished=response.is_finished,
        evidence=tuple(
            EvidenceContent(**{name: getattr(piece, name) for name in names})
            for piece in evidence
        ),
    )


def kept_columns(content: ResponseContent) -> dict[str, Any]:
    """Give what somebody said of a standard as a revision keeps it."""
    evidence = [
        asdict(piece) | {"dated_on": piece.dated_on and piece.dated_on.isoformat()}
        for piece in content.evidence
    ]
    return asdict(content) | {"evidence": evidence}


@dataclass(frozen=True)
class Turn:
    """What a page had been sent as a draft by a certain moment."""

    writing: UUID
    number: int


@dataclass(frozen=True)
class Writing:
    """One showing of a page on which somebody types.

    `follows` is the draft that the page gave back, and so takes the place of.
    """

    key: UUID
    follows: Turn | None = None


@dataclass(frozen=True)
class OwnView:
    """What is published with an assessment, and why people were not asked yet.

    The reason stays inside the organisation; the other texts are public.
    """

    why_not_asked: str
    strengths: str = ""
    gaps: str = ""
    actions: str = ""


def status_after(assessment: Assessment, operation: str) -> str:
    """Say in which status an operation leaves an assessment.

    Raises: AlreadyLocked, or what the operation says instead, when it is not one of
    those that its status allows.
    """
    try:
        return TRANSITIONS[assessment.status, operation]
    except KeyError:
        raise _refusal_of(operation) from None


def _refusal_of(operation: str) -> NotAllowed:
    if operation == "publish_own_view":
        return NotPublishable("Lock our view first. Then it can be published.")
    if operation == "unlock":
        return NotUnlockable("Our view is not locked.")
    if operation.endswith("_comment"):
        return CommentsClosed()
    return AlreadyLocked()


def check_can_answer(response: Response, content: ResponseContent) -> None:
    """Check that this content may stand for this standard.

    Whether our view is locked is checked by the UPDATE, so that the text of
    somebody who comes too late is kept.
    Raises: NotAllowed when the standard is left out, when a core standard is said not
    to apply, or any standard without a reason of the list and a sentence that
    explains it.
    """
    if response.is_outside:
        raise NotAllowed(
            "A lead has left this standard out of the assessment, so that its answer "
            "can't be changed."
        )
    if content.state != State.NOT_APPLICABLE:
        return
    if response.is_core:
        raise NotAllowed("This is a core standard. It always applies.")
    if not content.not_applicable_because or not content.reason.strip():
        raise NotAllowed("Choose why it does not apply, and say it in a sentence.")


# What people say, and the co-lead's agreement, come after our own view: nobody is asked
# to prove them here.
IN_USE = {Kind.NUMBER, Kind.ACCOUNT, Kind.SEEN, Kind.CHANGE, Kind.OUTSIDE_VIEW}
A_DOCUMENT = "a document that says how you work"
AN_EXAMPLE = "an example of it in use"
A_CHANGE = "a change that people can point to"


def missing_proof(level: int | None, kinds: Collection[str]) -> tuple[str, ...]:
    """Name what would still show a high level.

    Shape: `kinds` of the evidence there is; empty below level 3.
    Source: docs/scoring.md.
    """
    if level is None or level < HIGH:
        return ()
    needs = [
        (A_DOCUMENT, Kind.DOCUMENT in kinds),
        (AN_EXAMPLE, not IN_USE.isdisjoint(kinds)),
    ]
    if level > HIGH:
        needs.append((A_CHANGE, Kind.CHANGE in kinds))
    return tuple(need for need, is_there in needs if not is_there)


def advice_on_proof(code: str, content: ResponseContent) -> str:
    """Say to who saved a high level what would show it; empty where it is shown.

    Shape: `code` of the standard; sentences that follow a save, and stop nothing.
    """
    missing = missing_proof(content.level, {item.type for item in content.evidence})
    if not missing:
        return ""
    so_far, also = ("", "also ") if content.evidence else (" and no evidence yet", "")
    return (
        f"{code} has level {content.level}{so_far}. You can leave it so. "
        f"Readers may ask what shows it. This would {also}count: "
        f"{get_text_list(list(missing), 'and')}."
    )


def is_old(dated_on: date | None, *, on: date) -> bool:
    """Say whether evidence is older than 24 months; without a date it is not."""
    return dated_on is not None and months_after(dated_on, OLD_AFTER_MONTHS) < on


def age_of(dated_on: date, *, on: date) -> str:
    """Say in words how old evidence is.

    Shape: whole months up to two years, then whole years.
    """
    months = (on.year - dated_on.year) * 12 + on.month - dated_on.month
    if months_after(dated_on, months) > on:
        months -= 1
    if months < 1:
        return "less than a month old"
    unit, number = ("month", months) if months < 24 else ("year", months // 12)
    return f"{number} {unit}{'' if number == 1 else 's'} old"


def is_short(reason: str) -> bool:
    """Say whether a reason is shorter than a sentence, or missing."""
    return len(reason.strip()) < SHORTEST_SENTENCE


def check_can_edit_comment(comment: Comment, by: User) -> None:
    """Check that this person wrote the comment.

    Raises: NotYourComment.
    """
    if comment.author_id != by.pk:
        raise NotYourComment("Only who wrote a comment can change it.")


def check_can_delete_comment(
    comment: Comment, membership: Membership, *, has_author_left: bool
) -> None:
    """Check that this person may take the words of a comment away.

    Her own; or, as a lead or co-lead, those of somebody who has left and could not.
    Raises: NotYourComment.
    """
    if comment.author_id == membership.user_id:
        return
    if not has_author_left or membership.role not in LEADING:
        raise NotYourComment(
            "Only who wrote a comment can delete it. Once they have left, "
            "a lead or a co-lead can."
        )


# Below that the spread would be somebody's own level.
FEWEST_RATINGS = 2


def check_can_ask_for_ratings(people: Collection[User]) -> None:
    """Check that enough people are asked for their own level.

    Raises: NotAllowed for fewer than two.
    """
    if len(people) < FEWEST_RATINGS:
        raise NotAllowed("Ask at least two people, so that nobody's level is shown.")


def check_can_show_ratings(rated: int) -> None:
    """Check that enough people have recorded their own level.

    Raises: NotAllowed for fewer than two.
    """
    if rated < FEWEST_RATINGS:
        raise NotAllowed("Fewer than two have recorded their own level yet.")


def check_can_lock(assessment: Assessment, unanswered: Sequence[str]) -> str:
    """Check that our view may be locked. "Don't know yet" does not stand in the way.

    Shape: the status that it has after that.
    Raises: AlreadyLocked when it is; NotReady when a standard has no response.
    """
    after = status_after(assessment, "lock")
    check_all_answered(unanswered)
    return after


def check_can_unlock(assessment: Assessment, *, is_published: bool) -> str:
    """Check that our view may be unlocked.

    Shape: the status that it has after that.
    Raises: NotUnlockable when it is not locked, when it is published, or when somebody
    could have read what people said.
    """
    after = status_after(assessment, "unlock")
    if is_published:
        raise NotUnlockable(
            "This assessment is published, so that our view stays as it is."
        )
    if could_read_people(assessment):
        raise NotUnlockable(
            "People's answers could be read already, so that our view stays as it is."
        )
    return after


def could_read_people(assessment: Assessment) -> bool:
    """Say whether anybody here could have read what people who were asked said.

    Nobody can while our view is being answered or is only locked: nothing that people
    say is asked for yet, let alone released. When it is, a release counts here.
    """
    return assessment.status not in {Status.ANSWERING, Status.LOCKED}


def check_all_answered(unanswered: Sequence[str]) -> None:
    """Check that no standard is left without a response.

    Raises: NotReady naming those that are.
    """
    if unanswered:
        raise NotReady(unanswered)


def check_can_publish(
    assessment: Assessment, *, hold: Hold | None, is_published: bool
) -> None:
    """Check that this assessment may be published as the organisation's own view.

    Raises: NotPublishable; HeldBack, naming who holds it back.
    """
    organisation = assessment.organisation
    if not organisation.stage:
        raise NotPublishable(f"{organisation} has not signed up to 4Pi.")
    if is_published:
        raise NotPublishable("This assessment is published already.")
    status_after(assessment, "publish_own_view")
    if hold is not None:
        raise HeldBack(
            f"{hold.placed_by} holds publishing back. "
            "It can be published when that is lifted."
        )


def check_can_lift(hold: Hold, membership: Membership) -> None:
    """Check that this person may let go what is held back.

    Not a lead what a co-lead holds back, and not the other way round: both count.
    Raises: NotYours.
    """
    is_own = hold.placed_by_id == membership.user_id
    if not is_own and hold.placed_as != membership.role:
        role = hold.get_placed_as_display().lower()
        raise NotYours(f"Only {hold.placed_by}, or another {role}, can lift this.")


def band_of(people: int) -> str:
    """Say roughly how many people took part, as the register does.

    Shape: one or more.
    """
    if people >= 10:
        return Band.MANY
    if people >= 5:
        return Band.SOME
    return Band.FEW if people >= 2 else Band.ONE
