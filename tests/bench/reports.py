"""What a report costs, against the same content laid out by hand in the same run.

What is compared is done in turn, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import count, islice
from statistics import median
from typing import Any

import tests.environment


# Before anything reads the settings.
assert tests.environment
os.environ["DJANGO_SETTINGS_MODULE"] = "fourpi.settings"
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django


django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from assessments.operations import lock
from fourpi.samples.making import make_answered_assessment
from reports.document import read_document
from reports.models import Report
from reports.operations import request_report
from reports.rendering import render, warm_up
from tests.bench import floor
from tests.factories import make_member, make_organisation


ROUNDS = 7
ASKED = 10
AT_ONCE = 8
TWICE_ROUNDS = 5
# Nobody has two reports of a kind under way, so each is for a viewer of its own.
NUMBERS = count()
# Source: performance.md, targets 5 to 8 and 13. Where it was measured, a page of floor
# R took 54 ms, and two processes made 1.99 times as many: decision 0017.
MEMORY_ABOVE_START = 130
UNCHANGED = 20 / 54
TWO_WORKERS = 1.9 / 1.99


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("load_standards", verbosity=0)
    settings.STATIC_ROOT = settings.DATA_DIR / "no-static-files"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    organisation = make_organisation("measured")
    lead = make_member(organisation, "lead", "Asha Lead")
    assessment = make_answered_assessment(
        organisation=organisation, by=lead, at=timezone.now()
    )
    lock(assessment=assessment, by=lead, at=timezone.now())
    full, board = (
        request_report(assessment=assessment, by=lead, at=timezone.now(), kind=kind)
        for kind in (Report.Kind.FULL_RECORD, Report.Kind.BOARD_PAPER)
    )
    return 0 if all(figures(assessment, full, board)) else 1


def figures(assessment: Assessment, full: Report, board: Report) -> list[bool]:
    warm_up()
    document = read_document(full.document)
    assert floor.share_of_words(document) > 0.95
    floor_pages = floor.make(document)
    seconds = in_turn(
        floor=lambda: floor.make(document),
        full=lambda: render_anew(full),
        board=lambda: render_anew(board),
    )
    full.refresh_from_db()
    assert full.pages
    a_page = seconds["floor"] / floor_pages
    whole = a_page * 16
    print(f"Floor R: {floor_pages} pages, {a_page * 1000:.0f} ms a page", flush=True)
    return [
        said("5 full record, a page", seconds["full"] / full.pages / a_page, 1.15),
        said("6 board paper, warm", seconds["board"] / whole, 0.25),
        unchanged(assessment, full, floor_pages),
        said("6 board paper, cold", cold(board) / whole, 0.6),
        two_workers(full),
        said("8 memory above start, MB", memory(full), MEMORY_ABOVE_START),
    ]


def said(name: str, measured: float, target: float, *, at_least: bool = False) -> bool:
    holds = measured >= target if at_least else measured <= target
    verdict = "ok" if holds else "SHORT"
    print(f"{name:34}{measured:8.2f}  {target:8.2f}  {verdict}", flush=True)
    return holds


def in_turn(**what: Callable[[], Any]) -> dict[str, float]:
    """Do each in turns, and give the medians in seconds."""
    taken: dict[str, list[float]] = {name: [] for name in what}
    for _ in range(ROUNDS):
        for name, do in what.items():
            gc.collect()  # What one leaves behind is no work of the next.
            begun = time.perf_counter()
            do()
            taken[name].append(time.perf_counter() - begun)
    return {name: median(times) for name, times in taken.items()}


def render_anew(report: Report) -> None:
    """Put a report back into the queue, and make it from claim to published."""
    queue_again(report)
    render(report.pk, now=timezone.now())


def queue_again(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(
        status=Report.Status.QUEUED,
        attempts=0,
        owner="",
        lease_until=None,
        file="",
        sha256="",
        bytes=None,
        pages=None,
        ready_at=None,
    )


def copies(report: Report, number: int) -> list[int]:
    """Make more of the same for workers to make, and give their keys."""
    return [
        Report.objects.create(
            organisation=report.organisation,
            kind=report.kind,
            assessment=report.assessment,
            document=report.document,
            template_version=report.template_version,
            requested_at=report.requested_at,
            queued_at=report.queued_at,
            requested_by=make_member(report.organisation, "viewer", f"Viewer {at}"),
        ).pk
        for at in islice(NUMBERS, number)
    ]


def in_a_process(task: str, *numbers: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.one_worker", task]
    return subprocess.Popen(
        [*command, *map(str, numbers)],
        env=os.environ | {"BENCH_DATA_DIR": str(settings.DATA_DIR)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> float:
    out, _ = process.communicate("go\n")
    assert process.returncode == 0
    return float(out.split()[-1])


def cold(report: Report) -> float:
    """Give the seconds of the first report of a worker that has just started."""
    taken = []
    for _ in range(3):
        queue_again(report)
        taken.append(told(in_a_process("cold", report.pk)))
    return median(taken)


def memory(report: Report) -> float:
    return told(in_a_process("memory", report.pk))


def two_workers(report: Report) -> bool:
    """Compare what a second worker gains with what floor R gains by a second process."""
    gains = [
        (_gain_of_reports(report), _gain_of_floors(report)) for _ in range(TWICE_ROUNDS)
    ]
    ours, floors = (median(each) for each in zip(*gains, strict=True))
    print(f"Two workers make {ours:.2f} times as many; floor R {floors:.2f} times.")
    share = median(ours / floors for ours, floors in gains)
    return said("7 two workers, of floor R's gain", share, TWO_WORKERS, at_least=True)


def _gain_of_reports(report: Report) -> float:
    keys = copies(report, 2 * AT_ONCE)
    alone = _seconds_of([("reports", *keys[:AT_ONCE])])
    halves = keys[AT_ONCE::2], keys[AT_ONCE + 1 :: 2]
    return alone / _seconds_of([("reports", *half) for half in halves])


def _gain_of_floors(report: Report) -> float:
    alone = _seconds_of([("floors", report.pk, AT_ONCE)])
    return alone / _seconds_of([("floors", report.pk, AT_ONCE // 2)] * 2)


def _seconds_of(tasks: Sequence[tuple[Any, ...]]) -> float:
    workers = [in_a_process(*task) for task in tasks]
    for worker in workers:
        assert worker.stdout
        worker.stdout.readline()  # It is warm.
    begun = time.perf_counter()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.wait() == 0
    return time.perf_counter() - begun


def unchanged(assessment: Assessment, full: Report, floor_pages: int) -> bool:
    """Ask again for what has not changed, as a browser does."""
    document = read_document(full.document)
    client = Client(headers={"host": "localhost"})
    client.force_login(full.requested_by)
    address = f"/o/measured/reports/{assessment.public_id}/new/"

    def ask() -> None:
        page = client.post(address)
        assert page.status_code == 302, page.status_code
        assert str(full.public_id) in page["Location"], page["Location"]

    def ask_often() -> None:
        for _ in range(ASKED):
            ask()

    ask()
    seconds = in_turn(floor=lambda: floor.make(document), unchanged=ask_often)
    a_page, asked = seconds["floor"] / floor_pages, seconds["unchanged"] / ASKED
    print(f"Unchanged, asked again: {asked * 1000:.0f} ms")
    return said("13 unchanged, of a page", asked / a_page, UNCHANGED)


if __name__ == "__main__":
    sys.exit(main())
