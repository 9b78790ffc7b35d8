"""A report: the document frozen when it was asked for, and the file made from it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse

from assessments.models import Assessment
from organisations.models import Organisation, User


# What somebody can copy off paper, and nobody can guess: 60 bits.
CHECK_CODE_LENGTH = 12


def report_store() -> Storage:
    """Give the private store of the files: a folder, or a bucket by setting."""
    return storages["reports"]


class ReportQuerySet(models.QuerySet["Report"]):
    def of(self, organisation: Organisation) -> ReportQuerySet:
        return self.filter(organisation=organisation)

    def like(self, report: Report) -> ReportQuerySet:
        """Keep the same document of the same subject, however often it was made."""
        return self.filter(
            organisation=report.organisation_id,
            assessment=report.assessment_id,
            kind=report.kind,
            is_large=report.is_large,
            about=report.about,
        )

    def under_way(self) -> ReportQuerySet:
        return self.filter(status__in=Report.UNDER_WAY)

    def documents(self) -> ReportQuerySet:
        """Leave out archives, which are for leads alone."""
        return self.exclude(kind=Report.Kind.TAKE_OUT)

    def archives(self) -> ReportQuerySet:
        return self.filter(kind=Report.Kind.TAKE_OUT)

    def waiting(self, now: datetime) -> ReportQuerySet:
        """Keep what nobody is making: queued, or with a lease that ran out."""
        return self.filter(
            Q(status=Report.Status.QUEUED)
            | Q(status=Report.Status.RENDERING, lease_until__lt=now)
        )


class Report(models.Model):
    class Kind(models.TextChoices):
        FULL_RECORD = "full_record", "Full record"
        BOARD_PAPER = "board_paper", "Board paper"
        PLAIN_SUMMARY = "plain_summary", "Plain summary"
        EASY_READ = "easy_read", "Easy read"
        DUTIES = "duties", "Evidence by duty"
        CERTIFICATE = "certificate", "Certificate of commitment"
        WORKSHOP = "workshop", "Workshop pack"
        TAKE_OUT = "take_out", "Archive of all that you own"

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RENDERING = "rendering", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "We could not make it"

    UNDER_WAY = (Status.QUEUED, Status.RENDERING)
    # What it is called within a sentence; any other is a report.
    NOUNS = {
        Kind.BOARD_PAPER: "board paper",
        Kind.PLAIN_SUMMARY: "plain summary",
        Kind.EASY_READ: "easy read",
        Kind.DUTIES: "evidence by duty",
        Kind.CERTIFICATE: "certificate",
        Kind.WORKSHOP: "workshop pack",
        Kind.TAKE_OUT: "archive",
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reports"
    )
    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.PROTECT,
        related_name="reports",
        null=True,
        help_text="Which one it reports; none for a certificate.",
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.FULL_RECORD)
    is_large = models.BooleanField("in large print", default=False)
    about = models.CharField(
        max_length=60,
        blank=True,
        help_text="For evidence by duty: the code of the duty, or the name of its set.",
    )
    document = models.JSONField(help_text="Frozen when the report was asked for.")
    # Empty for a report that is older than these codes.
    check_code = models.CharField(max_length=CHECK_CODE_LENGTH, blank=True)
    template_version = models.PositiveSmallIntegerField()
    requested_at = models.DateTimeField()
    queued_at = models.DateTimeField(
        help_text="When it last joined the queue: later than requested_at if tried again."
    )
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField(null=True)
    # Of an archive, the files in it.
    pages = models.PositiveIntegerField(null=True)
    ready_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind", "is_large", "about", "requested_by"],
                condition=Q(status__in=["queued", "rendering"]),
                name="report_one_under_way",
                violation_error_message="You have already asked for this report.",
            ),
            # To a database no two empty assessments are the same.
            models.UniqueConstraint(
                fields=["organisation", "kind", "is_large", "requested_by"],
                condition=Q(
                    status__in=["queued", "rendering"], assessment__isnull=True
                ),
                name="report_certificate_one_under_way",
                violation_error_message="You have already asked for this report.",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(kind__in=["certificate", "take_out"]), assessment__isnull=False
                )
                | Q(kind__in=["certificate", "take_out"], assessment__isnull=True),
                name="report_kind_has_assessment",
                violation_error_message="A record is of an assessment.",
            ),
            models.CheckConstraint(
                condition=Q(kind="duties") & ~Q(about="")
                | ~Q(kind="duties") & Q(about=""),
                name="report_duties_are_named",
                violation_error_message="Say which duty, or which set of them.",
            ),
            models.UniqueConstraint(
                fields=["check_code"],
                condition=~Q(check_code=""),
                name="report_check_code_once",
                violation_error_message="Another report has this code.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="rendering", lease_until__isnull=False) & ~Q(owner="")
                )
                | (~Q(status="rendering") & Q(lease_until__isnull=True, owner="")),
                name="report_rendering_has_lease",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        status="ready",
                        ready_at__isnull=False,
                        # A CHECK lets NULL pass, so its absence is said too.
                        bytes__isnull=False,
                        bytes__gt=0,
                        pages__isnull=False,
                        pages__gt=0,
                    )
                    & ~Q(file="")
                    & ~Q(sha256="")
                )
                | (~Q(status="ready") & Q(file="", sha256="", ready_at__isnull=True)),
                name="report_ready_has_file",
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(failure=""))
                | (~Q(status="failed") & Q(failure="")),
                name="report_failed_has_sentence",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "lease_until"], name="report_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.public_id}"

    def get_absolute_url(self) -> str:
        if self.is_archive():
            return reverse("reports:take_out", args=[self.organisation.slug])
        return reverse(
            "reports:progress",
            args=[self.organisation.slug, self.public_id],
        )

    @property
    def name(self) -> str:
        """Say which document it is, and in which print."""
        about = f" ({self.about_in_words})" if self.about else ""
        size = " in large print" if self.is_large else ""
        return f"{self.get_kind_display()}{about}{size}"

    @property
    def about_in_words(self) -> str:
        """Name the duty, or the set of them, as people know it."""
        # A list leaves the document behind, and brings these words of it.
        named = getattr(self, "named_duty", None) or self.document.get("about")
        return str(named or self.about)

    @property
    def subject(self) -> str:
        """Say what it is about."""
        if self.assessment is None:
            return self.name
        return f"{self.name}: {self.assessment}"

    @property
    def check_code_in_groups(self) -> str:
        """Return the check code as people read it, four letters at a time."""
        code = self.check_code
        return "-".join(code[at : at + 4] for at in range(0, len(code), 4))

    @property
    def noun(self) -> str:
        return self.NOUNS.get(self.Kind(self.kind), "report")

    def is_draft(self) -> bool:
        """Say whether our view was not locked when it was frozen."""
        # A certificate and a workshop pack do not say when it was.
        return self.document.get("locked_at", "never") is None

    def is_full_record(self) -> bool:
        return self.kind == self.Kind.FULL_RECORD

    def is_board_paper(self) -> bool:
        return self.kind == self.Kind.BOARD_PAPER

    def is_plain(self) -> bool:
        return self.kind in {self.Kind.PLAIN_SUMMARY, self.Kind.EASY_READ}

    @property
    def suffix(self) -> str:
        return ".zip" if self.is_archive() else ".pdf"

    def is_archive(self) -> bool:
        return self.kind == self.Kind.TAKE_OUT

    def is_duties(self) -> bool:
        return self.kind == self.Kind.DUTIES

    def is_certificate(self) -> bool:
        return self.kind == self.Kind.CERTIFICATE

    def is_workshop(self) -> bool:
        return self.kind == self.Kind.WORKSHOP

    def has_file(self) -> bool:
        return report_store().exists(self.file)

    def open_file(self) -> File[Any]:
        """Open the file that was made.

        Raises: FileNotFoundError.
        """
        return report_store().open(self.file)

    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    def is_failed(self) -> bool:
        return self.status == self.Status.FAILED

    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY
