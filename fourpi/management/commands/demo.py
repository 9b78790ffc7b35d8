"""Do the main job from end to end with no browser, and print where the documents are.

Everything goes through the application's own operations, and a real Celery worker
renders each document. The database is the demonstration's own and made anew.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.models import Assessment
from assessments.operations import lock
from fourpi.samples.accounts import ACCOUNTS
from fourpi.samples.making import make_answered_assessment, make_sample
from organisations.models import Organisation, User
from reports.document import (
    board_words,
    read_board_paper,
    read_document,
    record_json,
    record_sheet,
)
from reports.models import Report
from reports.operations import (
    request_certificate,
    request_report,
    request_take_out,
)


PATIENCE_SECONDS = 60
GLANCE_SECONDS = 0.2
SHORTER = (
    Report.Kind.BOARD_PAPER,
    Report.Kind.PLAIN_SUMMARY,
    Report.Kind.EASY_READ,
    Report.Kind.WORKSHOP,
)
# One duty by its code, and a whole set by its name.
DUTIES = ("REG9", "CQC quality statements")


class Command(BaseCommand):
    help = "Create the sample, answer thirty standards, and let a worker make every document."

    def handle(self, **options: Any) -> None:
        _start_afresh()
        call_command("migrate", verbosity=0)
        call_command("load_standards", stdout=self.stdout)
        make_sample()
        lead = User.objects.get(email=ACCOUNTS[0].email)
        assessment = make_answered_assessment(
            organisation=Organisation.objects.get(slug=ACCOUNTS[0].organisation),
            by=lead,
            at=timezone.now(),
        )
        self.stdout.write(f"{lead} answered all thirty standards.")
        lock(assessment=assessment, by=lead, at=timezone.now())
        self.stdout.write("Our view is locked.")
        reports = _ask_for_each(assessment, lead)
        _let_a_worker_make(reports)
        for report in reports:
            self._name(
                f"{report.name}, {_size(report)}", settings.MEDIA_ROOT / report.file
            )
        for what, file in _write_other_forms(reports):
            self._name(what, file)

    def _name(self, what: str, file: Path) -> None:
        self.stdout.write(f"{what}:\n  {file}")


def _ask_for_each(assessment: Assessment, by: User) -> list[Report]:
    """Ask for every document that there is, the full record first."""
    now = timezone.now()
    about: list[dict[str, Any]] = [
        *({"kind": kind} for kind in (Report.Kind.FULL_RECORD, *SHORTER)),
        *({"kind": Report.Kind.DUTIES, "about": each} for each in DUTIES),
    ]
    return [
        *(request_report(assessment=assessment, by=by, at=now, **a) for a in about),
        request_certificate(organisation=assessment.organisation, by=by, at=now),
        request_take_out(organisation=assessment.organisation, by=by, at=now),
    ]


def _size(report: Report) -> str:
    unit = "file" if report.is_archive() else "page"
    return f"{report.pages} {unit}{'' if report.pages == 1 else 's'}"


def _write_other_forms(reports: list[Report]) -> Iterator[tuple[str, Path]]:
    """Write what a page gives on the spot: words to edit, a spreadsheet, data."""
    full, board = reports[:2]
    record, code = read_document(full.document), full.check_code_in_groups
    for what, name, content in [
        (
            "Board paper to edit",
            "board-paper.docx",
            board_words(read_board_paper(board.document)),
        ),
        (
            "Full record as a spreadsheet",
            "full-record.xlsx",
            record_sheet(record, check_code=code),
        ),
        (
            "Full record as data",
            "full-record.json",
            record_json(record, check_code=code).encode(),
        ),
    ]:
        file = settings.DATA_DIR / name
        file.write_bytes(content)
        yield what, file


def _start_afresh() -> None:
    """Remove what an earlier demonstration left; it has a folder of its own."""
    if settings.DATA_DIR.name != "demo":
        raise CommandError(
            "The demonstration begins with an empty database. Run `make demo`, "
            "which gives it the folder var/demo."
        )
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
    settings.DATA_DIR.mkdir(parents=True)


def _let_a_worker_make(reports: list[Report]) -> None:
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--only", "worker"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for report in reports:
            _wait_for(report, worker)
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        worker.wait()


def _wait_for(report: Report, worker: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and worker.poll() is None:
        report.refresh_from_db()
        if not report.is_under_way():
            break
        time.sleep(GLANCE_SECONDS)
    if not report.is_ready():
        raise CommandError(f"The report was not made: {report.failure or 'no answer'}")
