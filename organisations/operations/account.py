"""What people do with their own account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from organisations import audit
from organisations.models import User


def change_name(*, user: User, name: str, at: datetime) -> User:
    """Call somebody by another name, also where she was named before.

    Effects: audit event "name_changed", without the names.
    """
    with transaction.atomic(durable=True):
        User.objects.filter(pk=user.pk).update(name=name)
        audit.record(by=user, verb="name_changed", subject=user, at=at)
    user.name = name
    return user


def sign_out_devices(*, user: User, devices: Collection[int], at: datetime) -> int:
    """End some of one's own sessions.

    Shape: how many there were; numbers of somebody else's are passed over.
    Effects: audit event "signed_out_elsewhere", when there was one.
    """
    with transaction.atomic(durable=True):
        sessions = list(UserSession.objects.filter(user=user, pk__in=devices))
        for session in sessions:
            session.end()
        if sessions:
            details = {"sessions": len(sessions)}
            audit.record(
                by=user,
                verb="signed_out_elsewhere",
                subject=user,
                at=at,
                details=details,
            )
    return len(sessions)
