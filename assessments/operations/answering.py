"""Answer a standard, or restore what was said of it: saved, or kept for its author."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F

from assessments.models import Evidence, Response, ResponseRevision
from assessments.rules import (
    EvidenceContent,
    ResponseContent,
    Writing,
    check_can_answer,
    content_of,
    content_of_response,
    kept_columns,
    status_after,
)
from organisations import audit
from organisations.models import User

from .drafts import clear_draft


Outcome = ResponseRevision.Outcome
VERBS = {"answer": "answered", "restore": "restored", "save_sheet": "answered"}


class EditConflict(Exception):
    """Somebody saved first, or oneself elsewhere. `response` is what stands now."""

    def __init__(self, response: Response, *, by: User) -> None:
        self.response = response
        self.is_own = response.saved_by == by
        super().__init__(
            "You saved this answer in another window while you were writing."
            if self.is_own
            else f"{response.saved_by} changed this answer while you were writing."
        )


def answer(
    *,
    response: Response,
    content: ResponseContent,
    version: int,
    by: User,
    at: datetime,
    writing: Writing | None = None,
) -> None:
    """Save what the organisation says of one standard, if nobody was first.

    The version is checked in the UPDATE itself. What comes too late is kept as a
    rejected revision for its author. The same content sent twice is saved once.
    Shape: `writing` is the page that it was typed on.
    Raises: EditConflict when the version is stale; AlreadyLocked; NotAllowed.
    Effects: a revision; the page's draft is gone; audit event "answered" for a save.
    """
    _put(response, content, "answer", version=version, by=by, at=at, writing=writing)


def restore(
    *, revision: ResponseRevision, version: int, by: User, at: datetime
) -> None:
    """Save once more what an earlier version said, as a new version.

    Shape: `version` is the one that the page showed as standing now.
    Raises: as `answer`.
    Effects: a revision; audit event "restored" for a save.
    """
    response, content = _with_everything(revision.response_id), content_of(revision)
    # What says the same as what stands is refused too, when nothing may change.
    status_after(response.assessment, "restore")
    _put(response, content, "restore", version=version, by=by, at=at)


def _put(
    response: Response,
    content: ResponseContent,
    operation: str,
    *,
    version: int,
    by: User,
    at: datetime,
    writing: Writing | None = None,
) -> None:
    check_can_answer(response, content)
    with transaction.atomic(durable=True):
        if writing is not None:
            clear_draft(
                response=response,
                writing=writing,
                saved=content,
                version=version,
                by=by,
                at=at,
            )
        before = content_standing(response)
        if version == response.version and content == before:
            return
        if save_version(
            response, content, operation, before=before, version=version, by=by, at=at
        ):
            return
        current = _with_everything(response.pk)
        if current.saved_by == by and content == content_standing(current):
            return
        keep_rejected(current, content, version=version, by=by, at=at)
    status_after(current.assessment, operation)
    raise EditConflict(current, by=by)


def save_version(
    response: Response,
    content: ResponseContent,
    operation: str,
    *,
    before: ResponseContent,
    version: int,
    by: User,
    at: datetime,
) -> bool:
    """Save what is said of one standard, in the transaction of an operation.

    Shape: False when somebody was first, or our view is locked.
    Effects: a revision; an audit event.
    """
    is_saved = _save(response, content, before, version=version, by=by, at=at)
    if is_saved:
        _keep(Outcome.SAVED, response, content, version + 1, by=by, at=at)
        _audit(operation, response, version + 1, by=by, at=at)
    return is_saved


def keep_rejected(
    response: Response,
    content: ResponseContent,
    *,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Keep for its author what does not stand, and over which version it was written."""
    _keep(Outcome.REJECTED, response, content, version, by=by, at=at)


def _with_everything(pk: int) -> Response:
    return Response.objects.select_related(
        "assessment__organisation", "standard", "saved_by"
    ).get(pk=pk)


def _save(
    response: Response,
    content: ResponseContent,
    before: ResponseContent,
    *,
    version: int,
    by: User,
    at: datetime,
) -> bool:
    rows = Response.objects.filter(
        pk=response.pk, version=version, is_locked=False
    ).update(
        state=content.state,
        level=content.level,
        not_applicable_because=content.not_applicable_because,
        reason=content.reason,
        is_finished=content.is_finished,
        is_later=content.is_later,
        version=F("version") + 1,
        saved_at=at,
        saved_by=by,
    )
    # `before` was read in this transaction: had anybody saved since, the version
    # would not have matched.
    if rows and content.evidence != before.evidence:
        _replace_evidence(response, content.evidence)
    return bool(rows)


def _replace_evidence(
    response: Response, evidence: tuple[EvidenceContent, ...]
) -> None:
    Evidence.objects.filter(response=response).delete()
    Evidence.objects.bulk_create(
        Evidence(response=response, position=position, **asdict(evidence_item))
        for position, evidence_item in enumerate(evidence, start=1)
    )


def content_standing(response: Response) -> ResponseContent:
    """Read what stands for a standard, its evidence as it is just now."""
    evidence = Evidence.objects.filter(response=response).order_by("position")
    return content_of_response(response, evidence)


def _keep(
    outcome: str,
    response: Response,
    content: ResponseContent,
    version: int,
    *,
    by: User,
    at: datetime,
) -> None:
    ResponseRevision.objects.create(
        response=response,
        outcome=outcome,
        version=version,
        saved_at=at,
        saved_by=by,
        **kept_columns(content),
    )


def _audit(
    operation: str, response: Response, version: int, *, by: User, at: datetime
) -> None:
    # No level here: stewards read the audit trail, and never an answer.
    audit.record(
        by=by,
        verb=VERBS[operation],
        subject=response.assessment,
        organisation=response.assessment.organisation,
        at=at,
        details={"standard": response.standard.code, "version": version},
    )
