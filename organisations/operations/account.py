"""What people do with their own account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from organisations import audit
from organisations.models import MailPreference, User


def change_name(*, user: User, name: str, at: datetime) -> User:
    """Call somebody by another name, also where she was named before.

    Effects: audit event "name_changed", without the names.
    """
    with transaction.atomic(durable=True):
        user.name = name
        # Saved, not updated, so that the stewards' search knows the name as well.
        user.save(update_fields=["name", "search_text"])
        audit.record(by=user, verb="name_changed", subject=user, at=at)
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


def stop_mail(*, user: User, kind: str, at: datetime) -> bool:
    """Send somebody no more mails of a kind.

    Shape: False when they were stopped already.
    Effects: audit event "mail_stopped".
    """
    with transaction.atomic(durable=True):
        _, is_new = MailPreference.objects.get_or_create(
            user=user, kind=kind, defaults={"stopped_at": at}
        )
        if is_new:
            _record_mail("mail_stopped", user, kind, at)
    return is_new


def resume_mail(*, user: User, kind: str, at: datetime) -> bool:
    """Send somebody mails of a kind again.

    Shape: False when they were not stopped.
    Effects: audit event "mail_resumed".
    """
    with transaction.atomic(durable=True):
        gone, _ = MailPreference.objects.filter(user=user, kind=kind).delete()
        if gone:
            _record_mail("mail_resumed", user, kind, at)
    return bool(gone)


def _record_mail(verb: str, user: User, kind: str, at: datetime) -> None:
    audit.record(by=user, verb=verb, subject=user, at=at, details={"kind": kind})
