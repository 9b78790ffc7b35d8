"""That an assessment was published, that somebody holds it back, or was unlocked."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from organisations.models import Membership, Organisation, User

from .assessment import Assessment


class Publication(models.Model):
    """That an assessment was published, once, and what was said with it then."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="publication"
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why_not_asked = models.TextField(
        "why people who use the service were not asked", max_length=1_000
    )
    assessed_by = models.CharField(max_length=5, choices=Organisation.Band)
    strengths = models.TextField(max_length=3_000, blank=True)
    gaps = models.TextField(max_length=3_000, blank=True)
    actions = models.TextField(max_length=3_000, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(why_not_asked=""),
                name="publication_says_why_not_asked",
                violation_error_message="Say why people were not asked yet.",
            )
        ]

    def __str__(self) -> str:
        return f"publication of {self.assessment}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def of(self, organisation: Organisation) -> HoldQuerySet:
        return self.filter(assessment__organisation=organisation)

    def open(self) -> HoldQuerySet:
        return self.filter(lifted_at=None)


class Hold(models.Model):
    """A lead or co-lead holds publishing back. While it stands nobody publishes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="holds"
    )
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # As it was then: who placed it may have another role now.
    placed_as = models.CharField(max_length=20, choices=Membership.Role)
    placed_at = models.DateTimeField()
    reason = models.TextField(max_length=1_000)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True
    )
    lifted_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(lifted_at=None),
                name="hold_open_once",
                violation_error_message="Publishing is held back already.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_by_somebody",
                violation_error_message="A hold is lifted by a person at a time.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="hold_says_why",
                violation_error_message="Say why you hold publishing back.",
            ),
            models.CheckConstraint(
                condition=Q(placed_as__in=["lead", "co_lead"]),
                name="hold_by_a_lead_or_co_lead",
                violation_error_message="A lead or a co-lead can hold it back.",
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.assessment}"


class Unlocking(models.Model):
    """That our view was unlocked, why, and the lock that ended with it.

    Append-only.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="unlockings"
    )
    locked_at = models.DateTimeField()
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unlocked_at = models.DateTimeField()
    unlocked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1_000)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="unlocking_says_why",
                violation_error_message="Say why you unlock our view.",
            )
        ]

    def __str__(self) -> str:
        return f"unlocking of {self.assessment}"
