"""What was said of a standard before, and how to bring it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments import operations
from assessments.forms import RestoreForm
from assessments.models import Assessment, Response, ResponseRevision
from assessments.operations import EditConflict
from assessments.queries import (
    past_dissents,
    past_versions,
    response_at,
    saved_versions,
    told_versions,
)
from assessments.rules import AlreadyLocked, NotAllowed, content_of
from organisations.access import Permission, person_of
from organisations.views.answers import page_of

from .conflict import show_conflict
from .doors import door, page_or_404, shown_to


@require_safe
def history(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str,
    position: int,
) -> HttpResponse:
    reader, assessment = door(
        request, organisation_slug, public_id, needs=Permission.READ_OUR_VIEW
    )
    response = _response_or_404(assessment, principle_slug, position)
    page = page_of(request, past_versions(response, reader=person_of(request)))
    shown_to(reader, "history", standard=response.standard.code)
    context = {
        "assessment": assessment,
        "response": response,
        "standard": response.standard,
        "principle": response.standard.principle,
        "page": page,
        "versions": told_versions(response, list(page.object_list)),
        "dissents": past_dissents(response),
        "can_restore": reader.can(Permission.ANSWER)
        and not (assessment.is_locked() or response.is_outside)
        and not reader.organisation.is_paused(),
    }
    return render(request, "assessments/question_history.html", context)


def _response_or_404(
    assessment: Assessment, principle_slug: str, position: int
) -> Response:
    try:
        return response_at(assessment, principle_slug, position)
    except Response.DoesNotExist as missing:
        raise Http404 from missing


def _told(before: Response, restored: ResponseRevision) -> str:
    """Say what was restored, and what became of the mark that it is finished."""
    mark = ""
    if before.is_finished and not restored.is_finished:
        mark = " It is not marked as finished any more."
    elif restored.is_later and not before.is_later:
        mark = " It is marked for later again."
    elif restored.is_finished and not before.is_finished:
        mark = " It is marked as finished again."
    return f"Version {restored.version} is our answer again.{mark}"


@require_POST
def restore(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str,
    position: int,
    version: int,
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.ANSWER)
    page = page_or_404(request, assessment, principle_slug, position)
    revision = get_object_or_404(saved_versions(page.response), version=version)
    try:
        operations.restore(
            revision=revision,
            version=RestoreForm(request.POST).shown(),
            by=person_of(request),
            at=timezone.now(),
        )
    except EditConflict as refusal:
        mine = content_of(revision)
        return show_conflict(request, assessment, page, refusal, restored=mine)
    except (AlreadyLocked, NotAllowed) as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _told(page.response, revision))
    return redirect(assessment.history_address(principle_slug, position))
