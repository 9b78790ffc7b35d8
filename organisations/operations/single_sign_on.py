"""Let an organisation's own sign-in vouch for its members, and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from organisations import audit, sealing
from organisations.models import (
    Invitation,
    Organisation,
    SignInDomain,
    SignInIdentity,
    SignInProvider,
    User,
)
from organisations.queries import domain_of
from organisations.rules import DomainTaken, NotVouchedFor, check_can_be_vouched_for

from .invitations import admit_with_new_account


PURPOSE = "sign-in provider"


@dataclass(frozen=True)
class Vouched:
    """What a provider says of somebody, after its signature was checked."""

    subject: str
    email: str
    is_verified: bool
    name: str


def set_sign_in(
    *,
    organisation: Organisation,
    issuer: str,
    client_id: str,
    secret: str,
    domains: Sequence[str],
    is_enabled: bool,
    by: User,
    at: datetime,
) -> SignInProvider:
    """Say which provider may vouch for an organisation's members.

    Shape: an empty secret keeps the one there is.
    Raises: DomainTaken.
    Effects: with another issuer, who was who at the old one is forgotten; audit
    event "sign_in_set".
    """
    fields = {
        "issuer": issuer,
        "client_id": client_id,
        "is_enabled": is_enabled,
        "changed_at": at,
        "changed_by": by,
    }
    if secret:
        fields["secret"] = sealing.seal(secret, purpose=PURPOSE)
    with transaction.atomic(durable=True):
        before = SignInProvider.objects.filter(organisation=organisation).first()
        provider, _ = SignInProvider.objects.update_or_create(
            organisation=organisation, defaults=fields
        )
        if before is not None and before.issuer != issuer:
            provider.identities.all().delete()
        _set_domains(provider, domains)
        audit.record(
            by=by,
            verb="sign_in_set",
            subject=provider,
            organisation=organisation,
            at=at,
            details={
                "issuer": issuer,
                "domains": sorted(domains),
                "is_enabled": is_enabled,
                "new_secret": bool(secret),
            },
        )
    return provider


def secret_of(provider: SignInProvider) -> str:
    """Open the sealed secret, for the provider alone.

    Raises: sealing.Unreadable.
    """
    return sealing.unseal(provider.secret, purpose=PURPOSE)


def sign_in_vouched(
    *, provider: SignInProvider, vouched: Vouched, at: datetime
) -> User:
    """Find whom a provider vouches for, or let somebody join who is invited.

    Raises: NotVouchedFor.
    Effects: the first time, who this is to the provider is remembered; audit event
    "linked", or "accepted" for an invitation.
    """
    with transaction.atomic(durable=True):
        # Held still, so that two first times at once come one after the other.
        provider = SignInProvider.objects.select_for_update().get(pk=provider.pk)
        _check_domain(provider, vouched)
        user = User.objects.filter(email__iexact=vouched.email).first()
        if user is None:
            user = _join_invited(provider, vouched, at)
            _link(provider, vouched, user, at)
            return user
        check_can_be_vouched_for(
            user, [m.organisation_id for m in user.memberships.all()], provider
        )
        _check_identity(provider, vouched, user, at)
    return user


def _set_domains(provider: SignInProvider, domains: Sequence[str]) -> None:
    provider.domains.exclude(name__in=domains).delete()
    there = set(provider.domains.values_list("name", flat=True))
    for name in sorted(set(domains) - there):
        try:
            with transaction.atomic():
                SignInDomain.objects.create(provider=provider, name=name)
        except IntegrityError:
            raise DomainTaken(
                f"Another organisation's sign-in has the domain {name}."
            ) from None


def _check_domain(provider: SignInProvider, vouched: Vouched) -> None:
    if not provider.is_enabled:
        raise NotVouchedFor("disabled")
    if not vouched.is_verified:
        raise NotVouchedFor("unverified")
    if not provider.domains.filter(name=domain_of(vouched.email)).exists():
        raise NotVouchedFor("foreign_domain")


def _join_invited(provider: SignInProvider, vouched: Vouched, at: datetime) -> User:
    invitation = (
        Invitation.objects.open()
        .of(provider.organisation)
        .filter(email__iexact=vouched.email, expires_at__gt=at)
        .first()
    )
    if invitation is None or provider.organisation.is_paused():
        raise NotVouchedFor("not_invited")
    name = vouched.name or vouched.email.partition("@")[0]
    # Without a password: the link of a forgotten one makes one when she needs it.
    return admit_with_new_account(invitation, name[:100], None, at=at)


def _check_identity(
    provider: SignInProvider, vouched: Vouched, user: User, at: datetime
) -> None:
    known = provider.identities.filter(subject=vouched.subject).first()
    if known is not None and known.user_id == user.pk:
        return
    if known is not None or provider.identities.filter(user=user).exists():
        raise NotVouchedFor("another_identity")
    _link(provider, vouched, user, at)
    audit.record(
        by=user,
        verb="linked",
        subject=provider,
        organisation=provider.organisation,
        at=at,
    )


def _link(provider: SignInProvider, vouched: Vouched, user: User, at: datetime) -> None:
    try:
        with transaction.atomic():
            SignInIdentity.objects.create(
                provider=provider, subject=vouched.subject, user=user, linked_at=at
            )
    except IntegrityError:
        raise NotVouchedFor("another_identity") from None
