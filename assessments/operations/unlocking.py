"""Unlock our view, so that it can be answered again."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from assessments.models import Assessment, Publication, Response, Unlocking
from assessments.rules import NotUnlockable, check_can_unlock
from organisations import audit
from organisations.models import User
from organisations.rules import check_can_change
from organisations.steps import tell_leads


def unlock(
    *,
    assessment: Assessment,
    reason: str,
    locked_at: datetime | None,
    by: User,
    at: datetime,
) -> Unlocking:
    """Let our view be answered again, for a reason.

    Shape: `locked_at` says which lock the page showed.
    Raises: NotUnlockable; Paused.
    Effects: every response can be written again; the lock that ends is kept with the
    reason; a mail to leads and co-leads; audit event "unlocked".
    """
    with transaction.atomic(durable=True):
        held = (
            Assessment.objects.select_related("organisation", "locked_by")
            .select_for_update(of=("self",))
            .get(pk=assessment.pk)
        )
        check_can_change(held.organisation)
        after = check_can_unlock(
            held, is_published=Publication.objects.filter(assessment=held).exists()
        )
        if locked_at is None or held.locked_at != locked_at:
            raise NotUnlockable("Our view was unlocked and locked again meanwhile.")
        assert held.locked_by is not None  # The two come together: a constraint.
        unlocking = Unlocking.objects.create(
            assessment=held,
            locked_at=locked_at,
            locked_by=held.locked_by,
            unlocked_at=at,
            unlocked_by=by,
            reason=reason,
        )
        _let_go(held, after)
        _tell(held, by=by, at=at)
        audit.record(
            by=by,
            verb="unlocked",
            subject=held,
            organisation=held.organisation,
            at=at,
            details={"before": held.status},
        )
    assessment.refresh_from_db()
    return unlocking


def _let_go(assessment: Assessment, after: str) -> None:
    """Unlock the assessment first: the database looks at it when a response follows.

    Raises: NotUnlockable while another assessment of the same is being answered.
    """
    try:
        with transaction.atomic():
            Assessment.objects.filter(
                pk=assessment.pk, status=assessment.status
            ).update(status=after, locked_at=None, locked_by=None)
    except IntegrityError:
        raise NotUnlockable(
            "A newer assessment of this is under way. Carry on with that one."
        ) from None
    Response.objects.also_outside(assessment).update(is_locked=False)


def _tell(assessment: Assessment, *, by: User, at: datetime) -> None:
    # Of no kind, so that nobody has stopped it: who leads together knows of it.
    tell_leads(
        organisation=assessment.organisation,
        template="unlocked",
        context={
            "person": str(by),
            "assessment": str(assessment),
            "path": assessment.get_absolute_url(),
        },
        at=at,
    )
