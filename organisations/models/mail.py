"""The outbox: here, because every app above may have something to post."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from .people import User


class OutboxQuerySet(models.QuerySet["Outbox"]):
    def due(self, now: datetime) -> OutboxQuerySet:
        """Keep what should go now: queued, or with a lease that ran out."""
        return self.filter(
            Q(status=Outbox.Status.QUEUED)
            | Q(status=Outbox.Status.SENDING, lease_until__lt=now),
            due_at__lte=now,
        )


class Outbox(models.Model):
    """One mail that is to go to one person. The row is the job.

    What the mail says beyond its template is encrypted, and wiped when it is sent
    or given up: a link in a mail opens a door.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "We could not send it"

    class Failure(models.TextChoices):
        REFUSED = "refused", "The mail server refused it"
        TOO_LATE = "too_late", "No mail server took it for some days"
        UNREADABLE = "unreadable", "We could not make the mail"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    template = models.CharField(max_length=60)
    to = models.EmailField(max_length=254)
    secret = models.TextField(blank=True, help_text="Encrypted; wiped when sent.")
    message_id = models.CharField(max_length=250, unique=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not to be tried again before this.")

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, choices=Failure, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        # Nobody changes or adds a mail by hand.
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(status="sending", lease_until__isnull=False) & ~Q(owner="")
                )
                | (~Q(status="sending") & Q(lease_until__isnull=True, owner="")),
                name="outbox_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="outbox_sent_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(failure=""))
                | (~Q(status="failed") & Q(failure="")),
                name="outbox_failed_has_reason",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["queued", "sending"]) & ~Q(secret=""))
                | Q(status__in=["sent", "failed"], secret=""),
                name="outbox_secret_until_ended",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_at"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.template} {self.public_id}"


class MailPreference(models.Model):
    """A kind of mail that somebody does not want. No row: they get it."""

    class Kind(models.TextChoices):
        REMINDERS = "reminders", "Reminders of dates"
        DIGEST = "digest", "What happened in my organisation, once a day"
        NEWS = "news", "Changes to how my organisation stands on the register"
        REPORTS = "reports", "A report that I asked for, when it took long to make"

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="mail_preferences"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    stopped_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="mail_preference_once",
                violation_error_message="This kind of mail is stopped already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, stopped by {self.user}"
