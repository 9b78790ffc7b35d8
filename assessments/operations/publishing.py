"""Publish that an organisation has assessed itself, or hold that back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from assessments.models import Assessment, Hold, Publication
from assessments.queries import open_hold, people_who_took_part
from assessments.rules import (
    NotPublishable,
    OwnView,
    band_of,
    check_can_lift,
    check_can_publish,
    status_after,
)
from organisations import audit
from organisations.models import MailPreference, Membership, User
from organisations.rules import AlreadyDone, check_can_change
from organisations.steps import assessment_published, tell_leads


def publish_own_view(
    *, assessment: Assessment, own_view: OwnView, by: User, at: datetime
) -> Publication:
    """Let the register say that the organisation has assessed itself.

    No level and no count of standards goes out: rulings.md 28.
    Raises: NotPublishable, HeldBack, Paused.
    Effects: the stage and the next date; a mail to leads and co-leads; audit event
    "own_view".
    """
    with transaction.atomic(durable=True):
        held = _hold_still(assessment)
        check_can_publish(
            held,
            hold=open_hold(held),
            is_published=Publication.objects.filter(assessment=held).exists(),
        )
        publication = Publication.objects.create(
            assessment=held,
            published_at=at,
            published_by=by,
            why_not_asked=own_view.why_not_asked,
            assessed_by=band_of(people_who_took_part(held)),
            strengths=own_view.strengths,
            gaps=own_view.gaps,
            actions=own_view.actions,
        )
        _move_stage(publication, by=by, at=at)
        _tell("published", held, by=by, at=at)
    return publication


def hold_back(
    *, assessment: Assessment, membership: Membership, reason: str, at: datetime
) -> Hold:
    """Hold publishing back, for a reason, until it is let go.

    Raises: NotPublishable when it is published already; AlreadyDone when somebody
    holds it back; Paused.
    Effects: a mail to leads and co-leads; audit event "placed".
    """
    with transaction.atomic(durable=True):
        held = _hold_still(assessment)
        status_after(held, "hold_back")
        if Publication.objects.filter(assessment=held).exists():
            raise NotPublishable("This assessment is published already.")
        hold = _place(held, membership, reason, at)
        _tell("held_back", held, by=membership.user, at=at)
        _record("placed", hold, by=membership.user, at=at)
    return hold


def lift_hold(*, hold: Hold, membership: Membership, at: datetime) -> None:
    """Let publishing go on.

    Raises: NotYours; AlreadyDone when it was let go already; Paused.
    Effects: a mail to leads and co-leads; audit event "lifted".
    """
    with transaction.atomic(durable=True):
        held = _hold_still(hold.assessment)
        status_after(held, "lift_hold")
        check_can_lift(hold, membership)
        moved = (
            Hold.objects.open()
            .filter(pk=hold.pk)
            .update(lifted_by=membership.user, lifted_at=at)
        )
        if not moved:
            raise AlreadyDone("This was lifted already.")
        _tell("hold_lifted", held, by=membership.user, at=at)
        _record("lifted", hold, by=membership.user, at=at)


def _hold_still(assessment: Assessment) -> Assessment:
    """Let publishing and holding back come one after the other.

    Raises: Paused.
    """
    held = (
        Assessment.objects.select_related("organisation")
        .select_for_update(of=("self",))
        .get(pk=assessment.pk)
    )
    check_can_change(held.organisation)
    return held


def _place(
    assessment: Assessment, membership: Membership, reason: str, at: datetime
) -> Hold:
    try:
        with transaction.atomic():
            return Hold.objects.create(
                assessment=assessment,
                placed_by=membership.user,
                placed_as=membership.role,
                placed_at=at,
                reason=reason,
            )
    except IntegrityError:
        raise AlreadyDone("Somebody holds publishing back already.") from None


def _move_stage(publication: Publication, *, by: User, at: datetime) -> None:
    assessment_published(
        organisation=publication.assessment.organisation,
        by=by,
        at=at,
        assessed_by=publication.assessed_by,
        words={
            "public_strengths": publication.strengths,
            "public_gaps": publication.gaps,
            "public_actions": publication.actions,
        },
        of=str(publication.assessment.public_id),
    )


def _tell(template: str, assessment: Assessment, *, by: User, at: datetime) -> None:
    tell_leads(
        organisation=assessment.organisation,
        template=template,
        context={
            "person": str(by),
            "assessment": str(assessment),
            "path": assessment.get_absolute_url(),
        },
        kind=MailPreference.Kind.NEWS,
        at=at,
    )


def _record(verb: str, hold: Hold, *, by: User, at: datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=hold,
        organisation=hold.assessment.organisation,
        at=at,
        details={"assessment": str(hold.assessment.public_id)},
    )
