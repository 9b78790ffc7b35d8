"""What each who was asked thinks of a standard, before they speak of it together."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from organisations.models import User

from .assessment import Assessment
from .responses import Response


DISSENT_LENGTH = 1_000


class RatingRoundQuerySet(models.QuerySet["RatingRound"]):
    def of(self, assessment: Assessment) -> RatingRoundQuerySet:
        return self.filter(response__assessment=assessment)

    def running(self) -> RatingRoundQuerySet:
        """Keep those of which nobody sees more than their own level yet."""
        return self.filter(shown_at=None)


class RatingRound(models.Model):
    """That some people were asked for their own level of one standard.

    Once it is shown nothing of it changes: from a spread before and after, anybody
    could tell whose level had come or gone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="rating_rounds"
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(null=True)

    objects = RatingRoundQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(shown_at=None),
                name="rating_round_running_once",
                violation_error_message="People are asked for their own level already.",
            )
        ]

    def __str__(self) -> str:
        return f"own levels of {self.response_id}"


class Rating(models.Model):
    """Somebody's own level, or that she was asked for it: hers until all have one."""

    round = models.ForeignKey(
        RatingRound, on_delete=models.CASCADE, related_name="ratings"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ratings")
    # Empty with a time: she cannot say.
    level = models.PositiveSmallIntegerField(null=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"],
                name="rating_once",
                violation_error_message="This person is asked already.",
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True)
                | Q(level__isnull=False, level__range=(0, 4), rated_at__isnull=False),
                name="rating_level_has_time",
                violation_error_message="Choose one of the levels.",
            ),
        ]

    def __str__(self) -> str:
        return f"own level of {self.person_id} in {self.round_id}"


class Dissent(models.Model):
    """What some see differently, beside one version of the answer of all.

    Append-only: the last one stands, and an empty one says that nobody does any more.
    """

    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="dissents"
    )
    version = models.PositiveIntegerField("of the answer that it is about")
    text = models.TextField(max_length=DISSENT_LENGTH, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"dissent on {self.response_id} v{self.version}"
