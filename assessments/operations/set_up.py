"""Set up an assessment: what it looks at, and when. It can change while answering."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from assessments.models import Assessment, Response
from assessments.rules import ArrangedMeanwhile, SetUp, status_after
from organisations import audit
from organisations.models import User
from standards.models import Edition


def change_set_up(
    *, assessment: Assessment, set_up: SetUp, version: int, by: User, at: datetime
) -> None:
    """Change which domains apply, the period, and the date.

    What is said of a standard that is left out by this stays, and is there again
    when its domain is.
    Shape: `version` is the one that the page showed.
    Raises: ArrangedMeanwhile; AlreadyLocked.
    Effects: audit event "set_up".
    """
    with transaction.atomic(durable=True):
        arrange(assessment, version, "change_set_up", columns_of(set_up))
        outside = outside_of(assessment.edition, set_up.domains)
        responses = Response.objects.also_outside(assessment)
        responses.filter(is_outside=True).exclude(standard__in=outside).update(
            is_outside=False
        )
        responses.filter(is_outside=False, standard__in=outside).update(is_outside=True)
        audit.record(
            by=by,
            verb="set_up",
            subject=assessment,
            organisation=assessment.organisation,
            at=at,
            details={"domains": list(set_up.domains), "left_out": len(outside)},
        )
    assessment.refresh_from_db(fields=["version", *columns_of(set_up)])


def arrange(
    assessment: Assessment,
    version: int,
    operation: str,
    columns: dict[str, Any] | None = None,
) -> None:
    """Take the turn of who arranges something, in the caller's transaction.

    Shape: one after the other, because the row is theirs until they commit.
    Raises: ArrangedMeanwhile when the page showed an older version; AlreadyLocked.
    """
    moved = Assessment.objects.filter(
        pk=assessment.pk, version=version, status=Assessment.Status.ANSWERING
    ).update(version=F("version") + 1, **columns or {})
    if not moved:
        status_after(Assessment.objects.get(pk=assessment.pk), operation)
        raise ArrangedMeanwhile


def columns_of(set_up: SetUp) -> dict[str, Any]:
    return asdict(set_up) | {"domains": list(set_up.domains)}


def outside_of(edition: Edition, domains: tuple[str, ...]) -> list[int]:
    """Find the standards of none of these domains. The core ones are always asked."""
    others = edition.standards.filter(is_core=False).exclude(domains__code__in=domains)
    return list(others.values_list("pk", flat=True))
