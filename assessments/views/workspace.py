"""The workspace of an organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.queries import assessment_lines, where_to_go_on
from organisations.access import Permission, reader_or_404
from organisations.queries import is_asked_for_access, members, standing_of

from .doors import shown_to


@require_safe
def workspace(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    reader = reader_or_404(
        request, organisation_slug, needs=Permission.READ_OUR_VIEW, at=timezone.now()
    )
    shown_to(reader, "workspace")
    organisation = reader.organisation
    lines = assessment_lines(organisation, reader.membership)
    context = {
        "organisation": organisation,
        "membership": reader.membership,
        "lines": lines,
        "carry_on": where_to_go_on(lines) if reader.can(Permission.ANSWER) else None,
        "reported_at": max(filter(None, (x.reported_at for x in lines)), default=None),
        "members": members(organisation) if reader.membership else (),
        "standing": reader.membership
        and standing_of(organisation, timezone.localdate()),
        "can_edit": reader.can(Permission.EDIT_ENTRY) and not organisation.is_paused(),
        "can_grant_access": reader.can(Permission.GRANT_ACCESS),
        "is_asked_for_access": reader.can(Permission.GRANT_ACCESS)
        and is_asked_for_access(organisation),
        "can_start": reader.can(Permission.START) and not organisation.is_paused(),
        "can_invite": reader.can(Permission.INVITE) and not organisation.is_paused(),
    }
    return render(request, "assessments/workspace.html", context)
