"""What was filled in offline, until it is saved."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models

from organisations.models import User

from .assessment import Assessment


# The file itself is still where it came from.
SHEET_KEPT_FOR = timedelta(days=30)


class UploadedSheetQuerySet(models.QuerySet["UploadedSheet"]):
    def old(self, at: datetime) -> UploadedSheetQuerySet:
        """Keep those that are forgotten by then."""
        return self.filter(uploaded_at__lte=at - SHEET_KEPT_FOR)

    def of(self, assessment: Assessment, author: User) -> UploadedSheetQuerySet:
        return self.filter(assessment=assessment, author=author)


class UploadedSheet(models.Model):
    """What somebody uploaded and did not save yet: hers alone, sealed, not the file.

    One for each person and assessment. A new upload is another one, by its public id,
    so that nobody saves what another page of hers showed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="uploaded_sheets"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rows = models.TextField(help_text="Sealed: of each standard what was typed.")
    uploaded_at = models.DateTimeField()

    objects = UploadedSheetQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "author"],
                name="uploaded_sheet_once_a_person",
                violation_error_message="You have uploaded a spreadsheet already.",
            )
        ]

    def __str__(self) -> str:
        return f"spreadsheet of {self.assessment_id}"
