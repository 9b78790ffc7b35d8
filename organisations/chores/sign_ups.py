"""Mail the links of an address; forget what came to nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from organisations.audit import record
from organisations.models import SignUp
from organisations.queries import sign_ups_at
from organisations.steps.sign_up import send_link


State = SignUp.State

# What nobody has sent, confirmed, or wants any more; its link works as long.
DRAFT_KEPT_FOR = timedelta(days=30)
# Long enough to come back to a steward's reason.
DECLINED_KEPT_FOR = timedelta(days=365)


def send_links(*, email: str, at: datetime) -> int:
    """Mail a new link for each sign-up of an address.

    Shape: how many.
    Raises: AlreadyDone when one of them changes in this moment.
    Effects: a mail and an audit event "link_sent" for each.
    """
    with transaction.atomic(durable=True):
        found = sign_ups_at(email)
        for sign_up in found:
            send_link(sign_up, at=at)
    return len(found)


def forget_old_drafts(now: datetime) -> int:
    """Delete drafts 30 days after their last change, and declined sign-ups in a year.

    Shape: how many. What was sent but never confirmed, or was withdrawn, is a draft
    in this. What waits for a steward, or was approved, stays.
    Effects: audit event "forgotten" for each.
    """
    old = Q(
        state__in=[State.DRAFT, State.SENT, State.WITHDRAWN],
        changed_at__lt=now - DRAFT_KEPT_FOR,
    ) | Q(state=State.DECLINED, decided_at__lt=now - DECLINED_KEPT_FOR)
    keys = SignUp.objects.filter(old).order_by("pk").values_list("pk", flat=True)
    return sum(_forget(pk, old, at=now) for pk in list(keys))


def _forget(pk: int, old: Q, *, at: datetime) -> int:
    with transaction.atomic(durable=True):
        # Looked at again: it may have been changed, or forgotten by another worker.
        sign_up = SignUp.objects.select_for_update().filter(old, pk=pk).first()
        if sign_up is None:
            return 0
        record(by=None, verb="forgotten", subject=sign_up, at=at)
        sign_up.delete()
    return 1
