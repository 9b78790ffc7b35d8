"""What somebody typed and did not save."""

from __future__ import annotations

from django.db import models

from organisations.models import User

from .responses import Response


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, response: Response, author: User) -> DraftQuerySet:
        return self.filter(response=response, author=author)


class Draft(models.Model):
    """What somebody typed for a standard and did not save: hers alone, and sealed.

    One row for each page on which she types, so that two windows of hers never
    overwrite each other. A row without words says that they were saved.
    """

    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="drafts"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    writing = models.UUIDField("the page that it was typed on, as it was shown once")
    # Counted by the page: what it sent earlier may arrive later.
    turn = models.PositiveIntegerField()
    typed = models.TextField(blank=True)
    typed_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response", "author", "writing"],
                name="draft_once_a_page",
                violation_error_message="This page has a draft already.",
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.response_id} on {self.writing}"
