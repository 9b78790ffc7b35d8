"""The published standard, as an edition that never changes once it is published.

Rows are written by `manage.py load_standards` alone; everything else reads them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> EditionQuerySet:
        return self.filter(status=Edition.Status.PUBLISHED)

    def current(self) -> Edition:
        """Return the edition that new assessments and the public pages use.

        Raises: Edition.DoesNotExist when no edition is published.
        """
        return self.published().latest("published_on", "pk")


class Edition(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=20)
    jurisdiction = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    status = models.CharField(max_length=20, choices=Status)
    published_on = models.DateField(null=True, blank=True)
    review_note = models.TextField(
        help_text="Who has checked the content, and who has not yet."
    )
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the source.")

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "language", "version"],
                name="edition_version_once",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_on__isnull=False),
                name="edition_published_has_date",
                violation_error_message="A published edition needs its date.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Principle(models.Model):
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="principles"
    )
    code = models.CharField(max_length=2)
    slug = models.SlugField(max_length=20)
    name = models.CharField(max_length=40)
    gloss = models.CharField(max_length=100)
    question_organisation = models.TextField()
    question_people = models.TextField()
    why = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"], name="principle_code_once"
            ),
            models.UniqueConstraint(
                fields=["edition", "slug"], name="principle_slug_once"
            ),
            models.UniqueConstraint(
                fields=["edition", "position"], name="principle_position_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("standards:principle", args=[self.slug])


class Domain(models.Model):
    """One of the four places where involvement happens."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="domains"
    )
    code = models.CharField(max_length=2)
    name = models.CharField(max_length=60)
    description = models.TextField()
    benefits = models.TextField()
    examples = models.JSONField(help_text="A list of sentences.")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="domain_code_once")
        ]

    def __str__(self) -> str:
        return self.name


class Level(models.Model):
    """One step of the scale, from 0 (not started) to 4 (shared and led)."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="levels"
    )
    value = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=40)
    descriptor = models.TextField()
    rule_of_thumb = models.TextField()
    proof = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "value"], name="level_value_once"
            ),
            models.CheckConstraint(
                condition=Q(value__range=(0, 4)),
                name="level_value_range",
                violation_error_message="A level is 0, 1, 2, 3 or 4.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.word}"


class Standard(models.Model):
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="standards"
    )
    principle = models.ForeignKey(
        Principle, on_delete=models.PROTECT, related_name="standards"
    )
    code = models.CharField(max_length=4)
    title = models.CharField(max_length=100)
    statement = models.TextField()
    why = models.TextField()
    is_core = models.BooleanField()
    domains = models.ManyToManyField(Domain, related_name="standards")
    level_three = models.TextField(help_text="What level 3 looks like.")
    not_applicable_rule = models.TextField()
    example_evidence = models.JSONField(help_text="A list of short phrases.")
    position = models.PositiveSmallIntegerField(help_text="Inside its principle.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"], name="standard_code_once"
            ),
            models.UniqueConstraint(
                fields=["principle", "position"], name="standard_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.principle.get_absolute_url()}#{self.code}"


class LevelSentence(models.Model):
    """What one level means for one standard."""

    standard = models.ForeignKey(
        Standard, on_delete=models.CASCADE, related_name="level_sentences"
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="sentences")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "level"], name="level_sentence_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Indicator(models.Model):
    standard = models.ForeignKey(
        Standard, on_delete=models.CASCADE, related_name="indicators"
    )
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "position"], name="indicator_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Question(models.Model):
    class Audience(models.TextChoices):
        SERVICE_USER = "service_user", "People who use services"
        CARER = "carer", "Carers, family and friends"
        STAFF = "staff", "Staff"
        OWN_CARE = "own_care", "People, about their own care"

    standard = models.ForeignKey(
        Standard, on_delete=models.CASCADE, related_name="questions"
    )
    audience = models.CharField(max_length=20, choices=Audience)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "audience"], name="question_audience_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Duty(models.Model):
    """A law, rule or piece of guidance that involvement evidence can serve."""

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        BEING_REPLACED = "being_replaced", "Being replaced"
        NOT_YET_IN_FORCE = "not_yet_in_force", "Not yet fully in force"
        HISTORIC = "historic", "Historic"
        TO_BE_CHECKED = "to_be_checked", "To be checked"

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="duties"
    )
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    family = models.CharField(
        max_length=60, help_text="The heading it is listed under."
    )
    body = models.CharField(max_length=100, help_text="Who issued it.")
    jurisdiction = models.CharField(max_length=60)
    applies_to = models.JSONField(help_text="A list of kinds of organisation.")
    summary = models.TextField(help_text="What it asks, in plain words.")
    status = models.CharField(max_length=20, choices=Status)
    status_note = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.CharField(max_length=100, blank=True)
    standards = models.ManyToManyField(Standard, related_name="duties")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="duty_code_once"),
            models.CheckConstraint(
                condition=Q(status="to_be_checked") | ~Q(address=""),
                name="duty_confirmed_has_address",
                violation_error_message=(
                    "A duty without a confirmed source is still to be checked."
                ),
            ),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True, checked_by="")
                | (Q(checked_on__isnull=False) & ~Q(checked_by="")),
                name="duty_checked_by_person",
                violation_error_message="Say who checked the source, and when.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("standards:duty", args=[self.code])

    def is_checked(self) -> bool:
        return self.checked_on is not None
