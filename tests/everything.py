"""Run the whole suite on real servers and in a real browser: `make test` calls it.

Every part runs, whatever came of those before it. What failed and what could not be
run here is named in the last lines; with CI=true the latter is a failure too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO
from urllib.parse import urlsplit

from tests import browser, servers
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
TWO = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# A process has less to collect in a folder than in all.
FAULTS, JOURNEYS = "tests/faults", browser.JOURNEYS


PYTEST = [sys.executable, "-m", "pytest"]
failed: list[str] = []


def run(
    title: str, *arguments: str, words: IO[str] | None = None, **environment: str
) -> None:
    """Run one part, and note it when a test fails, or when it has none."""
    print(f"\n{title}", file=words, flush=True)
    began = time.monotonic()
    command, ours = [*PYTEST, *arguments], os.environ | environment
    part = subprocess.run(command, env=ours, stdout=words)
    if part.returncode:
        failed.append(title)
    print(f"{title}: {time.monotonic() - began:.0f} s", file=words, flush=True)


@contextmanager
def beside(*parts: Callable[..., None]) -> Iterator[None]:
    """Run parts in turn while others run, and print their words after theirs."""
    with TemporaryFile("a+") as words:
        with ThreadPoolExecutor(1) as line:
            turns = [line.submit(part, words=words) for part in parts]
            yield
        words.seek(0)
        print(words.read(), flush=True)
    for turn in turns:
        turn.result()


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


def prepare_tables(stack: ExitStack, database: str | None) -> None:
    """Make the tables of each kind of database, for all that begin with them."""
    folder = Path(stack.enter_context(TemporaryDirectory()))
    wanted: list[tuple[Path, str | None]] = [(folder / "var", None)]
    if database:
        tables = stack.enter_context(servers.empty_database(database))
        wanted += [(folder / "aside", tables)]
    with ThreadPoolExecutor() as at_once:
        list(at_once.map(prepare, *zip(*wanted, strict=True)))
    os.environ["PREPARED_SITE"] = str(folder / "var")
    if database:
        os.environ["PREPARED_DATABASE"] = urlsplit(tables).path.removeprefix("/")


def main(stack: ExitStack) -> list[str]:
    """Run every part that this machine can run and name the others."""
    left_out = []
    database = start(stack, "TEST_DATABASE_URL", "postgres")
    broker = start(stack, "TEST_BROKER_URL", "valkey")
    chromium = browser.chromium()
    if os.environ.get("CI") and not (database and broker and chromium):
        sys.exit("With CI set, PostgreSQL, Valkey and Chromium must all be there.")

    prepare_tables(stack, database)

    # What waits more than it works goes beside what only works, in two lines. Those
    # of one line share a broker, so they run in turn.
    on_broker: list[Callable[..., None]] = []
    if broker:
        on_broker += [partial(run, "Killed workers", *TWO, FAULTS, "-m", FAULT)]
    else:
        left_out.append("the tests that kill workers")
    on_servers = database and broker and chromium
    if on_servers:
        marks = f"{JOURNEY} and {ON_SERVERS}"
        on_broker += [
            partial(
                *(run, "In a browser, on servers", *JOURNEYS, "-m", marks),
                LIVE_SITE="servers",
            )
        ]
    else:
        left_out.append("the journeys on PostgreSQL and Valkey")
    in_browser: list[Callable[..., None]] = []
    if chromium:
        # Those for servers are not walked on SQLite too: others like them are.
        others = f" and not {ON_SERVERS}" if on_servers else ""
        marks = f"{JOURNEY}{others}"
        in_browser += [partial(run, "In a browser", *TWO, *JOURNEYS, "-m", marks)]
    else:
        left_out.append("the journeys in a browser (no Chromium here)")

    with beside(*on_broker), beside(*in_browser):
        run("On SQLite", *BOTH_CORES, "-m", NEITHER)
        if database:
            marks = f"database and not same_on_both and {NEITHER}"
            run("On PostgreSQL", *BOTH_CORES, "-m", marks, DATABASE_URL=database)
        else:
            left_out.append("the database tests on PostgreSQL")
    return left_out


if __name__ == "__main__":
    # The child that makes a report is polite to all else that is running. Here as
    # much as this can run at once, so all is as polite as can be.
    os.nice(19)
    # Some hundred processes start: not each shall compile what another has compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    with ExitStack() as stack:
        left_out = main(stack)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"\nFailed: {'; '.join(failed) or 'nothing'}, in {minutes} min {seconds} s.")
    print(f"Left out: {'; '.join(left_out) or 'nothing'}.")
    sys.exit(bool(failed))
