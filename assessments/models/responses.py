"""One response for each standard, made up front, its evidence and its past."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from organisations.models import User
from standards.models import Standard

from .assessment import Assessment


REASON_LENGTH = 10_000


class ResponseQuerySet(models.QuerySet["Response"]):
    def of(self, assessment: Assessment) -> ResponseQuerySet:
        """Keep those of the standards that an assessment asks."""
        return self.filter(assessment=assessment, is_outside=False)

    def also_outside(self, assessment: Assessment) -> ResponseQuerySet:
        """Keep those of every standard, asked or left out."""
        return self.filter(assessment=assessment)


class Response(models.Model):
    """What the organisation says of one standard."""

    class State(models.TextChoices):
        UNANSWERED = "unanswered", "Not answered"
        ANSWERED = "answered", "Answered"
        DONT_KNOW = "dont_know", "Don't know yet"
        NOT_APPLICABLE = "not_applicable", "Does not apply"

    class NotApplicable(models.TextChoices):
        NO_OWN_CARE = "no_own_care", "We give no individual care"
        NO_CARERS = "no_carers", "No carers are in scope"
        NO_STAFF = "no_staff", "We have no staff"
        NO_SUCH_WORK = "no_such_work", "We have no groups, roles or work of this kind"
        NOT_ALLOWED = "not_allowed", "The law or the setting prevents it"
        ANOTHER_BODY = "another_body", "Another body covers it"
        OTHER = "other", "Another reason"

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="responses"
    )
    standard = models.ForeignKey(
        Standard, on_delete=models.PROTECT, related_name="responses"
    )
    # Copied from the standard, which never changes once its edition is published,
    # so that the database itself can refuse "does not apply" on a core standard.
    is_core = models.BooleanField()
    state = models.CharField(max_length=20, choices=State, default=State.UNANSWERED)
    level = models.PositiveSmallIntegerField(null=True)
    not_applicable_because = models.CharField(
        max_length=20, choices=NotApplicable, blank=True
    )
    reason = models.TextField(max_length=REASON_LENGTH, blank=True)
    is_finished = models.BooleanField(default=False)
    # Somebody said so, whether it is answered or not. Neither means that nobody said.
    is_later = models.BooleanField(default=False)
    # Set with the assessment's status in one transaction. Being on the row, it is
    # re-read when an UPDATE has waited for the lock, which a join would not be.
    is_locked = models.BooleanField(default=False)
    # Left out with the domains that do not apply. What it said stays.
    is_outside = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "standard"], name="response_standard_once"
            ),
            models.CheckConstraint(
                # A CHECK lets NULL pass, so its absence is said on its own.
                condition=Q(state="answered", level__isnull=False, level__range=(0, 4))
                | (~Q(state="answered") & Q(level__isnull=True)),
                name="response_level_when_answered",
                violation_error_message="Choose one of the levels.",
            ),
            models.CheckConstraint(
                condition=(Q(state="not_applicable") & ~Q(not_applicable_because=""))
                | (~Q(state="not_applicable") & Q(not_applicable_because="")),
                name="response_not_applicable_has_reason",
                violation_error_message="Say why it does not apply.",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_applicable") | ~Q(reason=""),
                name="response_not_applicable_is_explained",
                violation_error_message="Say in a sentence why it does not apply.",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_applicable") | Q(is_core=False),
                name="response_core_always_applies",
                violation_error_message="A core standard always applies.",
            ),
            models.CheckConstraint(
                condition=Q(is_core=False) | Q(is_outside=False),
                name="response_core_always_asked",
                violation_error_message="A core standard is always asked.",
            ),
            models.CheckConstraint(
                condition=Q(is_finished=False) | ~Q(state="unanswered"),
                name="response_finished_has_answer",
                violation_error_message="Answer before you finish.",
            ),
            models.CheckConstraint(
                condition=Q(is_finished=False) | Q(is_later=False),
                name="response_finished_or_later",
                violation_error_message="Choose whether you have finished.",
            ),
            models.CheckConstraint(
                condition=Q(is_later=False) | Q(version__gt=0),
                name="response_later_is_said",
                violation_error_message="Somebody says that it is for later.",
            ),
            models.CheckConstraint(
                condition=Q(saved_at__isnull=True, saved_by__isnull=True, version=0)
                | Q(saved_at__isnull=False, saved_by__isnull=False, version__gt=0),
                name="response_saved_pair",
                violation_error_message="A saved response has a person and a time.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} ({self.get_state_display()})"


class Evidence(models.Model):
    class Type(models.TextChoices):
        DOCUMENT = "document", "A document"
        NUMBER = "number", "A number"
        ACCOUNT = "account", "An account from people"
        SEEN = "seen", "Seen for ourselves"
        CHANGE = "change", "A decision or a change"
        OUTSIDE_VIEW = "outside_view", "A view from outside"

    class CqcCategory(models.TextChoices):
        """How the Care Quality Commission sorts evidence."""

        PEOPLE = "people", "People’s experience"
        STAFF = "staff", "Feedback from staff and leaders"
        PARTNERS = "partners", "Feedback from partners"
        OBSERVATION = "observation", "Observation"
        PROCESSES = "processes", "Processes"
        OUTCOMES = "outcomes", "Outcomes"

    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="evidence"
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    link = models.URLField(max_length=500, blank=True)
    note = models.TextField(max_length=1_000, blank=True)
    dated_on = models.DateField(null=True)
    type = models.CharField(max_length=20, choices=Type)
    cqc_category = models.CharField(max_length=20, choices=CqcCategory, blank=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response", "position"], name="evidence_position_once"
            ),
            models.CheckConstraint(
                condition=Q(position__range=(1, 3)),
                name="evidence_three_at_most",
                violation_error_message="Give three pieces of evidence at most.",
            ),
            models.CheckConstraint(
                condition=Q(link="")
                | Q(link__startswith="https://")
                | Q(link__startswith="http://"),
                name="evidence_link_is_web",
                violation_error_message="A link starts with https:// or http://.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="evidence_has_title",
                violation_error_message="Give the evidence a title.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ResponseRevision(models.Model):
    """What somebody tried to save, whether it was kept or came too late.

    Append-only. A rejected text stays here for its author, until she throws it away.
    """

    class Outcome(models.TextChoices):
        SAVED = "saved", "Saved"
        REJECTED = "rejected", "Not saved: somebody else was first"

    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="revisions"
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    # The version that this save made, or for a rejected one the version it was
    # written against.
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=Response.State)
    level = models.PositiveSmallIntegerField(null=True)
    not_applicable_because = models.CharField(
        max_length=20, choices=Response.NotApplicable, blank=True
    )
    reason = models.TextField(blank=True)
    is_finished = models.BooleanField()
    is_later = models.BooleanField(default=False)
    evidence = models.JSONField(help_text="A list, as it was typed.")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response", "version"],
                condition=Q(outcome="saved"),
                name="revision_version_once",
            )
        ]
        indexes = [
            models.Index(
                F("response"), F("saved_by"), F("outcome"), name="revision_by_author"
            )
        ]

    def __str__(self) -> str:
        return f"{self.response_id} v{self.version} {self.outcome}"
