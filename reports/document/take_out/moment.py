"""Read all of an organisation as it is at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

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
    """Let nothing that others save meanwhile be seen, and let them save."""
    is_outermost = not connection.in_atomic_block
    with _reading_alone() if is_outermost else nullcontext(), transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _reading_alone() -> Iterator[None]:
    """Begin no transaction of SQLite with its one lock for writing."""
    if connection.vendor != "sqlite":
        yield
        return
    # Not known to the class of all databases.
    sqlite: Any = connection
    usual = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = usual
