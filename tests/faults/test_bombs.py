"""What would never end is ended within its limits, and the next report is soon made.

A real worker with the limits of an installation. What makes a bomb could not be typed:
it is put into the place of a template, or of a document, from outside.
"""

import sqlite3
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from reports.rendering import child
from tests.faults.deployment import Deployment


USES = "".join(
    f'<g id="u{n}">' + f'<use href="#u{n - 1}"/>' * 10 + "</g>" for n in range(1, 10)
)
BOMBS = {
    91: "<div style='display:flex'>" * 26 + "x" + "</div>" * 26,
    92: f'<svg><defs><g id="u0"><rect width="1" height="1"/></g>{USES}</defs>'
    '<use href="#u9"/></svg>',
    93: "<div>" * 3000,
    94: "<p style='font-size:10000000px'>x</p>",
    95: f"<p style='overflow-wrap:anywhere'>{'x' * 1_000_000}</p>",
}
FIELD = "$.principles[0].standards[0].reason"
WITHIN_SECONDS, WITHIN_BYTES = 60, 1024**3
NEXT_WITHIN = 5
SENTENCES = {child.TOO_LONG, child.TOO_MUCH_MEMORY, child.WENT_WRONG}


@dataclass
class Seen:
    """What was seen of one report from outside."""

    begun: float = 0.0
    ended: float = 0.0
    status: str = "queued"
    most_bytes: int = 0

    @property
    def seconds(self):
        return self.ended - self.begun


@pytest.mark.clock
def test_each_bomb_is_ended_and_the_next_report_is_made(tmp_path):
    deployment = Deployment(tmp_path, limits(tmp_path))
    deployment.run("manage.py", "migrate", "--verbosity=0")
    deployment.run("manage.py", "load_standards", "--verbosity=0")
    deployment.ask_for_reports(1 + 2 * len([*BOMBS, "field"]))
    first, *keys = [
        key for (key,) in deployment.select("SELECT id FROM reports_report")
    ]
    bombs = dict(zip(keys[::2], [*BOMBS, "field"], strict=True))
    put_in(deployment, bombs)

    worker = deployment.start_worker()
    try:
        seen = look(deployment, worker, [first, *keys])
    finally:
        deployment.stop()

    told = dict(deployment.select("SELECT id, failure FROM reports_report"))
    pairs = list(zip(keys[::2], keys[1::2], strict=True))
    for key, after in pairs:
        bomb = seen[key]
        sys.stdout.write(
            f"{bombs[key]}: {bomb.status} after {bomb.seconds:.1f} s with "
            f"{bomb.most_bytes / 1024**2:.0f} MiB, {told[key]!r}; "
            f"the next after {seen[after].ended - bomb.ended:.1f} s\n"
        )
    for key, after in pairs:
        bomb, name = seen[key], bombs[key]
        assert bomb.seconds < WITHIN_SECONDS, name
        assert bomb.most_bytes < WITHIN_BYTES + seen[first].most_bytes, name
        is_ended = bomb.status == "failed" and told[key] in SENTENCES
        assert is_ended or name == "field", name
        assert seen[after].status == "ready", name
        assert seen[after].ended - bomb.ended < NEXT_WITHIN, name


def limits(folder):
    """Keep those of an installation, but try each once."""
    for version, bomb in BOMBS.items():
        place = folder / "bombs" / "reports" / "pdf" / str(version)
        place.mkdir(parents=True)
        (place / "report.css").write_text("")
        (place / "report.html").write_text(
            f"<html lang=en><title>x</title><body>{bomb}"
        )
    return {
        "BOMBS": str(folder / "bombs"),
        "DJANGO_SETTINGS_MODULE": "tests.faults.bombed",
        "REPORTS_AN_HOUR": "100",
        "REPORT_MAX_ATTEMPTS": "1",
    }


def put_in(deployment, bombs):
    file = deployment.folder / "fourpi.sqlite3"
    with closing(sqlite3.connect(file, timeout=20)) as database, database:
        for key, bomb in bombs.items():
            if bomb == "field":
                database.execute(
                    "UPDATE reports_report SET document = json_set(document, ?, ?)"
                    " WHERE id = ?",
                    [FIELD, "x" * 1_000_000, key],
                )
            else:
                database.execute(
                    "UPDATE reports_report SET template_version = ? WHERE id = ?",
                    [bomb, key],
                )


def look(deployment, worker, keys):
    """Watch the reports being made, one after the other, until all have ended."""
    seen = {key: Seen() for key in keys}
    until = time.monotonic() + len(keys) * WITHIN_SECONDS
    while time.monotonic() < until:
        now = time.monotonic()
        rows = deployment.select("SELECT id, status FROM reports_report")
        for key, status in rows:
            one = seen[key]
            if status == "rendering":
                one.most_bytes = max(one.most_bytes, peak(worker))
            if one.status != status:
                one.begun = one.begun or now
                one.ended, one.status = now, status
        if {status for _, status in rows} <= {"ready", "failed"}:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"not all have ended: {seen}")


def peak(worker):
    """Read the most memory that the process which makes a report had, in bytes."""
    most = 0
    with suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        for process in psutil.Process(worker.pid).children(recursive=True):
            # The children of the pool's processes are those that make reports.
            if process.ppid() != worker.pid:
                said = Path(f"/proc/{process.pid}/status").read_text()
                [line] = [each for each in said.splitlines() if "VmHWM" in each] or [""]
                most = max(most, int((line.split() or [0, 0])[1]) * 1024)
    return most
