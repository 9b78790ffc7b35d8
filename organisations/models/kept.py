"""What somebody typed into a page when her session had ended."""

from __future__ import annotations

from django.db import models

from .people import User


class KeptForm(models.Model):
    """One form that could not be saved: its author's alone, sealed, for a day.

    `place` tells pages apart and says nothing: a keyed hash of the page's address and
    of its showing.
    """

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=64)
    sealed = models.TextField(
        help_text="Sealed: the page's address and what was typed."
    )
    kept_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["author", "place"],
                name="kept_form_once_a_page",
                violation_error_message="What was typed on this page is kept already.",
            )
        ]

    def __str__(self) -> str:
        return f"form kept for {self.author_id}"
