"""Both processes start together, stop together, and leave nothing behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.live_site import ROOT, LiveSite, started


pytestmark = [pytest.mark.slow]


@pytest.fixture
def from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next site make its tables by itself, as a newcomer's does."""
    monkeypatch.delenv("PREPARED_SITE", raising=False)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    with started(tmp_path, {"STATIC_MANIFEST": "0"}) as site:
        yield site


def children(site: LiveSite) -> dict[str, psutil.Process]:
    """The processes that serve started, by name; the worker starts second."""
    found = {}
    for child in psutil.Process(site.process.pid).children():
        words = child.cmdline()
        found["web server" if "gunicorn" in words else "worker"] = child
    return found


def family_once_complete(site: LiveSite) -> list[psutil.Process]:
    """Everything below serve, once the worker has started its own two."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        worker = children(site).get("worker")
        if worker and len(worker.children()) == 2:
            return psutil.Process(site.process.pid).children(recursive=True)
        time.sleep(0.1)
    raise AssertionError(site.log())


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; one that is dead may wait for its new parent's notice."""
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


def test_serve_answers_and_leaves_no_process_when_it_is_stopped(from_nothing, site):
    # An address longer than what gunicorn takes by itself.
    page = urllib.request.urlopen(f"{site.url}/help/?q={'a' * 5000}", timeout=20)
    family = family_once_complete(site)

    site.process.send_signal(signal.SIGINT)

    assert page.status == 200
    assert "lead@riverside.example" in site.log()
    address = site.url.replace("127.0.0.1", "localhost")
    assert f"4Pi is at {address}" in site.log()
    assert f"Its mails are at {address}/mailbox/" in site.log()
    assert site.process.wait(30) == 0
    assert len(family) >= 5
    assert alive(family) == []


@pytest.mark.parametrize("name", ["web server", "worker"])
def test_serve_stops_everything_when_one_process_dies(site, name):
    family = family_once_complete(site)

    children(site)[name].kill()

    assert site.process.wait(30) == 1, site.log()
    assert f"The {name} ended by itself (signal 9)" in site.log()
    assert alive(family) == []


def test_serve_says_in_one_sentence_that_the_port_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "manage.py", "serve", f"--port={port}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert ended.returncode == 1
    assert f"Port {port} cannot be used here (Address already in use)" in ended.stderr
    assert "Traceback" not in ended.stderr
