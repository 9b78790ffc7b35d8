"""The work: an assessment and one response for each standard, made up front.

And that it was published, or that somebody holds that back.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from organisations.models import Membership, Organisation, User
from standards.models import Edition, Standard


REASON_LENGTH = 10_000


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def of(self, organisation: Organisation) -> AssessmentQuerySet:
        return self.filter(organisation=organisation)

    def saying_if_unlocked(self) -> AssessmentQuerySet:
        """Add `was_unlocked`, so that nobody looks for locks that never ended."""
        past = Unlocking.objects.filter(assessment=OuterRef("pk"))
        return self.annotate(was_unlocked=Exists(past))


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
    scope_name = models.CharField(max_length=100, blank=True)
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

    def principle_address(self, principle_slug: str) -> str:
        return self._address("principle", principle_slug)

    def check_address(self, principle_slug: str) -> str:
        return self._address("check", principle_slug)

    def question_address(self, principle_slug: str, position: int) -> str:
        return self._address("question", principle_slug, position)

    def history_address(self, principle_slug: str, position: int) -> str:
        return self._address("history", principle_slug, position)

    def _address(self, page: str, *below: object) -> str:
        place = [self.organisation.slug, self.public_id, *below]
        return reverse(f"assessments:{page}", args=place)

    def is_locked(self) -> bool:
        return self.status != self.Status.ANSWERING


class ResponseQuerySet(models.QuerySet["Response"]):
    def of(self, assessment: Assessment) -> ResponseQuerySet:
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
    # Set with the assessment's status in one transaction. Being on the row, it is
    # re-read when an UPDATE has waited for the lock, which a join would not be.
    is_locked = models.BooleanField(default=False)
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
                condition=Q(is_finished=False) | ~Q(state="unanswered"),
                name="response_finished_has_answer",
                violation_error_message="Answer before you finish.",
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

    Append-only. A rejected text stays here for its author.
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


class Publication(models.Model):
    """That an assessment was published, once, and what was said with it then."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="publication"
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why_not_asked = models.TextField(
        "why people who use the service were not asked", max_length=1_000
    )
    assessed_by = models.CharField(max_length=5, choices=Organisation.Band)
    strengths = models.TextField(max_length=3_000, blank=True)
    gaps = models.TextField(max_length=3_000, blank=True)
    actions = models.TextField(max_length=3_000, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(why_not_asked=""),
                name="publication_says_why_not_asked",
                violation_error_message="Say why people were not asked yet.",
            )
        ]

    def __str__(self) -> str:
        return f"publication of {self.assessment}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def of(self, organisation: Organisation) -> HoldQuerySet:
        return self.filter(assessment__organisation=organisation)

    def open(self) -> HoldQuerySet:
        return self.filter(lifted_at=None)


class Hold(models.Model):
    """A lead or co-lead holds publishing back. While it stands nobody publishes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="holds"
    )
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # As it was then: who placed it may have another role now.
    placed_as = models.CharField(max_length=20, choices=Membership.Role)
    placed_at = models.DateTimeField()
    reason = models.TextField(max_length=1_000)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True
    )
    lifted_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(lifted_at=None),
                name="hold_open_once",
                violation_error_message="Publishing is held back already.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_by_somebody",
                violation_error_message="A hold is lifted by a person at a time.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="hold_says_why",
                violation_error_message="Say why you hold publishing back.",
            ),
            models.CheckConstraint(
                condition=Q(placed_as__in=["lead", "co_lead"]),
                name="hold_by_a_lead_or_co_lead",
                violation_error_message="A lead or a co-lead can hold it back.",
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.assessment}"


class Unlocking(models.Model):
    """That our view was unlocked, why, and the lock that ended with it.

    Append-only.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="unlockings"
    )
    locked_at = models.DateTimeField()
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unlocked_at = models.DateTimeField()
    unlocked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1_000)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="unlocking_says_why",
                violation_error_message="Say why you unlock our view.",
            )
        ]

    def __str__(self) -> str:
        return f"unlocking of {self.assessment}"
