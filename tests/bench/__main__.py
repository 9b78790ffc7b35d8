"""Measure what must not grow with the number of organisations, and what a report costs.

`make bench` prints ratios of times taken in one run, the lists on SQLite and on a
PostgreSQL of its own. It fails when one falls short.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack

from tests import servers


def measure(title: str, what: str = "lists", **environment: str) -> bool:
    print(f"\n{title}", flush=True)
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.{what}"]
    return subprocess.run(command, env=os.environ | environment).returncode == 0


def postgres(stack: ExitStack) -> str | None:
    """Give the address of a server: the one the environment names, or one started."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        return address
    try:
        return stack.enter_context(servers.postgres())
    except (OSError, RuntimeError, StopIteration, subprocess.CalledProcessError) as why:
        print(f"PostgreSQL could not be started: {why}", file=sys.stderr)
        return None


def main() -> int:
    os.environ.pop("DATABASE_URL", None)
    held = measure("Reports: figure, measured, target", "reports")
    held = measure("Lists, on SQLite") and held
    with ExitStack() as stack:
        server = postgres(stack)
        if server:
            held = measure("Lists, on PostgreSQL", DATABASE_URL=server) and held
        else:
            print("Left out: PostgreSQL.")
    print("Every ratio held." if held else "A ratio was missed.")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
