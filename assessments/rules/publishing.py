"""What may be published, and who may hold it back."""

from __future__ import annotations

from assessments.models import Assessment, Hold
from organisations.models import Membership, Organisation

from .refusals import HeldBack, NotPublishable, NotYours
from .states import status_after


Band = Organisation.Band


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
