"""What stands before each page: who may read it, and the trace that is left."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from assessments.models import Assessment, Response
from assessments.queries import QuestionPage, question_page, saying_if_unlocked
from organisations.access import Permission, Reader, person_of, reader_or_404
from organisations.operations import AccessEnded, look


def door(
    request: HttpRequest, slug: str, public_id: UUID, *, needs: Permission
) -> tuple[Reader, Assessment]:
    """Open one of the organisation's assessments to who may read it, or answer 404."""
    reader = reader_or_404(request, slug, needs=needs, at=timezone.now())
    found = saying_if_unlocked(Assessment.objects.of(reader.organisation))
    assessments = found.select_related(
        "organisation",
        "edition",
        "started_by",
        "locked_by",
        "publication__published_by",
    )
    return reader, get_object_or_404(assessments, public_id=public_id)


def shown_to(reader: Reader, page: str, **place: str) -> None:
    """Leave a trace, before it is shown, of what a steward looks at.

    Raises: Http404 when their access has ended since.
    Effects: audit event "looked"; nothing for a member.
    """
    if reader.grant is None:
        return
    try:
        look(grant=reader.grant, place={"page": page} | place, at=timezone.now())
    except AccessEnded as ended:
        raise Http404 from ended


def is_meeting(request: HttpRequest) -> bool:
    """Say whether the page is the meeting's, which is answered like any question."""
    place = request.resolver_match
    return place is not None and place.url_name == "meeting_question"


def page_or_404(
    request: HttpRequest, assessment: Assessment, principle_slug: str, position: int
) -> QuestionPage:
    try:
        return question_page(
            assessment, principle_slug, position, reader=person_of(request)
        )
    except Response.DoesNotExist as missing:
        raise Http404 from missing
