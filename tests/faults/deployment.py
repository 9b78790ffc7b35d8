"""A deployment whose workers may be killed: its own database, files and workers.

It is looked at from outside, through plain SQL, so that what the application says of
itself is not what is believed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


ROOT = Path(__file__).resolve().parent.parent.parent

# A short lease, so that the death of a worker is noticed while the test waits, and
# attempts without end, because each kill costs one: rulings.md 22.
HURRY = {
    "REPORT_LEASE_SECONDS": "2",
    "REPORT_LEASE_RENEWAL_SECONDS": "0.5",
    "REPORT_DOORBELL_SECONDS": "0.5",
    "REPORT_MAX_ATTEMPTS": "1000",
    "REPORTS_AN_HOUR": "10000",
}


@dataclass
class Deployment:
    folder: Path
    settings: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def aside(self) -> Path:
        """Give the folder in which its processes put temporary files."""
        folder = self.folder / "aside"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def environment(self) -> dict[str, str]:
        ours = {"EMBEDDED": "1", "DATA_DIR": str(self.folder)}
        ours |= {"DJANGO_SETTINGS_MODULE": "fourpi.settings"}
        ours |= {"TMPDIR": str(self.aside)}
        kept = {n: v for n, v in os.environ.items() if n != "DATABASE_URL"}
        return kept | {"BROKER_URL": "memory://"} | ours | self.settings

    def prepare(self, template: Path) -> None:
        shutil.copy(template, self.folder / "fourpi.sqlite3")

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, check=True
        )

    def ask_for_reports(self, number: int) -> None:
        """Ask as people do, in a process of its own."""
        self.run("-m", "tests.faults.ask", str(number))

    def start_worker(self) -> subprocess.Popen[bytes]:
        log = (self.folder / "worker.log").open("ab")
        options = ["--concurrency=1", "--without-gossip", "--without-mingle"]
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app=fourpi", "worker", *options],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker's whole process group, as a power cut would."""
        self.workers.remove(worker)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def stop(self) -> None:
        for worker in list(self.workers):
            self.kill(worker)

    def let_workers_end(self, seconds: float) -> None:
        """Ask the workers to stop, as an upgrade does, and wait until they have."""
        for worker in self.workers:
            worker.terminate()
        while self.workers:
            self.workers.pop().wait(seconds)

    def select(self, sql: str) -> list[tuple[Any, ...]]:
        address = f"file:{self.folder / 'fourpi.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=20)) as database:
            return database.execute(sql).fetchall()

    def unfinished(self) -> int:
        sql = "SELECT count(*) FROM reports_report WHERE status IN ('queued', 'rendering')"
        return int(self.select(sql)[0][0])

    def rendering(self, worker: subprocess.Popen[bytes]) -> bool:
        """Say whether a worker's own pool is making a report this moment."""
        return self.maker(worker) is not None

    def maker(self, worker: subprocess.Popen[bytes]) -> int | None:
        """Name the process of a worker's pool that is making a report this moment."""
        sql = "SELECT owner FROM reports_report WHERE status = 'rendering'"
        owners = [int(owner.split(":")[1]) for (owner,) in self.select(sql)]
        return next((pid for pid in owners if _group_of(pid) == worker.pid), None)

    def wait_until_all_are_made(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.unfinished() and time.monotonic() < until:
            time.sleep(0.1)


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None
