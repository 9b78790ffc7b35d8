"""A worker of the bench: does one thing in a process of its own, and says its figure."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import tests.environment


assert tests.environment
os.environ["DATA_DIR"] = os.environ["BENCH_DATA_DIR"]
os.environ["DJANGO_SETTINGS_MODULE"] = "fourpi.settings"
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django


django.setup()

from django.utils import timezone

from reports.models import Report


def cold(key: int) -> float:
    """Make the first report of a process that has just started as a worker does."""
    from reports.rendering import render, warm_up

    warm_up()
    begun = time.perf_counter()
    render(key, now=timezone.now())
    return time.perf_counter() - begun


def memory(key: int) -> float:
    """Say how far the peak of a process rises over what it holds when warm, in MB."""
    from reports.document import read_document
    from reports.rendering import engine

    engine.warm_up()
    Path("/proc/self/clear_refs").write_text("5")
    before = _peak()
    document = read_document(Report.objects.get(pk=key).document)
    engine.make_pdf(document, version=1)
    return _peak() - before


def _peak() -> float:
    """Read the most memory held since the mark. What getrusage says is the parent's too."""
    [line] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(line) / 1024


def reports(*keys: int) -> float:
    from reports.rendering import render, warm_up

    warm_up()
    _wait_for_go()
    for key in keys:
        render(key, now=timezone.now())
    return 0.0


def floors(key: int, number: int) -> float:
    """Lay floor R out so many times: what the machine itself gains by two processes."""
    from reports.document import read_document
    from tests.bench import floor

    document = read_document(Report.objects.get(pk=key).document)
    floor.make(document)
    _wait_for_go()
    for _ in range(number):
        floor.make(document)
    return 0.0


def _wait_for_go() -> None:
    print("warm", flush=True)
    sys.stdin.readline()


TASKS = {"cold": cold, "memory": memory, "reports": reports, "floors": floors}

if __name__ == "__main__":
    task, *numbers = sys.argv[1:]
    print(TASKS[task](*map(int, numbers)))
