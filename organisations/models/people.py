"""Who there is, and where they belong."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .entry import FoldedField, RegisterEntry, matching


# The end of the addresses of closed accounts. Nothing can be sent there: RFC 2606.
CLOSED = "@closed.invalid"


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

    def stewards(self) -> models.QuerySet[User]:
        """Keep who may work in the console."""
        return self.filter(is_staff=True, is_active=True)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. The public id is what the audit trail holds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("email address", max_length=254, unique=True)
    name = models.CharField(max_length=100)
    is_staff = models.BooleanField("steward", default=False)
    is_active = models.BooleanField("can sign in", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    search_text = FoldedField(sources=("name", "email"))

    # Set while somebody chooses the password of an account that is to be.
    joining: Organisation | None = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Somebody already uses this email address.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def registered(self) -> OrganisationQuerySet:
        """Keep those that stand on the public register."""
        return self.exclude(stage="").exclude(status=Organisation.Status.MERGED)

    def matching(self, text: str) -> OrganisationQuerySet:
        return self.filter(matching(text))

    def by_name(self) -> OrganisationQuerySet:
        """Sort as readers do: the two databases and their languages all differ."""
        return self.order_by("search_text", "pk")

    def active(self) -> OrganisationQuerySet:
        return self.filter(status=Organisation.Status.ACTIVE)

    def going_on(self) -> OrganisationQuerySet:
        """Keep those whose date can go by: on the register, not lapsed or paused."""
        return self.active().filter(stage__in=Organisation.GOING_ON)

    def of_member(self, user: User) -> OrganisationQuerySet:
        return self.filter(memberships__user=user)


class Organisation(RegisterEntry):
    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        MERGED = "merged", "Merged into another"

    class Stage(models.TextChoices):
        """How far its commitment is. Its order is a path, never a rank."""

        SIGNED_UP = "signed_up", "Signed up"
        UNDER_WAY = "under_way", "Assessment under way"
        OWN_VIEW = "own_view", "Published: own view"
        JOINT_VIEW = "joint_view", "Published: joint view"
        LAPSED = "lapsed", "Lapsed"

    # With a date that can go by.
    GOING_ON = (Stage.SIGNED_UP, Stage.UNDER_WAY, Stage.OWN_VIEW, Stage.JOINT_VIEW)

    class Band(models.TextChoices):
        """How many people took part in an assessment, told roughly."""

        ONE = "1", "one person"
        FEW = "2-4", "2 to 4 people"
        SOME = "5-9", "5 to 9 people"
        MANY = "10+", "10 people or more"

    slug = models.SlugField(
        max_length=60, unique=True, help_text="Used in its web addresses."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    search_text = FoldedField(sources=("name", "area"))

    # The register's own fields: all empty until it has signed up.
    signed_up_on = models.DateField(null=True, blank=True, editable=False)
    stage = models.CharField(max_length=10, choices=Stage, blank=True, editable=False)
    stage_since = models.DateField(null=True, blank=True, editable=False)
    due_on = models.DateField(
        "next publication due", null=True, blank=True, editable=False
    )
    published_on = models.DateField(null=True, blank=True, editable=False)
    assessed_by = models.CharField(
        max_length=5, choices=Band, blank=True, editable=False
    )
    people_called = models.CharField(
        "what it calls the people it serves", max_length=60, blank=True
    )
    public_strengths = models.TextField(max_length=3000, blank=True)
    public_gaps = models.TextField(max_length=3000, blank=True)
    public_actions = models.TextField(max_length=3000, blank=True)

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
                condition=Q(status__in=["paused", "merged"], paused_at__isnull=False)
                | Q(status="active", paused_at__isnull=True),
                name="organisation_paused_has_time",
                violation_error_message="A paused organisation needs the time.",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="organisation_merged_into_another",
                violation_error_message="A merged organisation names the other.",
            ),
            models.CheckConstraint(
                condition=Q(
                    stage="",
                    signed_up_on__isnull=True,
                    stage_since__isnull=True,
                    due_on__isnull=True,
                )
                | (
                    ~Q(stage="")
                    & Q(signed_up_on__isnull=False, stage_since__isnull=False)
                    & Q(due_on__isnull=False)
                ),
                name="organisation_signed_up_has_dates",
                violation_error_message="Who has signed up has a stage and its dates.",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["own_view", "joint_view"])
                | Q(published_on__isnull=False),
                name="organisation_published_has_date",
                violation_error_message="A published assessment needs its date.",
            ),
            models.CheckConstraint(
                condition=Q(scope="whole") | ~Q(scope_name=""),
                name="organisation_scope_is_named",
                violation_error_message="Name the service or team.",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "due_on"], name="organisation_by_due"),
            models.Index(fields=["name"], name="organisation_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workspace", args=[self.slug])

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today

    def people(self) -> str:
        """Name the people it serves, as within a sentence."""
        return self.people_called or "people who use the service"

    def has_commitment(self) -> bool:
        """Say whether a commitment stands: made, and not lapsed."""
        return self.stage in self.GOING_ON

    def is_merged(self) -> bool:
        return self.status == self.Status.MERGED

    def is_paused(self) -> bool:
        return self.status != self.Status.ACTIVE


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, organisation: Organisation) -> MembershipQuerySet:
        return self.filter(organisation=organisation)

    def leading(self) -> MembershipQuerySet:
        """Keep leads and lived-experience co-leads, who are equals in publishing."""
        return self.filter(role__in=[Membership.Role.LEAD, Membership.Role.CO_LEAD])


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
