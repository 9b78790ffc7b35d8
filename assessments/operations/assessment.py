"""Start an assessment, answer its standards, lock our view."""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from assessments.models import (
    Assessment,
    Evidence,
    Response,
    ResponseQuerySet,
    ResponseRevision,
)
from assessments.rules import (
    EvidenceContent,
    NotAllowed,
    ResponseContent,
    Writing,
    check_all_answered,
    check_can_answer,
    check_can_lock,
    content_of,
    status_after,
)
from organisations import audit
from organisations.models import Organisation, User
from organisations.steps import assessment_started
from standards.models import Edition, Principle

from .drafts import clear_draft


State = Response.State
Outcome = ResponseRevision.Outcome
VERBS = {"answer": "answered", "restore": "restored"}


class AlreadyUnderWay(NotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "An assessment of this is under way already. Carry on with that one."
        )


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


def start_assessment(
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    scope: str,
    scope_name: str = "",
) -> Assessment:
    """Start an assessment on the current edition, one response row a standard.

    Raises: AlreadyUnderWay when the same scope is being answered.
    Effects: audit event "started"; the stage may move (`assessment_started`).
    """
    try:
        with transaction.atomic(durable=True):
            assessment = Assessment.objects.create(
                organisation=organisation,
                edition=Edition.objects.current(),
                scope=scope,
                scope_name=scope_name,
                started_at=at,
                started_by=by,
            )
            _lay_out_responses(assessment)
            audit.record(
                by=by,
                verb="started",
                subject=assessment,
                organisation=organisation,
                at=at,
                details={"scope": scope},
            )
            assessment_started(organisation=organisation, by=by, at=at)
    except IntegrityError as error:
        if _under_way(organisation, scope, scope_name):
            raise AlreadyUnderWay from error
        raise
    return assessment


def _under_way(organisation: Organisation, scope: str, scope_name: str) -> bool:
    return (
        Assessment.objects.of(organisation)
        .filter(scope=scope, scope_name=scope_name, status=Assessment.Status.ANSWERING)
        .exists()
    )


def _lay_out_responses(assessment: Assessment) -> None:
    Response.objects.bulk_create(
        Response(assessment=assessment, standard=standard, is_core=standard.is_core)
        for standard in assessment.edition.standards.order_by("pk")
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
            clear_draft(response=response, writing=writing, by=by, at=at)
        before = _content_of(response)
        if version == response.version and content == before:
            return
        if _save(response, content, before, version=version, by=by, at=at):
            _keep(Outcome.SAVED, response, content, version + 1, by=by, at=at)
            _audit(operation, response, version + 1, by=by, at=at)
            return
        current = _with_everything(response.pk)
        if current.saved_by == by and content == _content_of(current):
            return
        _keep(Outcome.REJECTED, current, content, version, by=by, at=at)
    status_after(current.assessment, operation)
    raise EditConflict(current, by=by)


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


def _content_of(response: Response) -> ResponseContent:
    return ResponseContent(
        state=response.state,
        level=response.level,
        not_applicable_because=response.not_applicable_because,
        reason=response.reason,
        is_finished=response.is_finished,
        evidence=_evidence_of(response),
    )


def _evidence_of(response: Response) -> tuple[EvidenceContent, ...]:
    fields = tuple(field.name for field in dataclass_fields(EvidenceContent))
    rows = Evidence.objects.filter(response=response).order_by("position")
    return tuple(EvidenceContent(**row) for row in rows.values(*fields))


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
        state=content.state,
        level=content.level,
        not_applicable_because=content.not_applicable_because,
        reason=content.reason,
        is_finished=content.is_finished,
        evidence=[_jsonable(evidence_item) for evidence_item in content.evidence],
        saved_at=at,
        saved_by=by,
    )


def _jsonable(evidence_item: EvidenceContent) -> dict[str, Any]:
    dated_on = evidence_item.dated_on
    return asdict(evidence_item) | {
        "dated_on": dated_on.isoformat() if dated_on else None
    }


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


def finish_principle(
    *, assessment: Assessment, principle: Principle, by: User, at: datetime
) -> None:
    """Mark every response of a principle as finished.

    Raises: AlreadyLocked; NotReady when a standard has no response.
    Effects: audit event "finished".
    """
    with transaction.atomic(durable=True):
        status_after(_hold_still(assessment), "finish_principle")
        responses = Response.objects.of(assessment).filter(
            standard__in=principle.standards.all()
        )
        check_all_answered(_unanswered(responses.select_for_update(of=("self",))))
        responses.update(is_finished=True)
        audit.record(
            by=by,
            verb="finished",
            subject=assessment,
            organisation=assessment.organisation,
            at=at,
            details={"principle": principle.code},
        )


def _hold_still(assessment: Assessment) -> Assessment:
    """Let what decides on a whole assessment come one after the other."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def _unanswered(responses: ResponseQuerySet) -> list[str]:
    held = responses.select_related("standard").order_by("standard__pk")
    return [r.standard.code for r in held if r.state == State.UNANSWERED]


def lock(*, assessment: Assessment, by: User, at: datetime) -> None:
    """Lock our view, so that nobody on the staff side can change it any more.

    Raises: AlreadyLocked; NotReady when a standard has no response.
    Effects: audit event "locked".
    """
    with transaction.atomic(durable=True):
        held = _hold_still(assessment)
        responses = Response.objects.of(held)
        unanswered = _unanswered(responses.select_for_update(of=("self",)))
        after = check_can_lock(held, unanswered)
        # The flag on each row stops a save that is waiting for that row now.
        responses.update(is_locked=True)
        Assessment.objects.filter(pk=held.pk, status=held.status).update(
            status=after, locked_at=at, locked_by=by
        )
        audit.record(
            by=by,
            verb="locked",
            subject=held,
            organisation=held.organisation,
            at=at,
            details={"before": held.status},
        )
    assessment.refresh_from_db()
