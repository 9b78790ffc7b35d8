"""An assessment: where it stands, and locking our view."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import operations
from assessments.queries import (
    assessment_record,
    past_locks,
    people_still_typing,
    publishing_page,
    quality_page,
    waiting_for,
    why_not_unlocked,
)
from assessments.rules import AlreadyLocked, NotReady
from organisations.access import Permission, person_of

from .doors import door, shown_to


@require_safe
def overview(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    reader, assessment = door(
        request,
        organisation_slug,
        public_id,
        needs=Permission.READ_OUR_VIEW,
    )
    shown_to(reader, "overview")
    record = assessment_record(assessment)
    context = {
        "record": record,
        "assessment": assessment,
        "mine": record.own_part(person_of(request).pk),
        "next_step": record.next_for(person_of(request).pk),
        "looks": record.looks_of(person_of(request).pk),
        "quality": quality_page(record, assessment, today=timezone.localdate()),
        "waiting": waiting_for(assessment, person_of(request))
        if reader.can(Permission.ANSWER)
        else None,
        "publishing": reader.membership
        and publishing_page(assessment, reader.membership, timezone.now()),
        "can_publish": reader.can(Permission.PUBLISH)
        and not reader.organisation.is_paused(),
        "can_answer": reader.can(Permission.ANSWER),
        # A steward who is let in reads; what leaves the site is for members.
        "can_save_data": reader.membership is not None,
        "can_lock": reader.can(Permission.LOCK),
        "can_set_up": reader.can(Permission.START)
        and not (assessment.is_locked() or reader.organisation.is_paused()),
        "can_unlock": reader.can(Permission.LOCK)
        and not reader.organisation.is_paused()
        and not why_not_unlocked(assessment),
        "past_locks": past_locks(assessment) if reader.membership else (),
        "can_request_report": reader.can(Permission.REQUEST_REPORT),
        "can_read_reports": reader.can(Permission.VIEW),
    }
    return render(request, "assessments/assessment_overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest, organisation_slug: str, public_id: UUID) -> HttpResponse:
    _, assessment = door(
        request,
        organisation_slug,
        public_id,
        needs=Permission.LOCK,
    )
    if request.method == "POST":
        try:
            operations.lock(
                assessment=assessment, by=person_of(request), at=timezone.now()
            )
        except (NotReady, AlreadyLocked) as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, "Our view is locked. You can make a report now.")
        return redirect(assessment)
    record = assessment_record(assessment)
    context = {
        "record": record,
        "assessment": assessment,
        "quality": quality_page(record, assessment, today=timezone.localdate()),
        "still_typing": people_still_typing(assessment),
    }
    return render(request, "assessments/assessment_lock.html", context)
