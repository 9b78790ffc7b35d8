"""Invite by mail, and join by the link in it. The token is nowhere but in the mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime

from organisations import audit
from organisations.models import AuditEvent, Invitation, Membership, Organisation, User
from organisations.queries import who_can_invite
from organisations.rules import (
    AlreadyDone,
    AlreadyInvited,
    AlreadyMember,
    HasAccount,
    NotOpen,
    StewardCannotJoin,
    check_can_accept,
    check_can_change,
    check_can_send,
    check_is_open,
)
from organisations.steps import post_mail
from organisations.steps.keys import hash_of, new_token

from .members import admit


LASTS = timedelta(days=14)
A_DAY = timedelta(days=1)
SENT_VERBS = ("invited", "resent")


def invite(
    *, organisation: Organisation, email: str, role: str, by: User, at: datetime
) -> Invitation:
    """Ask somebody by mail to join an organisation in a role.

    Raises: Paused, TooManyInvitations, AlreadyMember, AlreadyInvited.
    Effects: a mail with a link that lasts 14 days; audit event "invited".
    """
    token = new_token()
    with transaction.atomic(durable=True):
        check_can_change(organisation)
        _check_can_send_one_more(by, at)
        _check_is_no_member(organisation, email)
        invitation = create(organisation, email, role, token, by=by, at=at)
        post_invitation(invitation, token, by=by, at=at)
        _record("invited", invitation, by=by, at=at, details={"role": role})
    return invitation


def resend_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Send an open invitation once more, with a new link; the old one is dead.

    Raises: Paused, TooManyInvitations, AlreadyDone when it was used, cancelled or
    sent again meanwhile.
    Effects: a mail; audit event "resent".
    """
    token = new_token()
    with transaction.atomic(durable=True):
        check_can_change(invitation.organisation)
        _check_can_send_one_more(by, at)
        moved = _still_as(invitation).update(
            token_hash=hash_of(token), sent_at=at, expires_at=at + LASTS
        )
        if not moved:
            raise AlreadyDone("Somebody else changed this invitation first.")
        invitation.refresh_from_db()
        post_invitation(invitation, token, by=by, at=at)
        _record("resent", invitation, by=by, at=at)


def cancel_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Take an open invitation back: its link opens nothing any more.

    Raises: Paused, AlreadyDone.
    Effects: audit event "cancelled".
    """
    with transaction.atomic(durable=True):
        check_can_change(invitation.organisation)
        moved = (
            Invitation.objects.open()
            .filter(pk=invitation.pk)
            .update(cancelled_at=at, cancelled_by=by)
        )
        if not moved:
            raise AlreadyDone("This invitation was used or cancelled already.")
        invitation.refresh_from_db()
        _record("cancelled", invitation, by=by, at=at)


def accept_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Let the person to whom an invitation was sent join, with their account.

    Raises: StewardCannotJoin, WrongPerson, NotOpen, Paused, AlreadyMember.
    Effects: a membership with its history; audit event "accepted".
    """
    with transaction.atomic(durable=True):
        check_can_accept(invitation, by=by, at=at)
        _accept(invitation, by, at)


def join_with_new_account(
    *, invitation: Invitation, name: str, password: str, at: datetime
) -> User:
    """Make an account for the invited address and join with it.

    The link came by mail, so that the address is confirmed by using it.
    Raises: NotOpen, Paused, HasAccount.
    Effects: an account and a membership with its history; audit event "accepted".
    """
    with transaction.atomic(durable=True):
        return admit_with_new_account(invitation, name, password, at=at)


def admit_with_new_account(
    invitation: Invitation, name: str, password: str | None, *, at: datetime
) -> User:
    """Make the account and the membership, in the caller's transaction.

    Raises: NotOpen, Paused, HasAccount.
    """
    check_is_open(invitation, at=at)
    user = _create_account(invitation.email, name, password)
    _accept(invitation, user, at)
    return user


def ask_for_new_invitation(*, invitation: Invitation, at: datetime) -> bool:
    """Ask who invited, or else the leads, to send an invitation that is too old again.

    Shape: False when it is not too old, or was asked for in the last 24 hours.
    Effects: a mail to each of them; audit event "asked_again".
    """
    with transaction.atomic(durable=True):
        moved = (
            _still_as(invitation)
            .filter(
                Q(asked_again_at=None) | Q(asked_again_at__lt=at - A_DAY),
                expires_at__lte=at,
            )
            .update(asked_again_at=at)
        )
        if not moved:
            return False
        for person in who_can_invite(invitation):
            post_mail(
                template="invitation_asked_again",
                to=person.email,
                context={
                    "organisation": str(invitation.organisation),
                    "email": invitation.email,
                    "path": _where_to_resend(invitation, person),
                },
                at=at,
            )
        _record("asked_again", invitation, by=None, at=at)
    return True


def _where_to_resend(invitation: Invitation, person: User) -> str:
    page = "console:organisation" if person.is_staff else "people"
    return reverse(page, args=[invitation.organisation.slug])


def _check_can_send_one_more(by: User, at: datetime) -> None:
    # Held still, so that two invitations at once are counted one after the other.
    User.objects.select_for_update().get(pk=by.pk)
    sent = AuditEvent.objects.filter(
        actor=by.public_id,
        verb__in=SENT_VERBS,
        subject_type=Invitation._meta.label_lower,
        at__gt=at - A_DAY,
    )
    check_can_send(sent.count())


def _check_is_no_member(organisation: Organisation, email: str) -> None:
    if Membership.objects.of(organisation).filter(user__email__iexact=email).exists():
        raise AlreadyMember(f"This person belongs to {organisation} already.")


def create(
    organisation: Organisation,
    email: str,
    role: str,
    token: str,
    *,
    by: User,
    at: datetime,
) -> Invitation:
    """Keep an invitation, inside the caller's transaction.

    Raises: AlreadyInvited.
    """
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                organisation=organisation,
                email=email.lower(),
                role=role,
                invited_by=by,
                token_hash=hash_of(token),
                sent_at=at,
                expires_at=at + LASTS,
            )
    except IntegrityError:
        raise AlreadyInvited(
            "This person is invited already. You can send the invitation again."
        ) from None


def _still_as(invitation: Invitation) -> Any:
    """Keep the invitation only while it is open and its link is the one we read."""
    return Invitation.objects.open().filter(
        pk=invitation.pk, token_hash=invitation.token_hash
    )


def _accept(invitation: Invitation, by: User, at: datetime) -> None:
    moved = (
        _still_as(invitation)
        .filter(expires_at__gt=at)
        .update(accepted_at=at, accepted_by=by)
    )
    if not moved:
        raise NotOpen("This invitation does not work any more.")
    admit(by, invitation.organisation, invitation.role, at=at)
    invitation.refresh_from_db()
    _record("accepted", invitation, by=by, at=at, details={"role": invitation.role})


def _create_account(email: str, name: str, password: str | None) -> User:
    owner = User.objects.filter(email__iexact=email).first()
    if owner is not None and owner.is_staff:
        raise StewardCannotJoin("A steward belongs to no organisation.")
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name)
            EmailAddress.objects.create(
                user=user, email=user.email, verified=True, primary=True
            )
    except IntegrityError:
        raise HasAccount("This email address has an account. Sign in first.") from None
    return user


def post_invitation(
    invitation: Invitation, token: str, *, by: User, at: datetime
) -> None:
    """Mail the link that an invitation is accepted by."""
    post_mail(
        template="invitation",
        to=invitation.email,
        context={
            "organisation": str(invitation.organisation),
            "invited_by": str(by),
            "role": invitation.get_role_display(),
            "expires": f"{localtime(invitation.expires_at):%-d %B %Y}",
            "path": reverse("invitation", args=[token]),
        },
        at=at,
    )


def _record(
    verb: str,
    invitation: Invitation,
    *,
    by: User | None,
    at: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=invitation,
        organisation=invitation.organisation,
        at=at,
        details=details,
    )
