"""Read all of an organisation as it is at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from assessments.models import Assessment
from assessments.queries import assessment_record
from organisations.models import Organisation

from .archive import Content
from .rows import gather


def content_at(organisation: Organisation, *, at: datetime) -> Content:
    """Read what goes into an archive, so that no row is of another moment."""
    with _one_moment():
        assessments = (
            Assessment.objects.of(organisation)
            .select_related("organisation", "edition", "started_by", "locked_by")
            .order_by("started_at", "pk")
        )
        return Content(
            organisation=organisation.name,
            slug=organisation.slug,
            made_at=at,
            rows=gather(organisation),
            records=tuple(assessment_record(each) for each in assessments),
        )


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let nothing that others save meanwhile be seen."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
