"""What follows a commitment: milestones, what we reminded of, the daily run."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .people import Organisation


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def of(self, organisation: Organisation) -> MilestoneQuerySet:
        return self.filter(organisation=organisation)

    def open(self) -> MilestoneQuerySet:
        """Keep those neither kept nor dropped, missed ones too."""
        return self.filter(kept_on=None, dropped_on=None)


class Milestone(models.Model):
    """What an organisation says it will have done, by when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="milestones"
    )
    text = models.CharField(max_length=200)
    due_on = models.DateField()
    added_on = models.DateField(default=timezone.localdate, editable=False)
    kept_on = models.DateField(null=True, blank=True)
    dropped_on = models.DateField(null=True, blank=True)
    why_dropped = models.CharField(max_length=200, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_on=None) | Q(dropped_on=None),
                name="milestone_kept_or_dropped",
                violation_error_message="A milestone is kept or dropped.",
            ),
            models.CheckConstraint(
                condition=Q(dropped_on=None) | ~Q(why_dropped=""),
                name="milestone_dropped_says_why",
                violation_error_message="Say why the milestone is dropped.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_missed(self, today: date) -> bool:
        return not self.kept_on and not self.dropped_on and self.due_on < today


class Reminder(models.Model):
    """One reminder that was posted. The row is what keeps it from going twice."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="reminders"
    )
    subject = models.CharField(
        max_length=60, help_text="The due date of the assessment, or a milestone's id."
    )
    due_on = models.DateField()
    months = models.PositiveSmallIntegerField(help_text="How long before the date.")
    sent_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject", "due_on", "months"],
                name="reminder_once",
                violation_error_message="This reminder has gone already.",
            )
        ]

    def __str__(self) -> str:
        return f"reminder of {self.due_on}, {self.months} months before"


class DailyRun(models.Model):
    """One day's chores: who has them is in the lease, that they are done in the end."""

    day = models.DateField(unique=True)
    lease_until = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"daily run of {self.day}"
