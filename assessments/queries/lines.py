"""An organisation's assessments, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from assessments.models import AnotherLook, Assessment, Response
from assessments.scoring import NOT_APPLICABLE_IN_A_PRINCIPLE, NOT_APPLICABLE_IN_ALL
from organisations.access import Permission, can
from organisations.models import Membership, Organisation, User

from .digest import is_answer_of
from .progress import Progress


LEFT_OUT = Response.State.NOT_APPLICABLE
IS_ASKED = Q(responses__is_outside=False)
FOR_LATER = Q(responses__is_later=True, responses__state=Response.State.UNANSWERED)
# The key of no row.
NOBODY = 0


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment in a list."""

    title: str
    address: str
    is_locked: bool
    started_at: datetime
    locked_at: datetime | None
    progress: Progress
    is_partial: bool
    # How many are the reader's own, and how many of them have no answer yet.
    own: int
    own_left: int
    # Whether the reader has answered here before, and something of hers is left.
    is_begun: bool
    carry_on: str
    # How many of the reader's answers need another look.
    looks: int
    # When the newest report of it was made.
    reported_at: datetime | None

    @property
    def has_more_to_answer(self) -> bool:
        return not (self.is_locked or self.progress.is_responded)


def assessment_lines(
    organisation: Organisation, reader: Membership | None = None
) -> tuple[AssessmentLine, ...]:
    """List an organisation's assessments, newest first, in one query."""
    key, person = (reader.pk, reader.user_id) if reader else (NOBODY, NOBODY)
    own = IS_ASKED & Q(responses__assignment__membership=key)
    left = Q(responses__state=Response.State.UNANSWERED, responses__is_locked=False)
    rows = (
        Assessment.objects.of(organisation)
        .annotate(
            standards=Count("responses", filter=IS_ASKED),
            answered=_in_state(Response.State.ANSWERED),
            dont_know=_in_state(Response.State.DONT_KNOW),
            left_out=_in_state(LEFT_OUT),
            for_later=Count("responses", filter=IS_ASKED & FOR_LATER),
            leaves_out_too_much_of_one=Exists(_principles_left_out_too_far()),
            own=Count("responses", filter=own),
            own_left=Count("responses", filter=own & left),
            saved=Count("responses", filter=Q(responses__saved_by=person)),
            looks=_looks_of(reader),
            reported_at=_newest_report(),
        )
        .order_by("-started_at", "-pk")
    )
    return tuple(_line(row, organisation) for row in rows)


def where_to_go_on(lines: Sequence[AssessmentLine]) -> AssessmentLine | None:
    """Find where the reader goes on: with her own, or with what is under way."""
    own = (line for line in lines if line.own_left)
    begun = (line for line in lines if line.has_more_to_answer)
    return next(own, next(begun, None))


def lines_for_home(person: User) -> tuple[AssessmentLine, ...]:
    """List where somebody answers who does so in one organisation, in two queries."""
    memberships = Membership.objects.filter(user=person).select_related("organisation")
    answering = [each for each in memberships if can(each, Permission.ANSWER)]
    if len(answering) != 1 or answering[0].organisation.is_paused():
        return ()
    return assessment_lines(answering[0].organisation, answering[0])


def _in_state(state: str) -> Count:
    return Count("responses", filter=IS_ASKED & Q(responses__state=state))


def _looks_of(reader: Membership | None) -> Any:
    """Count the reader's answers that need another look, while she can give one."""
    if reader is None or not can(reader, Permission.ANSWER):
        return Value(0)
    here = AnotherLook.objects.open().filter(
        is_answer_of(reader.user_id),
        response__assessment=OuterRef("pk"),
        response__is_outside=False,
        response__is_locked=False,
    )
    counted = here.order_by().values("response__assessment").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _newest_report() -> Subquery:
    # By the names of its columns: reports are made above this app.
    ready = Assessment.objects.filter(pk=OuterRef("pk"), reports__status="ready")
    newest = ready.order_by("-reports__ready_at").values("reports__ready_at")
    return Subquery(newest[:1])


def _principles_left_out_too_far() -> Any:
    """Find principles of which more does not apply than a whole assessment has."""
    left_out = Response.objects.filter(
        assessment=OuterRef("pk"), state=LEFT_OUT, is_outside=False
    )
    by_principle = left_out.order_by().values("standard__principle")
    counted = by_principle.annotate(left_out=Count("pk"))
    return counted.filter(left_out__gt=NOT_APPLICABLE_IN_A_PRINCIPLE)


def _line(row: Any, organisation: Organisation) -> AssessmentLine:
    # Set from what is at hand, so that the address costs no query.
    row.organisation = organisation
    return AssessmentLine(
        title=str(row),
        address=row.get_absolute_url(),
        is_locked=row.is_locked(),
        started_at=row.started_at,
        locked_at=row.locked_at,
        progress=Progress(
            standards=row.standards,
            answered=row.answered,
            dont_know=row.dont_know,
            not_applicable=row.left_out,
            for_later=row.for_later,
        ),
        is_partial=row.leaves_out_too_much_of_one
        or row.left_out > NOT_APPLICABLE_IN_ALL,
        own=row.own,
        own_left=row.own_left,
        is_begun=row.saved > 0 and (row.own_left > 0 or not row.own),
        carry_on=row.carry_on_address(),
        looks=row.looks,
        reported_at=row.reported_at,
    )
