"""All standards one after the other, in big type, for people in one room."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from assessments.queries import first_step
from organisations.access import Permission

from .doors import door


@require_safe
def meeting(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    _, assessment = door(
        request, organisation_slug, public_id, needs=Permission.READ_OUR_VIEW
    )
    return redirect(first_step(assessment) or assessment)
