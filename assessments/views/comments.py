"""Change or delete a comment; ask for another look at an answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import operations
from assessments.forms import AnotherLookForm, EditCommentForm
from assessments.models import Comment
from assessments.queries import colleagues_of, has_left
from assessments.rules import (
    NotAllowed,
    NotYourComment,
    check_can_delete_comment,
    check_can_edit_comment,
    status_after,
)
from organisations.access import (
    Permission,
    forget_kept,
    person_of,
    typed_here,
)
from organisations.models import Membership
from organisations.rules import Refusal
from organisations.views.answers import show_form

from .doors import door, page_or_404


def _comment_or_404(
    request: HttpRequest, slug: str, public_id: UUID, comment_id: UUID
) -> tuple[Membership, Comment]:
    reader, assessment = door(request, slug, public_id, needs=Permission.ANSWER)
    assert reader.membership is not None  # To change anything is for members.
    comments = Comment.objects.of(assessment).select_related(
        "response__standard__principle", "author"
    )
    comment = get_object_or_404(comments, public_id=comment_id)
    comment.response.assessment = assessment
    return reader.membership, comment


@require_http_methods(["GET", "HEAD", "POST"])
def edit(
    request: HttpRequest, organisation_slug: str, public_id: UUID, comment_id: UUID
) -> HttpResponse:
    membership, comment = _comment_or_404(
        request, organisation_slug, public_id, comment_id
    )
    try:
        check_can_edit_comment(comment, person_of(request))
        status_after(comment.response.assessment, "edit_comment")
    except NotYourComment as reason:
        raise PermissionDenied(str(reason)) from reason
    except NotAllowed as reason:
        messages.warning(request, str(reason))
        return redirect(comment)
    if comment.deleted_at:
        messages.warning(request, "This comment is deleted.")
        return redirect(comment)
    form = _edit_form(typed_here(request), membership, comment)
    if request.method == "POST" and form.is_valid():
        try:
            return _edited(request, comment, form)
        except (NotAllowed, Refusal) as reason:
            form = _not_edited(request, membership, comment, reason)
    context = {"comment": comment, "assessment": comment.response.assessment}
    return show_form(request, "assessments/comment_edit.html", form, context)


def _edit_form(
    typed: QueryDict | None, membership: Membership, comment: Comment
) -> EditCommentForm:
    told = comment.mentions.values_list("person__public_id", flat=True)
    return EditCommentForm(
        typed,
        colleagues=[
            each
            for each in colleagues_of(membership.organisation)
            if each.person.pk != membership.user_id
        ],
        initial={
            "comment": comment.text,
            "version": comment.version,
            "tell": [str(public_id) for public_id in told],
        },
    )


def _not_edited(
    request: HttpRequest, membership: Membership, comment: Comment, reason: Exception
) -> EditCommentForm:
    """Show what was typed again, now over the comment as it stands."""
    comment.refresh_from_db(fields=["version", "text", "deleted_at"])
    typed = request.POST.copy()
    typed["version"] = str(comment.version)
    form = _edit_form(typed, membership, comment)
    form.add_error("comment", str(reason))
    return form


def _edited(
    request: HttpRequest, comment: Comment, form: EditCommentForm
) -> HttpResponse:
    operations.edit_comment(
        comment=comment,
        text=form.cleaned_data["comment"],
        tell=form.tell(),
        version=form.cleaned_data["version"],
        by=person_of(request),
        at=timezone.now(),
    )
    forget_kept(request)
    messages.success(request, "Your comment is changed.")
    return redirect(comment)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(
    request: HttpRequest, organisation_slug: str, public_id: UUID, comment_id: UUID
) -> HttpResponse:
    membership, comment = _comment_or_404(
        request, organisation_slug, public_id, comment_id
    )
    try:
        check_can_delete_comment(comment, membership, has_author_left=has_left(comment))
    except NotYourComment as reason:
        raise PermissionDenied(str(reason)) from reason
    if request.method == "POST":
        try:
            operations.delete_comment(
                comment=comment, membership=membership, at=timezone.now()
            )
        except (NotAllowed, Refusal) as reason:
            messages.warning(request, str(reason))
        else:
            messages.success(request, "The comment is deleted.")
        return redirect(comment)
    if comment.deleted_at:
        return redirect(comment)
    context = {"comment": comment, "assessment": comment.response.assessment}
    return render(request, "assessments/comment_delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def another_look(
    request: HttpRequest,
    organisation_slug: str,
    public_id: UUID,
    principle_slug: str,
    position: int,
) -> HttpResponse:
    _, assessment = door(request, organisation_slug, public_id, needs=Permission.LOCK)
    page = page_or_404(request, assessment, principle_slug, position)
    there = assessment.question_address(principle_slug, position)
    form = AnotherLookForm(typed_here(request))
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_for_another_look(
                response=page.response,
                why=form.cleaned_data["why"],
                by=person_of(request),
                at=timezone.now(),
            )
        except (NotAllowed, Refusal) as reason:
            form.add_error("why", str(reason))
        else:
            forget_kept(request)
            said = f"{page.standard.code} is marked: it needs another look."
            messages.success(request, said)
            return redirect(there)
    context = {"assessment": assessment, "page": page}
    return show_form(request, "assessments/another_look.html", form, context)
