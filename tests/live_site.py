"""The whole product, running: what the journeys and the fault tests drive."""

from __future__ import annotations

import os
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


@contextmanager
def started(folder: Path, settings: dict[str, str]) -> Iterator[LiveSite]:
    """Start the product with an empty database and yield it.

    Raises: RuntimeError with what it printed, when it does not start.
    """
    port = servers.free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "BROKER_URL"}
    }
    environment |= {
        "EMBEDDED": "1",
        "STATIC_MANIFEST": "1",
        "DATA_DIR": str(folder / "var"),
        "PORT": str(port),
        "PUBLIC_ADDRESS": f"http://127.0.0.1:{port}",
    } | settings
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
