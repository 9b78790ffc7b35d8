"""Start an assessment, finish its principles, lock our view."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from assessments.models import Assessment, Response, ResponseQuerySet
from assessments.rules import (
    NotAllowed,
    SetUp,
    check_all_answered,
    check_can_lock,
    status_after,
)
from organisations import audit
from organisations.models import Organisation, Unit, User
from organisations.queries import tree_of
from organisations.steps import assessment_started, unit_named
from standards.models import Edition, Principle

from .set_up import columns_of, outside_of


State = Response.State
EVERYTHING = SetUp()


class AlreadyUnderWay(NotAllowed):
    """The same is being answered: `assessment` is that one."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        super().__init__(
            "An assessment of this is under way already. Carry on with that one."
        )


class ClosedUnit(NotAllowed):
    def __init__(self) -> None:
        super().__init__("This service or team was closed. Choose another.")


def start_assessment(
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    scope: str,
    scope_name: str = "",
    unit: Unit | None = None,
    set_up: SetUp = EVERYTHING,
) -> Assessment:
    """Start an assessment on the current edition, one response row a standard.

    Shape: of a service or team from the organisation's tree, or by its name, which
    then stands in the tree.
    Raises: AlreadyUnderWay when the same scope is being answered; ClosedUnit.
    Effects: audit event "started"; the stage may move (`assessment_started`).
    """
    try:
        with transaction.atomic(durable=True):
            if unit:
                scope_name = _path_of(unit, organisation)
            elif scope == Assessment.Scope.SERVICE:
                unit = unit_named(organisation=organisation, name=scope_name, at=at)
            assessment = Assessment.objects.create(
                organisation=organisation,
                edition=Edition.objects.current(),
                scope=scope,
                scope_name=scope_name,
                unit=unit,
                started_at=at,
                started_by=by,
                **columns_of(set_up),
            )
            _lay_out_responses(assessment, set_up)
            audit.record(
                by=by,
                verb="started",
                subject=assessment,
                organisation=organisation,
                at=at,
                details={"scope": scope, "domains": list(set_up.domains)},
            )
            assessment_started(organisation=organisation, by=by, at=at)
    except IntegrityError as error:
        if going_on := _under_way(organisation, scope, scope_name):
            raise AlreadyUnderWay(going_on) from error
        raise
    return assessment


def _path_of(unit: Unit, organisation: Organisation) -> str:
    """Name a service or team with the larger ones that it belongs to.

    Raises: ClosedUnit.
    """
    for line in tree_of(organisation).open:
        if line.unit.pk == unit.pk:
            return line.path
    raise ClosedUnit


def _under_way(
    organisation: Organisation, scope: str, scope_name: str
) -> Assessment | None:
    found = Assessment.objects.of(organisation).filter(
        scope=scope, scope_name=scope_name, status=Assessment.Status.ANSWERING
    )
    return found.select_related("organisation").first()


def _lay_out_responses(assessment: Assessment, set_up: SetUp) -> None:
    outside = set(outside_of(assessment.edition, set_up.domains))
    Response.objects.bulk_create(
        Response(
            assessment=assessment,
            standard=standard,
            is_core=standard.is_core,
            is_outside=standard.pk in outside,
        )
        for standard in assessment.edition.standards.order_by("pk")
    )


def finish_principle(
    *,
    assessment: Assessment,
    principle: Principle,
    codes: Collection[str],
    by: User,
    at: datetime,
) -> None:
    """Mark those responses of a principle as finished that somebody was asked about.

    Shape: `codes` of the standards; each other one stays as it is.
    Raises: AlreadyLocked; NotReady when a standard has no response.
    Effects: audit event "finished".
    """
    with transaction.atomic(durable=True):
        status_after(_hold_still(assessment), "finish_principle")
        responses = Response.objects.of(assessment).filter(
            standard__in=principle.standards.all()
        )
        check_all_answered(_unanswered(responses.select_for_update(of=("self",))))
        finished = principle.standards.filter(code__in=codes)
        marked = responses.filter(standard__in=finished)
        marked.update(is_finished=True, is_later=False)
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
        Response.objects.also_outside(held).update(is_locked=True)
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
