"""The parts of an organisation: a simple tree of services and teams."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from .people import Organisation


class UnitQuerySet(models.QuerySet["Unit"]):
    def of(self, organisation: Organisation) -> UnitQuerySet:
        return self.filter(organisation=organisation)

    def open(self) -> UnitQuerySet:
        return self.filter(closed_at=None)


class Unit(models.Model):
    """A service or a team. It may belong to a larger one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="units"
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="parts"
    )
    name = models.CharField(max_length=100)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # So that of two who change it at once, the later one is told.
    version = models.PositiveIntegerField(default=0)

    objects = UnitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                F("organisation"),
                F("parent"),
                Lower("name"),
                condition=Q(closed_at__isnull=True, parent__isnull=False),
                name="unit_name_once_below",
                violation_error_message="There is one of this name here already.",
            ),
            models.UniqueConstraint(
                F("organisation"),
                Lower("name"),
                condition=Q(closed_at__isnull=True, parent__isnull=True),
                name="unit_name_once_on_top",
                violation_error_message="There is one of this name here already.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="unit_has_a_name",
                violation_error_message="Give the service or team a name.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="unit_not_below_itself",
                violation_error_message="A service can't belong to itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_closed(self) -> bool:
        return self.closed_at is not None
