"""What was done, by whom and when."""

from __future__ import annotations

from django.db import models


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
        indexes = [
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
            models.Index(fields=["subject"], name="audit_by_subject"),
            models.Index(fields=["subject_type", "verb", "at"], name="audit_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject}"
