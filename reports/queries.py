"""What the pages of a report read, and what the doorbell looks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
)
from django.db.models.fields.json import KeyTextTransform

from assessments.models import Dissent, Hold, Publication, Response, Unlocking
from organisations.models import (
    AuditEvent,
    MailPreference,
    Milestone,
    Organisation,
    User,
)

from .models import Report, ReportQuerySet
from .rules import (
    ARCHIVE_KEPT_FOR,
    FAILED_KEPT_FOR,
    HOUR,
    OLD_DRAFT_KEPT_FOR,
    Room,
    room_for,
)


# A certificate and a workshop pack do not say when our view was locked.
HOLDS_ANSWERS = Q(document__has_key="locked_at")
# Whether a report says "Draft": our view was not locked when it was frozen.
WAS_DRAFT = Q(document__locked_at=None)
# What was changed after a record was frozen.
CHANGED_ANSWERS = Exists(
    Response.objects.filter(
        assessment=OuterRef("assessment"),
        is_outside=False,
        saved_at__gt=OuterRef("requested_at"),
    )
) | Exists(
    Dissent.objects.filter(
        response__assessment=OuterRef("assessment"),
        noted_at__gt=OuterRef("requested_at"),
    )
)
UNLOCKED = Exists(
    Unlocking.objects.filter(
        assessment=OuterRef("assessment"), unlocked_at__gt=OuterRef("requested_at")
    )
)
# A locked view was opened again, and that is all so far.
ONLY_UNLOCKED = (
    Q(HOLDS_ANSWERS, assessment__locked_at=None)
    & ~WAS_DRAFT
    & UNLOCKED
    & ~CHANGED_ANSWERS
)
# And what else is in a record.
CHANGED = (
    Q(assessment__locked_at__gt=F("requested_at"))
    | CHANGED_ANSWERS
    | UNLOCKED
    # Only the full record says how publishing stands.
    | Q(kind=Report.Kind.FULL_RECORD)
    & (
        Exists(
            Publication.objects.filter(
                assessment=OuterRef("assessment"),
                published_at__gt=OuterRef("requested_at"),
            )
        )
        | Exists(
            Hold.objects.filter(
                Q(placed_at__gt=OuterRef("requested_at"), lifted_at=None)
                | Q(
                    placed_at__lte=OuterRef("requested_at"),
                    lifted_at__gt=OuterRef("requested_at"),
                ),
                assessment=OuterRef("assessment"),
            )
        )
    )
)
# In the same print: who needs large print has no use for a newer one in small, so
# neither does it make theirs outlived, nor their way to make it anew needless.
NEWER = Report.objects.filter(
    assessment=OuterRef("assessment"),
    kind=OuterRef("kind"),
    is_large=OuterRef("is_large"),
    about=OuterRef("about"),
    status__in=[*Report.UNDER_WAY, Report.Status.READY],
    requested_at__gt=OuterRef("requested_at"),
)


def reports_of(organisation: Organisation) -> ReportQuerySet:
    """List an organisation's reports, newest first, without their documents.

    Shape: each says with `was_draft` whether our view was not locked yet; with
    `can_be_newer` whether it is the newest of an assessment that has changed since, and
    with `was_only_unlocked` that no more than that has; with `has_newer` whether a newer
    one was asked for; and with `named_duty` which duty it is about.
    """
    return (
        Report.objects.of(organisation)
        .documents()
        .select_related("organisation", "assessment", "requested_by")
        .annotate(
            was_draft=WAS_DRAFT,
            named_duty=KeyTextTransform("about", "document"),
            has_newer=Exists(NEWER),
            was_only_unlocked=ONLY_UNLOCKED,
            can_be_newer=Q(HOLDS_ANSWERS, CHANGED, ~Exists(NEWER), status="ready"),
        )
        .defer("document")
        .order_by("-requested_at", "-pk")
    )


def older_than(report: Report, *, at_most: int = 5) -> list[Report]:
    """List the same document as it was made before, newest first."""
    same = reports_of(report.organisation).like(report)
    made = same.filter(status=Report.Status.READY, requested_at__lt=report.requested_at)
    return list(made[:at_most])


def archives_of(organisation: Organisation) -> ReportQuerySet:
    """List an organisation's archives that are there or on their way, newest first.

    Shape: each says with `kept_until` how long it is there, once it is made.
    """
    until = F("ready_at") + ARCHIVE_KEPT_FOR
    found = Report.objects.of(organisation).archives().defer("document")
    return (
        found.annotate(kept_until=ExpressionWrapper(until, DateTimeField()))
        .select_related("organisation", "requested_by")
        .order_by("-requested_at", "-pk")
    )


def newest_record(organisation: Organisation) -> Report | None:
    """Find the newest report of an assessment that is ready, without its document."""
    records = Report.objects.of(organisation).filter(
        status=Report.Status.READY, kind=Report.Kind.FULL_RECORD
    )
    return records.defer("document").order_by("-ready_at", "-pk").first()


def open_milestones(organisation: Organisation) -> list[Milestone]:
    """List what an organisation says it will have done and has not yet, soonest first."""
    return list(Milestone.objects.of(organisation).open().order_by("due_on", "pk"))


def ahead_of(report: Report) -> int:
    """Count the reports of the whole site that are made before this one."""
    if report.status != Report.Status.QUEUED:
        return 0
    earlier = Report.objects.under_way().filter(queued_at__lt=report.queued_at)
    return earlier.count()


def asked_within_the_hour(
    organisation: Organisation, *, at: datetime
) -> list[datetime]:
    """List when an organisation asked for a report, or tried one again, newest first."""
    return _done_within_the_hour(organisation, ["requested", "retried"], at=at)


def room_now(organisation: Organisation, *, at: datetime) -> Room:
    """Say how many more reports an organisation may ask for."""
    return room_for(asked_within_the_hour(organisation, at=at))


def taken_out_within_the_hour(
    organisation: Organisation, *, at: datetime
) -> list[datetime]:
    """List when an organisation asked for an archive, newest first."""
    return _done_within_the_hour(organisation, ["taken_out"], at=at)


def _done_within_the_hour(
    organisation: Organisation, verbs: list[str], *, at: datetime
) -> list[datetime]:
    asked = AuditEvent.objects.filter(
        organisation=organisation.slug,
        subject_type="reports.report",
        verb__in=verbs,
        at__gt=at - HOUR,
    )
    return list(asked.order_by("-at").values_list("at", flat=True))


def has_changed_since(report: Report) -> bool:
    """Say whether the assessment was changed after its report was frozen."""
    return Report.objects.filter(CHANGED, pk=report.pk).exists()


def was_only_unlocked(report: Report) -> bool:
    """Say whether our view was opened again since, with no answer touched yet."""
    return Report.objects.filter(ONLY_UNLOCKED, pk=report.pk).exists()


def wants_mail(report: Report) -> bool:
    """Say whether who asked for a report still belongs here, and gets such mails."""
    kind = MailPreference.Kind.REPORTS
    people = User.objects.filter(
        pk=report.requested_by_id,
        is_active=True,
        memberships__organisation=report.organisation_id,
    )
    return people.exclude(mail_preferences__kind=kind).exists()


def outlived(now: datetime) -> ReportQuerySet:
    """Find the reports that nobody needs any more.

    Shape: what could not be made, an archive, and a draft of an assessment of which
    there is a newer report that is ready, each a while after.
    """
    newer = NEWER.filter(
        status=Report.Status.READY, ready_at__lt=now - OLD_DRAFT_KEPT_FOR
    )
    failed = Q(status=Report.Status.FAILED, queued_at__lt=now - FAILED_KEPT_FOR)
    draft = Q(WAS_DRAFT, status=Report.Status.READY)
    archive = Q(kind=Report.Kind.TAKE_OUT, ready_at__lt=now - ARCHIVE_KEPT_FOR)
    return Report.objects.filter(failed | archive | draft & Exists(newer))


def next_waiting(now: datetime, *, at_most: int = 100) -> list[tuple[int, int]]:
    """List the reports that nobody is making, oldest first.

    Shape: pairs of a report's key and how often it was tried.
    """
    waiting = Report.objects.waiting(now).order_by("queued_at")
    return list(waiting.values_list("pk", "attempts")[:at_most])


def reports_asked_by(user: User) -> list[dict[str, Any]]:
    """List the reports somebody asked for, without what is in them, in one query."""
    reports = Report.objects.filter(requested_by=user).order_by("pk")
    return list(
        reports.values(
            *("kind", "about", "requested_at", "status", "ready_at", "pages"),
            organisation_name=F("organisation__name"),
            assessment_name=F("assessment__scope_name"),
        )
    )
