"""What stewards say to everybody: the list, a notice with its preview, its end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from organisations import queries
from organisations.access import forget_kept, person_of, stewards_only, typed_here
from organisations.forms.console import NoticeForm
from organisations.models import Notice
from organisations.operations import console as operations
from organisations.rules import Refusal
from organisations.views.answers import do, show_form


@stewards_only
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    context = {"lines": queries.notice_lines(timezone.now())}
    return render(request, "console/notices.html", context)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def notice_new(request: HttpRequest) -> HttpResponse:
    form = NoticeForm(typed_here(request))
    if "keep" in request.POST and form.is_valid():
        now = timezone.now()
        operations.add_notice(
            text=form.cleaned_data["text"],
            starts_at=form.starts_at(now),
            ends_at=form.ends_at(),
            by=person_of(request),
            at=now,
        )
        forget_kept(request)
        messages.success(request, "The notice is up.")
        return redirect("console:notices")
    return _show(request, form, None)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def notice_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    notice = get_object_or_404(Notice, public_id=public_id)
    form = NoticeForm(typed_here(request), notice=notice)
    if "keep" in request.POST and form.is_valid():
        now = timezone.now()
        # What the page showed goes into the WHERE.
        notice.text = form.cleaned_data["before"]
        try:
            operations.edit_notice(
                notice=notice,
                text=form.cleaned_data["text"],
                starts_at=form.starts_at(now),
                ends_at=form.ends_at(),
                by=person_of(request),
                at=now,
            )
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            forget_kept(request)
            messages.success(request, "The notice is changed.")
            return redirect("console:notices")
    return _show(request, form, notice)


@stewards_only
@require_POST
def notice_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    notice = get_object_or_404(Notice, public_id=public_id)
    return do(
        request,
        lambda: operations.end_notice(
            notice=notice, by=person_of(request), at=timezone.now()
        ),
        said="The notice is taken down.",
        to="console:notices",
    )


def _show(
    request: HttpRequest, form: NoticeForm, notice: Notice | None
) -> HttpResponse:
    is_fine = form.is_bound and form.is_valid()
    context = {
        "notice": notice,
        "preview": [{"text": form.cleaned_data["text"]}] if is_fine else [],
    }
    return show_form(request, "console/notice.html", form, context)
