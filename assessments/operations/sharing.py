"""Share the work of an assessment among the people who can answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format

from assessments.models import Assessment, Assignment, Response
from assessments.rules import NotAllowed
from organisations import audit
from organisations.access import Permission
from organisations.models import Membership, User
from organisations.queries import who_can
from organisations.steps import post_mail

from .set_up import arrange


class CannotAnswer(NotAllowed):
    """Somebody who was chosen is no member any more, or may not answer."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody you chose left, or can no longer answer. Choose again."
        )


def share(
    *,
    assessment: Assessment,
    given: Mapping[str, Membership | None],
    due_on: date | None,
    version: int,
    by: User,
    at: datetime,
) -> int:
    """Say whose some standards are from now on, and by when; None is nobody's.

    Shape: `given` by the standards' codes, of which those that are left out are
    passed over; `version` is the one that the page showed. How many got a mail.
    Raises: ArrangedMeanwhile; AlreadyLocked; CannotAnswer.
    Effects: one mail to each person who was given something, but not to oneself;
    audit event "shared".
    """
    with transaction.atomic(durable=True):
        arrange(assessment, version, "share")
        _hold(assessment, [member for member in given.values() if member])
        responses = Response.objects.of(assessment).filter(standard__code__in=given)
        held = list(
            responses.select_related("standard__principle").order_by(
                "standard__principle__position", "standard__position"
            )
        )
        Assignment.objects.filter(response__in=[row.pk for row in held]).delete()
        rows = [
            Assignment(
                response=response,
                membership=member,
                due_on=due_on,
                assigned_at=at,
                assigned_by=by,
            )
            for response in held
            if (member := given[response.standard.code])
        ]
        Assignment.objects.bulk_create(rows)
        told = _tell(assessment, rows, by=by, at=at)
        audit.record(
            by=by,
            verb="shared",
            subject=assessment,
            organisation=assessment.organisation,
            at=at,
            details={"given": len(rows), "freed": len(held) - len(rows)},
        )
    assessment.version = version + 1
    return told


def _hold(assessment: Assessment, members: Iterable[Membership]) -> None:
    """Let nobody leave who is being given something.

    Raises: CannotAnswer.
    """
    wanted = {member.pk for member in members}
    able = who_can(assessment.organisation, Permission.ANSWER).filter(pk__in=wanted)
    if {member.pk for member in able.select_for_update(of=("self",))} != wanted:
        raise CannotAnswer


def _tell(
    assessment: Assessment, rows: Iterable[Assignment], *, by: User, at: datetime
) -> int:
    theirs: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        if row.membership.user_id != by.pk:
            theirs[row.membership_id].append(row)
    for given in theirs.values():
        due_on = given[0].due_on
        post_mail(
            template="shared",
            to=given[0].membership.user.email,
            context={
                "organisation": str(assessment.organisation),
                "assessment": str(assessment),
                "person": str(by),
                "parts": "\n".join(_parts(assessment, given)),
                "by": date_format(due_on, "j F Y") if due_on else "",
                "path": assessment.mine_address(),
            },
            at=at,
        )
    return len(theirs)


def _parts(assessment: Assessment, given: Iterable[Assignment]) -> list[str]:
    """Name whole principles once, and single standards one by one."""
    by_principle = defaultdict(list)
    for row in given:
        by_principle[row.response.standard.principle].append(row.response.standard)
    asked = Response.objects.of(assessment)
    parts = []
    for principle, standards in by_principle.items():
        if len(standards) == asked.filter(standard__principle=principle).count():
            parts.append(f"{principle}: all {len(standards)} standards")
        else:
            parts += [str(standard) for standard in standards]
    return parts
