"""Where leads and co-leads say whether a steward may read our view."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organisations import operations, queries
from organisations.access import Permission, membership_or_404, person_of
from organisations.models import AccessGrant

from .answers import do


@require_safe
def access(request: HttpRequest, organisation_slug: str) -> HttpResponse:
    membership = membership_or_404(
        person_of(request), organisation_slug, needs=Permission.GRANT_ACCESS
    )
    context = {
        "organisation": membership.organisation,
        "page": queries.access_page(membership.organisation, timezone.now()),
    }
    return render(request, "organisations/access.html", context)


@require_POST
def access_grant(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    return _answer(
        request,
        organisation_slug,
        public_id,
        operations.grant_access,
        "{steward} can read our view for 72 hours. You can end it here at any time.",
    )


@require_POST
def access_refuse(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    return _answer(
        request,
        organisation_slug,
        public_id,
        operations.refuse_access,
        "You have said no. {steward} cannot read our view.",
    )


@require_POST
def access_end(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    return _answer(
        request,
        organisation_slug,
        public_id,
        operations.end_access,
        "It is over. {steward} cannot read our view any more.",
    )


def _answer(
    request: HttpRequest,
    slug: str,
    public_id: UUID,
    operation: Callable[..., None],
    said: str,
) -> HttpResponse:
    me = person_of(request)
    membership = membership_or_404(me, slug, needs=Permission.GRANT_ACCESS)
    grants = AccessGrant.objects.of(membership.organisation)
    grant = get_object_or_404(
        grants.select_related("organisation", "asked_by"), public_id=public_id
    )
    return do(
        request,
        lambda: operation(grant=grant, by=me, at=timezone.now()),
        said=said.format(steward=grant.asked_by),
        to="access",
        place=(slug,),
    )
