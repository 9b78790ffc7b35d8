"""Which provider vouches for an address."""

from __future__ import annotations

from organisations.models import SignInProvider


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()


def provider_for(email: str) -> SignInProvider | None:
    """Find the provider of an address by its domain alone.

    Shape: the same for a known and an unknown person.
    """
    return (
        SignInProvider.objects.filter(is_enabled=True, domains__name=domain_of(email))
        .select_related("organisation")
        .first()
    )
