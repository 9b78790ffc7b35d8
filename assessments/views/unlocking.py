"""Unlock our view, on a page that says what that means."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import operations
from assessments.forms import UnlockForm
from assessments.models import Assessment
from assessments.queries import past_locks, why_not_unlocked
from assessments.rules import NotAllowed
from organisations.access import (
    Permission,
    author_mark,
    forget_kept,
    kept_typing,
    person_of,
)
from organisations.rules import Refusal

from .doors import door


@require_http_methods(["GET", "HEAD", "POST"])
def unlock(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.LOCK)
    is_post = request.method == "POST"
    kept = None if is_post else kept_typing(request, person_of(request))
    form = UnlockForm(request.POST if is_post else kept)
    if is_post and form.is_valid():
        try:
            operations.unlock(
                assessment=assessment,
                reason=form.cleaned_data["reason"],
                locked_at=form.cleaned_data["locked_at"],
                by=person_of(request),
                at=timezone.now(),
            )
        except (NotAllowed, Refusal) as reason:
            form.add_error(None, str(reason))
            # As it is now, which the person reads before she goes on.
            _, assessment = door(
                request, organisation_slug, public_id, needs=Permission.LOCK
            )
        else:
            forget_kept(request)
            messages.success(request, "Our view is unlocked. You can answer again.")
            return redirect(assessment)
    return _show(request, assessment, form)


def _show(
    request: HttpRequest, assessment: Assessment, form: UnlockForm
) -> HttpResponse:
    locked_at = assessment.locked_at
    context = {
        "assessment": assessment,
        "locked_at": locked_at.isoformat() if locked_at else "",
        "form": form,
        "is_kept": form.is_bound and request.method != "POST",
        "refusal": why_not_unlocked(assessment),
        "past_locks": past_locks(assessment),
        "author": author_mark(person_of(request)),
    }
    return render(request, "assessments/assessment_unlock.html", context)
