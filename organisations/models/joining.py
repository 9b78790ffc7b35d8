"""Who is asked to join, and to whom the lead is offered."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .people import Membership, Organisation, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, organisation: Organisation) -> InvitationQuerySet:
        return self.filter(organisation=organisation)

    def open(self) -> InvitationQuerySet:
        """Keep those neither accepted nor cancelled; they may be too old to use."""
        return self.filter(accepted_at=None, cancelled_at=None)


class Invitation(models.Model):
    """Somebody asked by mail to join. The token is in the mail, its hash is here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField("email address", max_length=254)
    role = models.CharField(max_length=20, choices=Membership.Role)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True
    )
    asked_again_at = models.DateTimeField(
        null=True, help_text="When the person last asked for a new link."
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(accepted_at=None, cancelled_at=None),
                name="invitation_open_once",
                violation_error_message="This person is invited already.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
                violation_error_message="An accepted invitation needs who and when.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="invitation_cancelled_by_somebody",
                violation_error_message="A cancelled invitation needs who and when.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(cancelled_at=None),
                name="invitation_ends_once",
                violation_error_message="An invitation is accepted or cancelled.",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("sent_at")),
                name="invitation_expires_after_it_is_sent",
                violation_error_message="An invitation ends after it is sent.",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"

    def is_open(self) -> bool:
        return self.accepted_at is None and self.cancelled_at is None

    def is_expired(self, now: datetime) -> bool:
        return self.is_open() and self.expires_at <= now


class LeadOfferQuerySet(models.QuerySet["LeadOffer"]):
    def of(self, organisation: Organisation) -> LeadOfferQuerySet:
        return self.filter(organisation=organisation)

    def open(self) -> LeadOfferQuerySet:
        return self.filter(outcome=LeadOffer.Outcome.OPEN)


class LeadOffer(models.Model):
    """The lead, offered by one member to another, who takes it or does not."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="lead_offers"
    )
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    hands_over = models.BooleanField(
        help_text="Whoever offers becomes a contributor when it is accepted."
    )
    offered_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=Outcome, default=Outcome.OPEN, editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = LeadOfferQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(outcome="open"),
                name="lead_offer_open_once",
                violation_error_message="The lead is offered to somebody already.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", ended_at=None)
                | (~Q(outcome="open") & Q(ended_at__isnull=False)),
                name="lead_offer_ended_has_time",
                violation_error_message="An offer that has ended needs the time.",
            ),
            models.CheckConstraint(
                condition=~Q(offered_by=models.F("offered_to")),
                name="lead_offer_to_somebody_else",
                violation_error_message="The lead is offered to somebody else.",
            ),
        ]

    def __str__(self) -> str:
        return f"lead offer {self.public_id}"
