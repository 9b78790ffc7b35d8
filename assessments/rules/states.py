"""What may be done in each status of an assessment, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.models import Assessment

from .refusals import (
    AlreadyLocked,
    CommentsClosed,
    NotAllowed,
    NotPublishable,
    NotReady,
    NotUnlockable,
)


Status = Assessment.Status
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
