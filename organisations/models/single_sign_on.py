"""Which organisation's own sign-in we trust, and for whom."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .people import Organisation, User


class SignInProvider(models.Model):
    """An OpenID Connect provider that may vouch for one organisation's members."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="sign_in_provider"
    )
    issuer = models.URLField(
        max_length=200, help_text="As the provider calls itself, to the letter."
    )
    client_id = models.CharField(max_length=200)
    secret = models.TextField(help_text="Sealed. Nobody is shown it again.")
    is_enabled = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(issuer="") & ~Q(client_id="") & ~Q(secret=""),
                name="sign_in_provider_is_whole",
                violation_error_message="A provider needs an issuer, an id and a secret.",
            )
        ]

    def __str__(self) -> str:
        return f"sign-in provider {self.public_id}"


class SignInDomain(models.Model):
    """The end of the addresses that a provider may vouch for. One provider each."""

    provider = models.ForeignKey(
        SignInProvider, on_delete=models.CASCADE, related_name="domains"
    )
    name = models.CharField(max_length=253)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="sign_in_domain_once",
                violation_error_message="Another organisation has this domain.",
            ),
            models.CheckConstraint(
                condition=Q(name=Lower("name")) & ~Q(name=""),
                name="sign_in_domain_in_small_letters",
                violation_error_message="Write the domain in small letters.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SignInIdentity(models.Model):
    """Who somebody is to a provider: an address may pass to another person there."""

    provider = models.ForeignKey(
        SignInProvider, on_delete=models.CASCADE, related_name="identities"
    )
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "subject"],
                name="sign_in_identity_once",
                violation_error_message="This identity belongs to somebody already.",
            ),
            models.UniqueConstraint(
                fields=["provider", "user"],
                name="sign_in_identity_once_for_a_person",
                violation_error_message="This person has another identity there.",
            ),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk} at {self.provider}"
