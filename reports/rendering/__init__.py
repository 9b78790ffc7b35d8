"""Make a report's file: claim the row, make the PDF, publish it once.

The row is the job. Whatever dies on the way, the lease runs out and another worker
starts again; an attempt that comes too late finds itself no longer the owner and
deletes only its own file. See docs/decisions/0004.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from organisations.audit import record
from reports.document import (
    read_board_paper,
    read_certificate,
    read_document,
    read_duties,
    read_easy_read,
    read_plain_summary,
    read_workshop,
    take_out,
)
from reports.models import Report, report_store

from . import child, engine, lease, scratch, store
from .engine import FACES, FONTS, Document, warm_up
from .lease import Claim
from .scratch import settle_in
from .store import remove_strays
from .telling import tell


__all__ = ["FACES", "FONTS", "remove_strays", "render", "settle_in", "warm_up"]

logger = logging.getLogger(__name__)

READERS: dict[str, Callable[[dict[str, Any]], Document]] = {
    Report.Kind.FULL_RECORD: read_document,
    Report.Kind.BOARD_PAPER: read_board_paper,
    Report.Kind.PLAIN_SUMMARY: read_plain_summary,
    Report.Kind.EASY_READ: read_easy_read,
    Report.Kind.DUTIES: read_duties,
    Report.Kind.CERTIFICATE: read_certificate,
    Report.Kind.WORKSHOP: read_workshop,
}


class Clock:
    """The time that the caller passed in, moving on."""

    def __init__(self, now: datetime) -> None:
        self._start = now
        self._begun = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun)


def render(report_id: int, *, now: datetime) -> None:
    """Make one report's file, unless another worker has it.

    Effects: the report ends ready, queued again, or failed with a sentence; audit
    verbs published and failed.
    """
    clock = Clock(now)
    claim = lease.claim(report_id, at=now)
    if claim is None:
        return
    part = store.workshop() / f"{claim.name}.part"
    try:
        scratch.make_sure_it_is_there()
        work = _work(claim, part, at=now)
        with child.done(
            work,
            most_bytes=_most_bytes(claim),
            every=settings.REPORT_LEASE_RENEWAL_SECONDS,
            beat=lambda: lease.renew(claim, at=clock.now()),
        ) as pages:
            _publish(claim, part, pages, at=clock.now())
    except child.Stopped as stopped:
        logger.warning("Report %s, attempt %s: %s", *claim.what, stopped.detail)
        lease.give_up(claim, sentence=stopped.sentence, at=clock.now())
    except lease.Lost:
        logger.warning("Report %s, attempt %s came too late", *claim.what)
    finally:
        part.unlink(missing_ok=True)


def _work(claim: Claim, part: Path, *, at: datetime) -> Callable[[], int]:
    """Give what the child is to do. It has no database, so that is read before.

    Raises: lease.Lost.
    """
    if claim.report.is_archive():
        # Of one moment, so in one transaction, which no renewal would get out of.
        lease.renew_for_the_task(claim, at=at)
        content = take_out.content_at(claim.report.organisation, at=at)
        return partial(_make_archive, content, part)
    engine.read_fonts()  # Once for all children, and no copy of theirs is left behind.
    return partial(_make, claim, part)


def _most_bytes(claim: Claim) -> int:
    is_archive = claim.report.is_archive()
    most = settings.ARCHIVE_FILE_BYTES if is_archive else settings.REPORT_FILE_BYTES
    return int(most)


def _make_archive(content: take_out.Content, part: Path) -> int:
    """Write the archive aside and give the number of its files. Runs in the child."""
    with _written(part) as file:
        return take_out.write(content, file, report_store().open)


def _make(claim: Claim, part: Path) -> int:
    """Write the PDF aside and give its pages. Runs in the child."""
    read = READERS[claim.report.kind]
    made = engine.make_pdf(
        read(claim.document),
        version=claim.version,
        check_code=claim.report.check_code_in_groups,
    )
    with _written(part) as file:
        file.write(made.pdf)
    return made.pages


@contextmanager
def _written(part: Path) -> Iterator[IO[bytes]]:
    """Open a new file that nobody else reads, and see that it is on the disk."""
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _publish(claim: Claim, part: Path, pages: int, *, at: datetime) -> None:
    """Give the file its name and the row its file, once.

    Raises: child.Stopped; lease.Lost when another worker owns the report by now.
    """
    with part.open("rb") as whole:
        sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    size = part.stat().st_size
    file = store.keep(part, f"{claim.name}{claim.report.suffix}")
    try:
        with transaction.atomic():
            lease.finish(
                claim,
                status=Report.Status.READY,
                file=file,
                sha256=sha256,
                bytes=size,
                pages=pages,
                ready_at=at,
            )
            record(
                by=None,
                verb="published",
                subject=claim.report,
                at=at,
                organisation=claim.report.organisation,
                details={"attempt": claim.attempt, "pages": pages},
            )
            tell(claim.report, template="report_ready", at=at)
    except lease.Lost:
        store.drop(file)
        raise
