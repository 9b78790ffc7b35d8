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
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from organisations.audit import record
from reports.document import (
    read_board_paper,
    read_certificate,
    read_document,
    read_easy_read,
    read_plain_summary,
    read_workshop,
)
from reports.models import Report

from . import child, engine, lease, store
from .engine import FACES, FONTS, Document, warm_up
from .lease import Claim
from .store import remove_strays
from .telling import tell


__all__ = ["FACES", "FONTS", "remove_strays", "render", "warm_up"]

logger = logging.getLogger(__name__)

READERS: dict[str, Callable[[dict[str, Any]], Document]] = {
    Report.Kind.FULL_RECORD: read_document,
    Report.Kind.BOARD_PAPER: read_board_paper,
    Report.Kind.PLAIN_SUMMARY: read_plain_summary,
    Report.Kind.EASY_READ: read_easy_read,
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
        pages = child.run(
            partial(_make, claim, part),
            every=settings.REPORT_LEASE_RENEWAL_SECONDS,
            beat=lambda: lease.renew(claim, at=clock.now()),
        )
        _publish(claim, part, pages, at=clock.now())
    except child.Stopped as stopped:
        logger.warning("Report %s, attempt %s: %s", *claim.what, stopped.detail)
        lease.give_up(claim, sentence=stopped.sentence, at=clock.now())
    except lease.Lost:
        logger.warning("Report %s, attempt %s came too late", *claim.what)
    finally:
        part.unlink(missing_ok=True)


def _make(claim: Claim, part: Path) -> int:
    """Write the PDF aside and give its pages. Runs in the child."""
    read = READERS[claim.report.kind]
    made = engine.make_pdf(
        read(claim.document),
        version=claim.version,
        check_code=claim.report.check_code_in_groups,
    )
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made.pdf)
        file.flush()
        os.fsync(file.fileno())
    return made.pages


def _publish(claim: Claim, part: Path, pages: int, *, at: datetime) -> None:
    """Give the file its name and the row its file, once.

    Raises: child.Stopped; lease.Lost when another worker owns the report by now.
    """
    with part.open("rb") as whole:
        sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    size = part.stat().st_size
    file = store.keep(part, f"{claim.name}.pdf")
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
