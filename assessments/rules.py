"""What may be done with an assessment, and why not. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .models import Assessment, Response


Status = Assessment.Status
State = Response.State

TRANSITIONS: dict[tuple[str, str], str] = {
    (Status.ANSWERING, "lock"): Status.LOCKED,
}


class NotAllowed(Exception):
    """The rule that stands in the way, as a sentence for the person."""


class AlreadyLocked(NotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "Our view is locked, so this can't be changed any more. "
            "What you wrote is kept for you."
        )


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
class EvidenceContent:
    """One piece of evidence as somebody typed it."""

    title: str
    type: str
    link: str = ""
    note: str = ""
    dated_on: date | None = None
    is_public: bool = False


@dataclass(frozen=True)
class ResponseContent:
    """All that somebody may say of one standard, saved together or not at all."""

    state: str
    level: int | None = None
    not_applicable_because: str = ""
    reason: str = ""
    is_finished: bool = False
    evidence: tuple[EvidenceContent, ...] = ()


def check_can_answer(response: Response, content: ResponseContent) -> None:
    """Check that this content may stand for this standard.

    Whether our view is locked is checked by the UPDATE, so that the text of
    somebody who comes too late is kept.
    Raises: NotAllowed when a core standard is said not to apply.
    """
    if content.state == State.NOT_APPLICABLE and response.is_core:
        raise NotAllowed("This is a core standard. It always applies.")


def check_can_lock(assessment: Assessment, unanswered: Sequence[str]) -> None:
    """Check that our view may be locked. "Don't know yet" does not stand in the way.

    Raises: AlreadyLocked when it is; NotReady when a standard has no response.
    """
    if (assessment.status, "lock") not in TRANSITIONS:
        raise AlreadyLocked
    check_all_answered(unanswered)


def check_all_answered(unanswered: Sequence[str]) -> None:
    """Check that no standard is left without a response.

    Raises: NotReady naming those that are.
    """
    if unanswered:
        raise NotReady(unanswered)
