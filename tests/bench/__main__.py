"""Measure what must not grow with the number of organisations: `make bench`.

Prints ratios of times taken in one run, on SQLite and on a PostgreSQL of its own.
Fails when one is too large.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack

from tests import servers


def measure(title: str, **environment: str) -> bool:
    print(f"\n{title}", flush=True)
    command = [sys.executable, "-m", "tests.bench.lists"]
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
    held = measure("On SQLite")
    with ExitStack() as stack:
        server = postgres(stack)
        if server:
            held = measure("On PostgreSQL", DATABASE_URL=server) and held
        else:
            print("Left out: PostgreSQL.")
    print("Every ratio held." if held else "A ratio was missed.")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
