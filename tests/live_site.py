"""The whole product, running: what the journeys and the fault tests drive."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import servers


ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class LiveSite:
    url: str
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def manage(self, *arguments: str) -> str:
        """Run a management command on the site's database and return its output."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def log(self) -> str:
        return (self.folder / "log").read_text()


def prepare(folder: Path, database: str | None = None) -> None:
    """Make the tables of an embedded site once, for many to begin with.

    Shape: they are in the folder, or in the database with an address.
    """
    settings = {"DATABASE_URL": database} if database else {}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=_environment() | {"DATA_DIR": str(folder)} | settings,
        check=True,
    )


def _environment() -> dict[str, str]:
    """Give ours, without the servers that it may name."""
    servers = {"DATABASE_URL", "BROKER_URL"}
    ours = {name: value for name, value in os.environ.items() if name not in servers}
    return ours | {"EMBEDDED": "1"}


@contextmanager
def started(folder: Path, settings: dict[str, str]) -> Iterator[LiveSite]:
    """Start the product with the samples alone and yield it.

    Its tables are copied from PREPARED_SITE, which `prepare` filled, or made anew.
    Raises: RuntimeError with what it printed, when it does not start.
    """
    if prepared := os.environ.get("PREPARED_SITE"):
        shutil.copytree(prepared, folder / "var")
    port = servers.free_port()
    environment = _environment() | {
        "STATIC_MANIFEST": "1",
        "DATA_DIR": str(folder / "var"),
        "PORT": str(port),
        "PUBLIC_ADDRESS": f"http://127.0.0.1:{port}",
    }
    environment |= settings
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    site = LiveSite(f"http://127.0.0.1:{port}", folder, environment, process)
    try:
        try:
            servers.wait_for_port(port, process)
        except RuntimeError as error:
            raise RuntimeError(f"The site did not start:\n{site.log()}") from error
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        servers.stop(process)
