"""What people may do with comments, and with their own levels."""

from __future__ import annotations

from collections.abc import Collection

from assessments.models import Comment
from organisations.models import Membership, User

from .refusals import NotAllowed, NotYourComment


LEADING: frozenset[str] = frozenset({Membership.Role.LEAD, Membership.Role.CO_LEAD})


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
