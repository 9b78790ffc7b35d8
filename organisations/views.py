"""The pages of people and organisations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .models import User
from .queries import workspace_lines


@require_safe
def workspaces(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # LoginRequiredMiddleware
    lines = workspace_lines(request.user)
    if len(lines) == 1:
        return redirect(lines[0].address)
    return render(request, "organisations/workspace_list.html", {"lines": lines})
