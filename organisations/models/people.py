"""Who there is, and where they belong."""

from __future__ import annotations

import uuid
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
