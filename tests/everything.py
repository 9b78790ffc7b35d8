"""Run the whole suite on real servers and in a real browser: `make test` calls it.

Every part runs, whatever came of those before it. What failed and what could not be
run here is named in the last lines; with CI=true the latter is a failure too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import servers
from tests.browser import chromium
from tests.live_site import prepare


# Clocks are read on a quiet machine: `make torture`.
NEITHER = "not fault and not journey and not clock"
BOTH_CORES = ["-n", "logical"]
# A journey waits for pages, mails and reports; a file of them shares one site.
THREE = ["-n", "3", "--dist", "loadfile"]
TWO = ["-n", "2", "--dist", "loadfile"]


failed: list[str] = []


def run(title: str, *arguments: str, **environment: str) -> None:
    """Run one part, and note it when a test fails, or when it has none."""
    print(f"\n{title}", flush=True)
    began = time.monotonic()
    part = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], env=os.environ | environment
    )
    if part.returncode:
        failed.append(title)
    print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)


def start(stack: ExitStack, variable: str, server: str) -> str | None:
    """Start a server, unless the environment names one, and return its address."""
    if address := os.environ.get(variable):
        return address
    try:
        os.environ[variable] = stack.enter_context(getattr(servers, server)())
    except (OSError, RuntimeError, StopIteration, subprocess.CalledProcessError) as why:
        print(f"{server} could not be started: {why}", file=sys.stderr)
        return None
    return os.environ[variable]


def main(stack: ExitStack) -> list[str]:
    """Run every part that this machine can run and name the others."""
    left_out = []
    database = start(stack, "TEST_DATABASE_URL", "postgres")
    broker = start(stack, "TEST_BROKER_URL", "valkey")
    browser = chromium()
    if os.environ.get("CI") and not (database and broker and browser):
        sys.exit("With CI set, PostgreSQL, Valkey and Chromium must all be there.")

    prepared = Path(stack.enter_context(TemporaryDirectory()), "var")
    prepare(prepared)
    os.environ["PREPARED_SITE"] = str(prepared)

    run("On SQLite", *BOTH_CORES, "-m", NEITHER)
    if database:
        marks = f"database and {NEITHER}"
        run("On PostgreSQL", *BOTH_CORES, "-m", marks, DATABASE_URL=database)
    else:
        left_out.append("the database tests on PostgreSQL")

    if browser:
        run("In a browser", *THREE, "-m", "journey")
    else:
        left_out.append("the journeys in a browser (no Chromium here)")

    # Both wait more than they work, so they go side by side.
    slow = []
    if broker:
        slow.append("fault")
    else:
        left_out.append("the tests that kill workers")
    if database and broker and browser:
        slow.append("(journey and also_on_servers)")
    else:
        left_out.append("the journeys on PostgreSQL and Valkey")
    if slow:
        marks = " or ".join(slow)
        run("Killed workers, and on servers", *TWO, "-m", marks, LIVE_SITE="servers")
    return left_out


if __name__ == "__main__":
    started = time.monotonic()
    with ExitStack() as stack:
        left_out = main(stack)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"\nFailed: {'; '.join(failed) or 'nothing'}, in {minutes} min {seconds} s.")
    print(f"Left out: {'; '.join(left_out) or 'nothing'}.")
    sys.exit(bool(failed))
