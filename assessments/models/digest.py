"""Which day somebody was told by mail of what is new for her."""

from __future__ import annotations

from django.db import models

from organisations.models import User


class Digest(models.Model):
    """One mail of what is new. The row is what keeps it from going twice a day."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    # What happened later is for the next one.
    told_until = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"],
                name="digest_once_a_day",
                violation_error_message="The mail of this day has gone already.",
            )
        ]

    def __str__(self) -> str:
        return f"digest of {self.day}"
