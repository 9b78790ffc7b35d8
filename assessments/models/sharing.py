"""Who does what in an assessment, and by when."""

from __future__ import annotations

from django.db import models

from organisations.models import Membership, User

from .assessment import Assessment
from .responses import Response


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, assessment: Assessment) -> AssignmentQuerySet:
        return self.filter(response__assessment=assessment)


class Assignment(models.Model):
    """Whose one standard is. Whoever leaves the organisation frees theirs."""

    response = models.OneToOneField(
        Response, on_delete=models.CASCADE, related_name="assignment"
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="assignments"
    )
    due_on = models.DateField("wanted by", null=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.response_id} is with {self.membership_id}"
