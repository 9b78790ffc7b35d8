"""A way to a server that can be made slow, or silent, while it is used."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Way:
    """What becomes of that which the server says: how late it comes, or not at all."""

    port: int = 0
    late_seconds: float = 0.0
    is_silent: bool = False
    sockets: list[socket.socket] = field(default_factory=list)

    def carry(self, source: socket.socket, target: socket.socket, answers: bool):
        with suppress(OSError):
            while said := source.recv(65536):
                while self.is_silent:
                    time.sleep(0.05)
                if answers and self.late_seconds:
                    time.sleep(self.late_seconds)
                target.sendall(said)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def way_to(port: int) -> Iterator[Way]:
    """Listen on a port of its own, and carry to and from the server's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        way = Way(port=listener.getsockname()[1])
        threading.Thread(target=_accept, args=(way, listener, port)).start()
        try:
            yield way
        finally:
            way.is_silent, way.late_seconds = False, 0.0
            for each in [listener, *way.sockets]:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
    for each in way.sockets:
        each.close()


def _accept(way: Way, listener: socket.socket, port: int) -> None:
    with suppress(OSError):
        while True:
            person, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            way.sockets += [person, server]
            for source, target, answers in (
                (person, server, False),
                (server, person, True),
            ):
                threading.Thread(
                    target=way.carry, args=(source, target, answers), daemon=True
                ).start()
