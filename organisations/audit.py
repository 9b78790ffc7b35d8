"""Write the audit trail. Knows nothing of the types it is told about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model

from .models import AuditEvent, Organisation, User


def record(
    *,
    by: User | None,
    verb: str,
    subject: Model,
    at: datetime,
    organisation: Organisation | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append one event to the audit trail, inside the caller's transaction.

    Shape: `details` holds codes, levels and ids; never what a person wrote.
    """
    identity = getattr(subject, "public_id", None) or subject.pk
    AuditEvent.objects.create(
        at=at,
        actor=by.public_id if by else None,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject=str(identity),
        organisation=organisation.slug if organisation else "",
        details=details or {},
    )
