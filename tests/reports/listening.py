"""Who calls at an address of ours, and who opens a file of ours."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


CANARY = "the secret of the machine"
IN_OPEN, IN_NONBLOCK = 0x20, os.O_NONBLOCK
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Trap:
    """A web server that notes its visitors, and files that note their readers."""

    address: str
    secret: str
    visits: list[bytes] = field(default_factory=list)
    _watch: int = -1

    def opened(self) -> int:
        """Say how often the secret files were opened since last asked, by anybody."""
        try:
            noted = os.read(self._watch, 65536)
        except BlockingIOError:
            return 0
        return len(noted) // struct.calcsize("iIII")


@contextmanager
def trap(folder: Path) -> Iterator[Trap]:
    secret = folder / "s"
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40">'
    secret.write_text(CANARY)
    secret.with_suffix(".svg").write_text(
        f'{drawing}<text x="2" y="20">{CANARY}</text></svg>'
    )
    with listening() as (address, visits):
        watch = _libc.inotify_init1(IN_NONBLOCK)
        try:
            for file in (secret, secret.with_suffix(".svg")):
                _libc.inotify_add_watch(watch, bytes(file), IN_OPEN)
            yield Trap(address, str(secret), visits, watch)
        finally:
            os.close(watch)


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """Listen like a web server, and note who comes."""
    visits: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server:
        server.settimeout(0.1)
        is_over = threading.Event()

        def answer() -> None:
            while not is_over.is_set():
                try:
                    visitor, _ = server.accept()
                except TimeoutError:
                    continue
                visits.append(visitor.recv(4096))
                visitor.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
                visitor.close()

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", visits
        finally:
            is_over.set()
            thread.join()
