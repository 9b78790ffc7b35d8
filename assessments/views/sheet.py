"""Our answers as a spreadsheet: taken away, filled in, uploaded, looked at, saved."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments import document, operations
from assessments.forms import (
    KeepForm,
    NotReadable,
    SheetChanges,
    SheetRead,
    UploadForm,
    changes_of,
    read_sheet,
)
from assessments.models import Assessment
from assessments.operations import SavedMeanwhile, SheetGone
from assessments.queries import WaitingSheet, all_questions, waiting_sheet
from assessments.rules import AlreadyLocked, NotAllowed
from organisations.access import (
    FILE_LOST,
    Permission,
    author_mark,
    forget_kept,
    membership_or_404,
    person_of,
    typed_here,
)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_SHEET = UUID(int=0)
# More than that says the same over and over.
FAULTS_SHOWN = 100


def _assessment(
    request: HttpRequest, slug: str, public_id: UUID, *, needs: Permission
) -> Assessment:
    """Open an assessment to members: what leaves the site, or changes it, is theirs."""
    membership = membership_or_404(person_of(request), slug, needs=needs)
    found = Assessment.objects.of(membership.organisation)
    return get_object_or_404(
        found.select_related("organisation", "edition"), public_id=public_id
    )


@require_safe
def download(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    assessment = _assessment(
        request, organisation_slug, public_id, needs=Permission.READ_OUR_VIEW
    )
    try:
        content = document.write_sheet(assessment, all_questions(assessment))
    except document.CannotHold as reason:
        messages.warning(request, str(reason))
        return redirect(assessment)
    day = timezone.localdate()
    name = f"4pi-answers-{assessment.organisation.slug}-{day:%Y-%m-%d}.xlsx"
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    assessment = _assessment(
        request, organisation_slug, public_id, needs=Permission.ANSWER
    )
    if request.method != "POST":
        return _show_upload(request, assessment, UploadForm())
    request.session.pop(FILE_LOST, None)
    sent = request.headers.get("content-length", "")
    size = int(sent) if sent.isdigit() else 0
    form = UploadForm(request.POST, request.FILES, sent=size)
    read = None
    if form.is_valid():
        try:
            read = _read(assessment, form)
            if not read.faults:
                return _keep(request, assessment, read, form.name())
        except (NotReadable, AlreadyLocked) as reason:
            form.add_error("file", str(reason))
    return _show_upload(request, assessment, form, read)


def _read(assessment: Assessment, form: UploadForm) -> SheetRead:
    questions = {page.standard.code: page for page in all_questions(assessment)}
    return read_sheet(form.content(), assessment, questions)


def _keep(
    request: HttpRequest, assessment: Assessment, read: SheetRead, name: str
) -> HttpResponse:
    operations.keep_sheet(
        assessment=assessment,
        rows=[
            *((row.code, row.version, row.typed) for row in read.rows),
            *((code, 0, "") for code in read.without),
        ],
        name=name,
        by=person_of(request),
        at=timezone.now(),
    )
    place = assessment.organisation.slug, assessment.public_id
    return redirect("assessments:sheet_changes", *place)


def _show_upload(
    request: HttpRequest,
    assessment: Assessment,
    form: UploadForm,
    read: SheetRead | None = None,
) -> HttpResponse:
    faults = read.faults if read else ()
    context = {
        "assessment": assessment,
        "form": form,
        "faults": faults[:FAULTS_SHOWN],
        "more": len(faults) - FAULTS_SHOWN,
        "waiting": waiting_sheet(assessment, person_of(request)),
        "is_lost": request.session.get(FILE_LOST) == request.path,
    }
    return render(request, "assessments/sheet_upload.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def changes(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    assessment = _assessment(
        request, organisation_slug, public_id, needs=Permission.ANSWER
    )
    person = person_of(request)
    sheet = waiting_sheet(assessment, person)
    if sheet is None:
        return redirect("assessments:sheet", organisation_slug, public_id)
    found = _changes(request, assessment, sheet)
    form = KeepForm(typed_here(request), changes=found.changes)
    if request.method == "POST" and form.is_valid():
        return _save(request, assessment, sheet, form)
    return _show_changes(request, assessment, sheet, found, form)


def _changes(
    request: HttpRequest, assessment: Assessment, sheet: WaitingSheet
) -> SheetChanges:
    questions = {page.standard.code: page for page in all_questions(assessment)}
    return changes_of(sheet, questions, reader=person_of(request))


def _save(
    request: HttpRequest, assessment: Assessment, sheet: WaitingSheet, form: KeepForm
) -> HttpResponse:
    answers = form.answers()
    try:
        operations.save_sheet(
            assessment=assessment,
            public_id=form.cleaned_data["sheet"],
            answers=answers,
            by=person_of(request),
            at=timezone.now(),
        )
    except (SavedMeanwhile, SheetGone, NotAllowed) as reason:
        # What it says comes first, then the changes as they are by now.
        form.add_error(None, str(reason))
        found = _changes(request, assessment, sheet)
        form = _again(form, found)
        return _show_changes(request, assessment, sheet, found, form, status=409)
    forget_kept(request)
    saved = sum(not answer.keeps_theirs for answer in answers)
    messages.success(request, f"{saved} answer{pluralize(saved)} saved.")
    return redirect(assessment)


def _again(form: KeepForm, found: SheetChanges) -> KeepForm:
    """Ask again, of the changes as they are now, with what was chosen before."""
    again = KeepForm(form.data, changes=found.changes)
    again.is_valid()
    again.errors.clear()
    for sentence in form.non_field_errors():
        again.add_error(None, sentence)
    return again


def _show_changes(
    request: HttpRequest,
    assessment: Assessment,
    sheet: WaitingSheet,
    found: SheetChanges,
    form: KeepForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "found": found,
        "form": form,
        "lines": [
            (change, form[change.field] if change.is_conflict else None)
            for change in found.changes
        ],
        "author": author_mark(person_of(request)),
        "is_kept": form.is_bound and request.method != "POST",
    }
    return render(request, "assessments/sheet_changes.html", context, status=status)


@require_POST
def throw_away(
    request: HttpRequest, organisation_slug: str, public_id: UUID
) -> HttpResponse:
    """Forget what was uploaded. The file itself is where it came from."""
    assessment = _assessment(
        request, organisation_slug, public_id, needs=Permission.ANSWER
    )
    sheet = request.POST.get("sheet", "")
    try:
        key = UUID(sheet)
    except ValueError:
        key = NO_SHEET
    if operations.throw_away_sheet(
        assessment=assessment, public_id=key, by=person_of(request)
    ):
        messages.success(
            request, "We have forgotten what you uploaded. Nothing was changed."
        )
    return redirect("assessments:sheet", organisation_slug, public_id)
