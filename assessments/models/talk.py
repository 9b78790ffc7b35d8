"""What colleagues say to each other about a standard, beside the answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from organisations.models import User

from .assessment import Assessment
from .responses import Response


COMMENT_LENGTH = 3_000
WHY_LENGTH = 500


class CommentQuerySet(models.QuerySet["Comment"]):
    def of(self, assessment: Assessment) -> CommentQuerySet:
        return self.filter(response__assessment=assessment)

    def there(self) -> CommentQuerySet:
        """Leave out what its author took away: of those only the trace is left."""
        return self.filter(deleted_at=None)

    def open(self) -> CommentQuerySet:
        """Keep what nobody has dealt with yet."""
        return self.there().filter(resolved_at=None)


class Comment(models.Model):
    """What somebody tells her colleagues about the answer to a standard.

    Who deletes it takes the words away, and leaves that there were some.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="comments"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Of the page and the words, so that what is sent twice is there once.
    sent = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.TextField(max_length=COMMENT_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["author", "sent"],
                name="comment_sent_once",
                violation_error_message="This comment is there already.",
            ),
            models.CheckConstraint(
                condition=(Q(deleted_at=None, deleted_by=None) & ~Q(text=""))
                | Q(deleted_at__isnull=False, deleted_by__isnull=False, text=""),
                name="comment_says_something_or_is_deleted",
                violation_error_message="Write your comment.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_pair",
                violation_error_message="A comment is dealt with by a person.",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.public_id}"

    def get_absolute_url(self) -> str:
        standard = self.response.standard
        page = self.response.assessment.question_address(
            standard.principle.slug, standard.position
        )
        return f"{page}#comments"


class Mention(models.Model):
    """Whom the author of a comment chose to tell of it."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="mentions"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mentions")
    told_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "person"],
                name="mention_once",
                violation_error_message="This person is told already.",
            )
        ]

    def __str__(self) -> str:
        return f"mention of {self.person_id} in {self.comment_id}"


class AnotherLookQuerySet(models.QuerySet["AnotherLook"]):
    def of(self, assessment: Assessment) -> AnotherLookQuerySet:
        return self.filter(response__assessment=assessment)

    def open(self) -> AnotherLookQuerySet:
        return self.filter(looked_at=None)


class AnotherLook(models.Model):
    """That a lead or co-lead asks to look at an answer again, and why."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="another_looks"
    )
    why = models.TextField(max_length=WHY_LENGTH)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AnotherLookQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(looked_at=None),
                name="another_look_open_once",
                violation_error_message="Another look is asked for already.",
            ),
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True)
                | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="another_look_looked_pair",
                violation_error_message="A person looks again at a time.",
            ),
            models.CheckConstraint(
                condition=~Q(why=""),
                name="another_look_says_why",
                violation_error_message="Say why it needs another look.",
            ),
        ]

    def __str__(self) -> str:
        return f"another look at {self.response_id}"
