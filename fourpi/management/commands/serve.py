"""Serve the product: a web server and a Celery worker, started and stopped together.

This is what `make run` calls, and each container with `--only`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


GLANCE_SECONDS = 0.1
# Longer than the worker gives a report that is being made (settings.py).
STOPPING_SECONDS = settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT + 10
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Child = subprocess.Popen[bytes]


class Command(BaseCommand):
    help = "Serve the product, with its worker, until Ctrl-C."
    # `make check` makes them; here they would cost more than all the rest.
    requires_system_checks = ()
    is_stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
        parser.add_argument("--only", choices=["web", "worker"])

    def handle(self, *, host: str, port: int, only: str | None, **options: Any) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop_soon)
        if settings.EMBEDDED:
            # What links in mails begin with; the children read it from here.
            os.environ.setdefault("PUBLIC_ADDRESS", f"http://localhost:{port}")
        children: dict[str, Child] = {}
        try:
            if only != "worker":
                self._serve_pages(children, host, port)
            if only != "web":
                children["worker"] = _start_worker()
            self.stdout.write("Ctrl-C stops it.")
            self.stdout.flush()
            self._watch(children)
        finally:
            _stop(list(children.values()))

    def _serve_pages(self, children: dict[str, Child], host: str, port: int) -> None:
        listener = _reserve(host, port)
        address = f"http://localhost:{port}"
        accounts = _prepare()
        children["web server"] = _start_web(listener)
        _wait_until_answering(listener, children["web server"])
        self.stdout.write(f"{accounts}\n4Pi is at {address}")
        if settings.EMBEDDED:
            self.stdout.write(f"Its mails are at {address}/mailbox/")
        self.stdout.flush()

    def _stop_soon(self, number: int, frame: object) -> None:
        self.is_stopping = True

    def _watch(self, children: dict[str, Child]) -> None:
        """Return when we are told to stop.

        Raises: CommandError when one of the processes ended by itself.
        """
        while not self.is_stopping:
            for name, child in children.items():
                if child.poll() is not None:
                    raise CommandError(
                        f"The {name} ended by itself ({_how_it_ended(child)}), "
                        "so everything was stopped. Its own words are above."
                    )
            time.sleep(GLANCE_SECONDS)


def _reserve(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done, for the web server to inherit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Port {port} cannot be used here ({error.args[-1]}): "
            f"choose another, such as make run PORT={port + 1}."
        ) from error
    return listener


def _prepare() -> str:
    """Bring the database up to date and return the sample accounts as text."""
    accounts = StringIO()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_standards", verbosity=0)
    if settings.EMBEDDED:
        call_command("make_sample", stdout=accounts)
    return accounts.getvalue()


def _start_web(listener: socket.socket) -> Child:
    # One process: the rate limits of sign-in count in its memory, unless
    # CACHE_URL names a shared cache.
    processes = os.environ.get("WEB_CONCURRENCY", "1")
    options = [f"--bind=fd://{listener.fileno()}", f"--workers={processes}"]
    options += ["--worker-class=gthread", "--threads=8", "--graceful-timeout=10"]
    options += ["--log-level=warning", "--no-control-socket"]
    # The most there is, so that a long search gets our own page.
    options += ["--limit-request-line=8190"]
    return _start(
        ["-m", "gunicorn", *options, "fourpi.wsgi"], pass_fds=[listener.fileno()]
    )


def _start_worker() -> Child:
    options = ["--pool=prefork", "--concurrency=2", "--loglevel=WARNING"]
    # One worker, or a few that need not know of each other.
    options += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # Celery warns every root. It matters with pickle, which is off.
    quiet = "ignore:You're running the worker"
    return _start(
        ["-W", quiet, "-m", "celery", "--app=fourpi", "--quiet", "worker", *options]
    )


def _start(arguments: list[str], pass_fds: list[int] | None = None) -> Child:
    # A session of its own, so that Ctrl-C reaches us alone and we stop the
    # children in our own time, with all that they started.
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        pass_fds=pass_fds or [],
        start_new_session=True,
    )


def _wait_until_answering(listener: socket.socket, web: Child) -> None:
    is_listening = socket.SO_ACCEPTCONN
    while not listener.getsockopt(socket.SOL_SOCKET, is_listening):
        if web.poll() is not None:
            break
        time.sleep(GLANCE_SECONDS)
    listener.close()


def _how_it_ended(child: Child) -> str:
    if child.returncode < 0:
        return f"signal {-child.returncode}"
    return f"exit code {child.returncode}"


def _stop(children: list[Child]) -> None:
    """Ask every process to end, and end those that do not."""
    for child in children:
        child.terminate()
    until = time.monotonic() + STOPPING_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0, until - time.monotonic()))
        # Whatever it left behind is in its session, which is its process group.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
