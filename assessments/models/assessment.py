"""The work: an assessment of one organisation, or of a part of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from organisations.models import Organisation, Unit, User
from standards.models import Edition


def all_domains() -> list[str]:
    """Name every place where people are involved."""
    return list(Organisation.Domain.values)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def of(self, organisation: Organisation) -> AssessmentQuerySet:
        return self.filter(organisation=organisation)


class Assessment(models.Model):
    class Scope(models.TextChoices):
        ORGANISATION = "organisation", "The whole organisation"
        SERVICE = "service", "A service or team"
        PROJECT = "project", "A project"

    class Status(models.TextChoices):
        ANSWERING = "answering", "Answering"
        LOCKED = "locked", "Our view is locked"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assessments"
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="assessments"
    )
    scope = models.CharField(max_length=20, choices=Scope)
    # As the service or team was called then; a later name changes nothing here.
    scope_name = models.CharField(max_length=310, blank=True)
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="assessments"
    )
    domains = models.JSONField(
        default=all_domains,
        help_text="Codes of the domains that apply. Core standards always do.",
    )
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    answer_by = models.DateField("answers are wanted by", null=True)
    # Of what the leads arrange: the set-up, and who does what.
    version = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, choices=Status, default=Status.ANSWERING)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scope", "scope_name"],
                condition=Q(status="answering"),
                name="assessment_under_way_once",
                violation_error_message="An assessment of this is under way already.",
            ),
            models.CheckConstraint(
                condition=Q(scope="organisation", scope_name="")
                | (~Q(scope="organisation") & ~Q(scope_name="")),
                name="assessment_scope_named",
                violation_error_message="Name the service, team or project.",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(scope="service"),
                name="assessment_unit_of_a_service",
                violation_error_message="Only a service or team stands in your list.",
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True, period_until__isnull=True)
                | Q(
                    period_from__isnull=False,
                    period_until__isnull=False,
                    period_until__gte=F("period_from"),
                ),
                name="assessment_period_in_order",
                violation_error_message="A period ends after it begins.",
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, locked_by__isnull=True)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="assessment_locked_pair",
                violation_error_message="Locking needs a person and a time.",
            ),
            models.CheckConstraint(
                condition=Q(status="answering", locked_at__isnull=True)
                | (~Q(status="answering") & Q(locked_at__isnull=False)),
                name="assessment_locked_has_time",
                violation_error_message="A locked assessment needs its time.",
            ),
        ]

    def __str__(self) -> str:
        return self.scope_name or self.get_scope_display()

    def get_absolute_url(self) -> str:
        return self._address("overview")

    def carry_on_address(self) -> str:
        return self._address("carry_on")

    def mine_address(self) -> str:
        return self._address("mine")

    def principle_address(self, principle_slug: str) -> str:
        return self._address("principle", principle_slug)

    def one_page_address(self, principle_slug: str) -> str:
        return self._address("one_page", principle_slug)

    def check_address(self, principle_slug: str) -> str:
        return self._address("check", principle_slug)

    def question_address(self, principle_slug: str, position: int) -> str:
        return self._address("question", principle_slug, position)

    def meeting_address(self, principle_slug: str, position: int) -> str:
        return self._address("meeting_question", principle_slug, position)

    def own_level_address(self, principle_slug: str, position: int) -> str:
        return self._address("own_level", principle_slug, position)

    def history_address(self, principle_slug: str, position: int) -> str:
        return self._address("history", principle_slug, position)

    def _address(self, page: str, *below: object) -> str:
        place = [self.organisation.slug, self.public_id, *below]
        return reverse(f"assessments:{page}", args=place)

    def domain_names(self) -> tuple[str, ...]:
        """Name the domains that apply, in the order of the edition."""
        named = Organisation.Domain.choices
        return tuple(str(label) for code, label in named if code in self.domains)

    def is_locked(self) -> bool:
        return self.status != self.Status.ANSWERING
