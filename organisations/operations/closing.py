"""Close one's own account. What was written stays, under nobody's name."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from organisations import audit
from organisations.models import (
    CLOSED,
    IdentityCheck,
    Invitation,
    KeptForm,
    MailPreference,
    Membership,
    Organisation,
    SignInIdentity,
    User,
)
from organisations.queries.trail import GONE
from organisations.rules import AlreadyDone, check_can_close
from organisations.steps import end_sessions, post_mail

from .members import end_membership


WAYS_IN = (Authenticator, EmailAddress, SignInIdentity, MailPreference, IdentityCheck)


def close_account(*, user: User, at: datetime) -> None:
    """End one's memberships and forget who one was; the address is free again.

    Raises: LooksAfterTheSite, LastLead, AlreadyDone.
    Effects: for each membership a row of history and audit event "left"; her
    sessions end; a last mail to her address; audit event "closed".
    """
    with transaction.atomic(durable=True):
        check_can_close(user)
        details = {"memberships": _leave_all(user, at)}
        address = _forget(user)
        post_mail(
            template="account_closed",
            to=address,
            context={},
            at=at,
        )
        audit.record(by=user, verb="closed", subject=user, at=at, details=details)


def _leave_all(user: User, at: datetime) -> int:
    # Always in the same order, so that two who close at once never wait for each other.
    mine = Membership.objects.filter(user=user).values("organisation")
    held = Organisation.objects.select_for_update().filter(pk__in=mine).order_by("pk")
    organisations = list(held)
    memberships = Membership.objects.filter(user=user, organisation__in=organisations)
    for membership in memberships.select_related("organisation", "user"):
        end_membership(membership, "left", by=user, at=at)
    return len(organisations)


def _forget(user: User) -> str:
    """Take name, address and every way in from the account, and give the address back.

    Raises: AlreadyDone when the account changed meanwhile.
    """
    people = User.objects.select_for_update().filter(is_active=True, is_staff=False)
    person = people.filter(pk=user.pk, is_superuser=False).first()
    # Whoever joined an organisation in this moment has to leave that one as well.
    if person is None or Membership.objects.filter(user=user).exists():
        raise AlreadyDone("Your account changed meanwhile. Nothing was closed.")
    address, nobody = person.email, f"closed-{person.public_id}{CLOSED}"
    end_sessions(user=person)
    for model in WAYS_IN:
        model._default_manager.filter(user=person).delete()
    KeptForm.objects.filter(author=person).delete()
    Invitation.objects.filter(accepted_by=person).update(email=nobody)
    _forget_in_admin(person)
    person.name, person.email, person.is_active = GONE, nobody, False
    person.last_login = None
    person.set_unusable_password()
    person.save()
    return address


def _forget_in_admin(person: User) -> None:
    """Take her name from what superusers did to her account and her memberships."""
    hers = {
        User: [person.pk],
        Membership: Membership.history.filter(user=person).values_list("id", flat=True),
    }
    for model, keys in hers.items():
        kind = ContentType.objects.get_for_model(model)
        ids = [str(key) for key in keys]
        noted = LogEntry.objects.filter(content_type=kind, object_id__in=ids)
        noted.update(object_repr=GONE)
