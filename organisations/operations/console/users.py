"""What stewards do with accounts; more with those of stewards is for superusers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse

from organisations import audit
from organisations.models import CLOSED, IdentityCheck, Membership, User
from organisations.rules import (
    AlreadyDone,
    HasMemberships,
    check_can_manage,
    check_is_superuser,
)
from organisations.steps import end_sessions, post_mail


WAS_FIRST = "Somebody else did this first. Nothing was changed now."


def sign_out_everywhere(*, user: User, by: User, at: datetime) -> int:
    """End every session of somebody, and say of how many.

    Effects: audit event "signed_out".
    """
    with transaction.atomic(durable=True):
        ended = end_sessions(user=user)
        _record("signed_out", user, by=by, at=at, sessions=ended)
    return ended


def reset_second_step(
    *, user: User, how: str, note: str, by: User, at: datetime
) -> None:
    """Take away somebody's second step, after making sure who they are.

    Raises: NotOneself, OnlyASuperuser, AlreadyDone when they have none.
    Effects: their sessions end; the note is kept for stewards; a mail to them; audit
    event "second_step_reset", without the note.
    """
    with transaction.atomic(durable=True):
        check_can_manage(user, by=by)
        removed, _ = Authenticator.objects.filter(user=user).delete()
        if not removed:
            raise AlreadyDone(f"{user} has no second step.")
        IdentityCheck.objects.create(
            user=user, checked_by=by, checked_at=at, how=how, note=note
        )
        end_sessions(user=user)
        path = reverse("mfa_index")
        post_mail(
            template="second_step_reset", to=user.email, context={"path": path}, at=at
        )
        _record("second_step_reset", user, by=by, at=at, how=how)


def suspend(*, user: User, by: User, at: datetime) -> None:
    """Let somebody sign in no more, until they are let in again.

    Raises: NotOneself, OnlyASuperuser for a steward too, AlreadyDone.
    Effects: their sessions end; audit event "suspended".
    """
    with transaction.atomic(durable=True):
        check_can_manage(user, by=by)
        if user.is_staff:
            check_is_superuser(by)
        _turn(user, "is_active", on=False)
        end_sessions(user=user)
        _record("suspended", user, by=by, at=at)


def let_in(*, user: User, by: User, at: datetime) -> None:
    """Let somebody sign in again who was suspended.

    Raises: as `suspend`.
    Effects: audit event "let_in".
    """
    with transaction.atomic(durable=True):
        check_can_manage(user, by=by)
        if user.is_staff:
            check_is_superuser(by)
        _turn(user, "is_active", on=True)
        _record("let_in", user, by=by, at=at)


def make_steward(*, user: User, by: User, at: datetime) -> None:
    """Make somebody a steward who belongs to no organisation.

    Raises: OnlyASuperuser, NotOneself, HasMemberships, AlreadyDone.
    Effects: their sessions end, so that they sign in with a second step; audit event
    "steward_made".
    """
    with transaction.atomic(durable=True):
        check_is_superuser(by)
        check_can_manage(user, by=by)
        if Membership.objects.filter(user=user).exists():
            raise HasMemberships(
                f"{user} belongs to an organisation. A steward belongs to none."
            )
        _turn(user, "is_staff", on=True)
        end_sessions(user=user)
        _record("steward_made", user, by=by, at=at)


def unmake_steward(*, user: User, by: User, at: datetime) -> None:
    """Make a steward somebody like everybody else.

    Raises: OnlyASuperuser, NotOneself, AlreadyDone.
    Effects: their sessions end; what an organisation let them read is closed; audit
    event "steward_unmade".
    """
    with transaction.atomic(durable=True):
        check_is_superuser(by)
        check_can_manage(user, by=by)
        _turn(user, "is_staff", on=False)
        end_sessions(user=user)
        _record("steward_unmade", user, by=by, at=at)


def _turn(user: User, field: str, *, on: bool) -> None:
    people = User.objects.filter(pk=user.pk, **{field: not on})
    people = people.exclude(email__endswith=CLOSED)
    if field == "is_staff" and not on:
        people = people.filter(is_superuser=False)
    if not people.update(**{field: on}):
        raise AlreadyDone(WAS_FIRST)
    user.refresh_from_db(fields=[field])


def _record(verb: str, user: User, *, by: User, at: datetime, **codes: Any) -> None:
    details = {"person": str(user.public_id)} | codes
    audit.record(by=by, verb=verb, subject=user, at=at, details=details)
