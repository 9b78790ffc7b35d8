"""Ask to read an organisation's own view, grant it for a while, and look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from organisations import audit
from organisations.models import AccessGrant, Organisation, User
from organisations.queries import who_can_grant_access
from organisations.rules import (
    AccessEnded,
    AlreadyDone,
    NobodyCanGrant,
    check_can_ask_for_access,
)
from organisations.steps import post_mail


LASTS = timedelta(hours=72)
State = AccessGrant.State
WAS_FIRST = "Somebody else answered this first. Nothing was changed now."


def ask_for_access(
    *, organisation: Organisation, reason: str, by: User, at: datetime
) -> AccessGrant:
    """Ask the leads and co-leads to let a steward read their own view.

    Raises: NotASteward, Merged, NobodyCanGrant, AlreadyDone when the steward waits
    for an answer or may read already.
    Effects: a mail to each of them; audit event "asked". The reason is for them, and
    not in the trail.
    """
    with transaction.atomic(durable=True):
        # Held still, so that asking twice at once does not pass the check for a grant.
        check_can_ask_for_access(
            Organisation.objects.select_for_update().get(pk=organisation.pk), by=by
        )
        people = who_can_grant_access(organisation)
        if not people:
            raise NobodyCanGrant(
                f"{organisation} has no lead or co-lead who could let you read."
            )
        if AccessGrant.objects.of(organisation).open(at).filter(asked_by=by).exists():
            raise AlreadyDone(f"You may read the answers of {organisation} already.")
        grant = _create(organisation, reason, by, at)
        for person in people:
            _tell_lead(grant, person, at)
        _record("asked", grant, by=by, at=at)
    return grant


def grant_access(*, grant: AccessGrant, by: User, at: datetime) -> None:
    """Let the steward who asked read our view for 72 hours.

    Raises: AlreadyDone when it is answered, or the steward is one no more.
    Effects: a mail to the steward; audit event "granted".
    """
    with transaction.atomic(durable=True):
        _answer(grant, State.GRANTED, by=by, at=at, ends_at=at + LASTS)
        _tell_steward("access_granted", grant, at)
        _record("granted", grant, by=by, at=at, details={"until": _until(grant)})


def refuse_access(*, grant: AccessGrant, by: User, at: datetime) -> None:
    """Say no to the steward who asked.

    Raises: AlreadyDone when it is answered.
    Effects: a mail to the steward; audit event "refused".
    """
    with transaction.atomic(durable=True):
        _answer(grant, State.REFUSED, by=by, at=at)
        _tell_steward("access_refused", grant, at)
        _record("refused", grant, by=by, at=at)


def end_access(*, grant: AccessGrant, by: User, at: datetime) -> None:
    """End a steward's access before its time.

    Raises: AlreadyDone when it has ended.
    Effects: a mail to the steward; audit event "ended".
    """
    with transaction.atomic(durable=True):
        moved = AccessGrant.objects.filter(
            pk=grant.pk, state=State.GRANTED, ends_at__gt=at
        ).update(state=State.ENDED, ends_at=at)
        if not moved:
            raise AlreadyDone("This access has ended already.")
        grant.refresh_from_db(fields=["state", "ends_at"])
        _tell_steward("access_ended", grant, at)
        _record("ended", grant, by=by, at=at)


def look(*, grant: AccessGrant, place: Mapping[str, str], at: datetime) -> None:
    """Leave in the trail that a steward looked at a page of our view.

    Shape: `place` holds codes: the page, and which principle or standard.
    Raises: AccessEnded when the grant ended since the page was asked for.
    Effects: audit event "looked".
    """
    with transaction.atomic(durable=True):
        if not AccessGrant.objects.open(at).filter(pk=grant.pk).exists():
            raise AccessEnded("Your access has ended.")
        _record("looked", grant, by=grant.asked_by, at=at, details=dict(place))


def _create(
    organisation: Organisation, reason: str, by: User, at: datetime
) -> AccessGrant:
    try:
        with transaction.atomic():
            return AccessGrant.objects.create(
                organisation=organisation, asked_by=by, reason=reason, asked_at=at
            )
    except IntegrityError:
        raise AlreadyDone(
            "You have asked already. They have not answered yet."
        ) from None


def _answer(
    grant: AccessGrant, state: str, *, by: User, at: datetime, **fields: Any
) -> None:
    moved = (
        AccessGrant.objects.waiting()
        .filter(pk=grant.pk)
        .update(state=state, decided_by=by, decided_at=at, **fields)
    )
    if not moved:
        raise AlreadyDone(WAS_FIRST)
    grant.refresh_from_db()


def _tell_lead(grant: AccessGrant, to: User, at: datetime) -> None:
    post_mail(
        template="access_asked",
        to=to.email,
        context={
            "organisation": str(grant.organisation),
            "steward": str(grant.asked_by),
            "reason": grant.reason,
            "path": reverse("access", args=[grant.organisation.slug]),
        },
        at=at,
    )


def _tell_steward(template: str, grant: AccessGrant, at: datetime) -> None:
    ends_at = grant.ends_at and localtime(grant.ends_at)
    post_mail(
        template=template,
        to=grant.asked_by.email,
        context={
            "organisation": str(grant.organisation),
            "until": f"{ends_at:%-d %B %Y, %H:%M}" if ends_at else "",
            "path": reverse("console:access", args=[grant.organisation.slug]),
        },
        at=at,
    )


def _until(grant: AccessGrant) -> str:
    assert grant.ends_at is not None
    return grant.ends_at.isoformat()


def _record(
    verb: str,
    grant: AccessGrant,
    *,
    by: User,
    at: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=grant,
        organisation=grant.organisation,
        at=at,
        # Whose access it is, whoever acts.
        details={"person": str(grant.asked_by.public_id)} | (details or {}),
    )
