"""Reads over what stewards ask to look at, shaped for one page each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from organisations.access import Permission, can
from organisations.models import AccessGrant, Membership, Organisation, User


PAST_SHOWN = 25
State = AccessGrant.State
OUTCOMES: dict[str, str] = {
    # Whoever asked and is a steward no more gets no answer.
    State.ASKED: "Not answered",
    State.GRANTED: "Granted, and over",
    State.REFUSED: "Refused",
    State.ENDED: "Granted, and ended early",
}


@dataclass(frozen=True)
class AccessLine:
    """One time that a steward asked, as a lead or the steward reads it."""

    public_id: UUID
    steward: str
    reason: str
    asked_at: datetime
    outcome: str
    decided_by: str
    decided_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class AccessPage:
    waiting: tuple[AccessLine, ...]
    open: tuple[AccessLine, ...]
    past: tuple[AccessLine, ...]


def access_page(
    organisation: Organisation, now: datetime, *, asked_by: User | None = None
) -> AccessPage:
    """Gather who asks to read our view and who may, newest first, in one query.

    Shape: only one steward's own when `asked_by` is given; the last 25 that are over.
    """
    grants = AccessGrant.objects.of(organisation)
    if asked_by:
        grants = grants.filter(asked_by=asked_by)
    rows = list(
        grants.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk")[
            : 2 * PAST_SHOWN
        ]
    )
    over = [g for g in rows if not g.is_waiting() and not g.is_open(now)]
    return AccessPage(
        waiting=tuple(_line(g) for g in rows if g.is_waiting()),
        open=tuple(_line(g) for g in rows if g.is_open(now)),
        past=tuple(_line(g) for g in over[:PAST_SHOWN]),
    )


def is_asked_for_access(organisation: Organisation) -> bool:
    """Say whether a steward waits for a lead's or co-lead's answer."""
    return AccessGrant.objects.of(organisation).waiting().exists()


def who_can_grant_access(organisation: Organisation) -> tuple[User, ...]:
    """Name the people who may let a steward read our view."""
    memberships = (
        Membership.objects.of(organisation)
        .filter(user__is_active=True, user__is_staff=False)
        .select_related("user")
        .order_by("pk")
    )
    return tuple(m.user for m in memberships if can(m, Permission.GRANT_ACCESS))


def _line(grant: AccessGrant) -> AccessLine:
    return AccessLine(
        public_id=grant.public_id,
        steward=str(grant.asked_by),
        reason=grant.reason,
        asked_at=grant.asked_at,
        outcome=OUTCOMES[grant.state],
        decided_by=str(grant.decided_by) if grant.decided_by else "",
        decided_at=grant.decided_at,
        ends_at=grant.ends_at,
    )
