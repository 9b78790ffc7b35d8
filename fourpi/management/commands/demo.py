"""Do the main job from end to end with no browser, and print where the PDF is.

Everything goes through the application's own operations, and a real Celery worker
renders the report. The database is the demonstration's own and made anew.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.operations import lock
from fourpi.samples.accounts import ACCOUNTS
from fourpi.samples.making import make_answered_assessment, make_sample
from organisations.models import Organisation, User
from reports.models import Report
from reports.operations import request_report


PATIENCE_SECONDS = 60
GLANCE_SECONDS = 0.2


class Command(BaseCommand):
    help = "Create the sample, answer thirty standards, and let a worker make the PDF."

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
        report = request_report(assessment=assessment, by=lead, at=timezone.now())
        self.stdout.write("Our view is locked and the report is asked for.")
        _let_a_worker_make(report)
        self.stdout.write(
            f"A worker made {report.pages} pages in {_seconds(report):.1f} seconds:"
        )
        self.stdout.write(str(settings.MEDIA_ROOT / report.file))


def _start_afresh() -> None:
    """Remove what an earlier demonstration left; it has a folder of its own."""
    if settings.DATA_DIR.name != "demo":
        raise CommandError(
            "The demonstration begins with an empty database. Run `make demo`, "
            "which gives it the folder var/demo."
        )
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
    settings.DATA_DIR.mkdir(parents=True)


def _let_a_worker_make(report: Report) -> None:
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--only", "worker"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
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


def _seconds(report: Report) -> float:
    assert report.ready_at
    return (report.ready_at - report.requested_at).total_seconds()
