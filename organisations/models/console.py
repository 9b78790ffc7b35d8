"""What stewards put up for everybody, and what they may look at for a while."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from .people import Organisation, User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def shown(self, now: datetime) -> NoticeQuerySet:
        return self.not_over(now).filter(starts_at__lte=now)

    def not_over(self, now: datetime) -> NoticeQuerySet:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now))


class Notice(models.Model):
    """A sentence or two above every page, for a while."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="notice_ends_after_it_starts",
                violation_error_message="The notice has to end after it starts.",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    def of(self, organisation: Organisation) -> AccessGrantQuerySet:
        return self.filter(organisation=organisation)

    def open(self, now: datetime) -> AccessGrantQuerySet:
        """Keep what lets a steward in at this moment."""
        return self.filter(
            state=AccessGrant.State.GRANTED,
            ends_at__gt=now,
            asked_by__in=User.objects.stewards(),
        ).exclude(organisation__status=Organisation.Status.MERGED)

    def waiting(self) -> AccessGrantQuerySet:
        """Keep what a lead or co-lead has to answer."""
        return self.filter(
            state=AccessGrant.State.ASKED, asked_by__in=User.objects.stewards()
        )


class AccessGrant(models.Model):
    """A steward asks to read an organisation's own view; a lead or co-lead answers.

    It opens what the organisation says of itself, never what people say.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for an answer"
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"
        ENDED = "ended", "Ended early"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="access_grants"
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "asked_by"],
                condition=Q(state="asked"),
                name="access_grant_asked_once",
                violation_error_message="You have asked already.",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | (
                    ~Q(state="asked")
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="access_grant_decided_by_somebody",
                violation_error_message="An answer needs who and when.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["granted", "ended"], ends_at__isnull=False)
                | Q(state__in=["asked", "refused"], ends_at__isnull=True),
                name="access_grant_ends",
                violation_error_message="Access that is granted needs an end.",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("decided_by")),
                name="access_grant_not_to_oneself",
                violation_error_message="Nobody grants access to themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"access grant {self.public_id}"

    def is_waiting(self) -> bool:
        return self.state == self.State.ASKED and self._is_of_a_steward()

    def is_open(self, now: datetime) -> bool:
        if self.state != self.State.GRANTED or self.ends_at is None:
            return False
        return now < self.ends_at and self._is_of_a_steward()

    def _is_of_a_steward(self) -> bool:
        return self.asked_by.is_staff and self.asked_by.is_active


class IdentityCheck(models.Model):
    """How a steward made sure who somebody is. Only stewards read it."""

    class How(models.TextChoices):
        VIDEO = "video", "We saw each other in a video call"
        CALL = "call", "We called a number that we knew before"
        IN_PERSON = "in_person", "We met"
        COLLEAGUE = "colleague", "Another lead of the organisation vouched for them"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="identity_checks"
    )
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How)
    note = models.TextField(max_length=1000)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(user=F("checked_by")),
                name="identity_check_not_of_oneself",
                violation_error_message="Nobody vouches for themselves.",
            ),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="identity_check_has_note",
                violation_error_message="Say how you made sure.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()}, {self.checked_at:%-d %B %Y}"
