"""Run the whole suite on real servers and in a real browser: `make test` calls it.

Every part runs, whatever came of those before it. What failed and what could not be
run here is named in the last lines; with CI=true the latter is a failure too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from tests import servers
from tests.browser import chromium
from tests.live_site import prepare


# Clocks are read on a quiet machine, and a journey that another walks in another way
# is walked there too: `make torture`.
NEITHER = "not fault and not journey and not clock"
JOURNEY = "journey and not clock"
ON_SERVERS = "also_on_servers"
FAULT = "fault and not clock"
BOTH_CORES = ["-n", "logical"]
# A journey waits for pages, mails and reports; a file of them shares one site.
# The longest are begun first, whatever the number of their tests: conftest.py.
THREE = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
TWO = ["-n", "2", "--dist", "loadfile"]


PYTEST = [sys.executable, "-m", "pytest"]
failed: list[str] = []


def run(title: str, *arguments: str, **environment: str) -> None:
    """Run one part, and note it when a test fails, or when it has none."""
    print(f"\n{title}", flush=True)
    began = time.monotonic()
    part = subprocess.run([*PYTEST, *arguments], env=os.environ | environment)
    note(title, began, part.returncode)


@contextmanager
def beside(title: str, *arguments: str, **environment: str) -> Iterator[None]:
    """Run one part while others run, and print its words after theirs."""
    began = time.monotonic()
    command, ours = [*PYTEST, *arguments], os.environ | environment
    with TemporaryFile("w+") as words:
        with subprocess.Popen(command, stdout=words, env=ours) as part:
            yield
        words.seek(0)
        print(f"\n{title}\n{words.read()}", flush=True)
    note(title, began, part.returncode)


def note(title: str, began: float, came: int) -> None:
    if came:
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

    # What waits more than it works goes beside the others.
    with ExitStack() as waiting:
        if broker:
            waiting.enter_context(beside("Killed workers", *TWO, "-m", FAULT))
        else:
            left_out.append("the tests that kill workers")
        run("On SQLite", *BOTH_CORES, "-m", NEITHER)

    on_servers = database and broker and browser
    with ExitStack() as waiting:
        if on_servers:
            waiting.enter_context(
                beside(
                    *("In a browser, on servers", "-m", f"{JOURNEY} and {ON_SERVERS}"),
                    LIVE_SITE="servers",
                )
            )
        else:
            left_out.append("the journeys on PostgreSQL and Valkey")
        if database:
            marks = f"database and not same_on_both and {NEITHER}"
            run("On PostgreSQL", *BOTH_CORES, "-m", marks, DATABASE_URL=database)
        else:
            left_out.append("the database tests on PostgreSQL")

    if browser:
        # Those for servers are not walked on SQLite too: others like them are.
        others = f" and not {ON_SERVERS}" if on_servers else ""
        run("In a browser", *THREE, "-m", f"{JOURNEY}{others}")
    else:
        left_out.append("the journeys in a browser (no Chromium here)")
    return left_out


if __name__ == "__main__":
    started = time.monotonic()
    with ExitStack() as stack:
        left_out = main(stack)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"\nFailed: {'; '.join(failed) or 'nothing'}, in {minutes} min {seconds} s.")
    print(f"Left out: {'; '.join(left_out) or 'nothing'}.")
    sys.exit(bool(failed))
