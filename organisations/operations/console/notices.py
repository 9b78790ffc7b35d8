"""Say something to everybody, above every page, for a while."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from organisations import audit
from organisations.models import Notice, User
from organisations.queries import forget_notices
from organisations.rules import AlreadyDone, Changed


def add_notice(
    *, text: str, starts_at: datetime, ends_at: datetime | None, by: User, at: datetime
) -> Notice:
    """Put up a notice.

    Effects: it stands above every page, in this process at once and in others within
    a minute; audit event "added", without the words.
    """
    with transaction.atomic(durable=True):
        notice = Notice.objects.create(
            text=text, starts_at=starts_at, ends_at=ends_at, made_by=by, made_at=at
        )
        _record("added", notice, by=by, at=at)
        transaction.on_commit(forget_notices)
    return notice


def edit_notice(
    *,
    notice: Notice,
    text: str,
    starts_at: datetime,
    ends_at: datetime | None,
    by: User,
    at: datetime,
) -> None:
    """Change a notice that is not over, if it still says what the page showed.

    Raises: Changed.
    Effects: as `add_notice`; audit event "edited".
    """
    with transaction.atomic(durable=True):
        moved = (
            Notice.objects.not_over(at)
            .filter(pk=notice.pk, text=notice.text)
            .update(text=text, starts_at=starts_at, ends_at=ends_at)
        )
        if not moved:
            raise Changed("Somebody else changed or ended this notice first.")
        notice.refresh_from_db()
        _record("edited", notice, by=by, at=at)
        transaction.on_commit(forget_notices)


def end_notice(*, notice: Notice, by: User, at: datetime) -> None:
    """Take a notice down; one that was still to come is never shown.

    Raises: AlreadyDone.
    Effects: audit event "ended".
    """
    with transaction.atomic(durable=True):
        moved = (
            Notice.objects.not_over(at)
            .filter(pk=notice.pk)
            .update(ends_at=max(at, notice.starts_at))
        )
        if not moved:
            raise AlreadyDone("This notice is over already.")
        notice.refresh_from_db()
        _record("ended", notice, by=by, at=at)
        transaction.on_commit(forget_notices)


def _record(verb: str, notice: Notice, *, by: User, at: datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=notice,
        at=at,
        details={
            "starts_at": notice.starts_at.isoformat(),
            "ends_at": notice.ends_at.isoformat() if notice.ends_at else "",
        },
    )
