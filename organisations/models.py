"""People and tenancy: who there is, where they belong, and what was done.

The outbox is here too, because every app above may have something to post.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The public id is what the audit trail holds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=100)
    is_staff = models.BooleanField("steward", default=False)
    is_active = models.BooleanField("can sign in", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Somebody already uses this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> OrganisationQuerySet:
        return self.filter(status=Organisation.Status.ACTIVE)

    def of_member(self, user: User) -> OrganisationQuerySet:
        return self.filter(memberships__user=user)


class Organisation(models.Model):
    class Kind(models.TextChoices):
        NHS_TRUST = "nhs_trust", "NHS trust"
        COMMISSIONER = "commissioner", "Integrated care board or other commissioner"
        COUNCIL = "council", "Council"
        CARE_CHARITY = "care_charity", "Charity that gives care or support"
        OTHER_CHARITY = "other_charity", "Charity, campaign or research body"
        USER_LED = "user_led", "User-led or peer group"
        OTHER = "other", "Housing, education, justice, employer or other"

    class Nation(models.TextChoices):
        ENGLAND = "england", "England"
        SCOTLAND = "scotland", "Scotland"
        WALES = "wales", "Wales"
        NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"

    name = models.CharField(max_length=150)
    slug = models.SlugField(
        max_length=60, unique=True, help_text="Used in its web addresses."
    )
    kind = models.CharField(max_length=20, choices=Kind)
    nation = models.CharField(max_length=20, choices=Nation, default=Nation.ENGLAND)
    website = models.URLField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="organisation_name_once",
                violation_error_message="An organisation of this name is already here.",
            ),
            models.CheckConstraint(
                condition=Q(status="paused", paused_at__isnull=False)
                | Q(status="active", paused_at__isnull=True),
                name="organisation_paused_has_time",
                violation_error_message="A paused organisation needs the time.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workspace", args=[self.slug])

    def is_paused(self) -> bool:
        return self.status == self.Status.PAUSED


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, organisation: Organisation) -> MembershipQuerySet:
        return self.filter(organisation=organisation)


class Membership(models.Model):
    class Role(models.TextChoices):
        LEAD = "lead", "Lead"
        CONTRIBUTOR = "contributor", "Contributor"
        CO_LEAD = "co_lead", "Lived-experience co-lead"
        VIEWER = "viewer", "Viewer"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                name="membership_once",
                violation_error_message="This person is already a member.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.organisation}"


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


class AuditEvent(models.Model):
    """One thing that was done. No foreign keys, so that it outlives its subject."""

    at = models.DateTimeField(db_index=True)
    actor = models.UUIDField(null=True, help_text="Public id of the person, or none.")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60, blank=True, db_index=True)
    details = models.JSONField(
        default=dict, help_text="Before and after, never a free text."
    )

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject}"


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
