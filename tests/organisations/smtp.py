"""A mail server of the tests' own: real sockets, and as unwell as a test wants."""

from __future__ import annotations

import socketserver
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes


@dataclass
class MailServer:
    """Takes every mail, unless `answers` has something else for the next ones.

    Shape: `answers` maps a command to replies, each used once. A reply is a text, a
    number of seconds to wait before the usual one, or None to hang up.
    """

    port: int = 0
    answers: dict[str, deque[str | float | None]] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    connections: int = 0

    def will(self, command: str, *replies: str | float | None) -> None:
        self.answers[command] = deque(replies)

    def message_ids(self) -> list[str]:
        return [message_from_bytes(mail)["Message-ID"] for mail in self.taken]


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        server: MailServer = self.server.mail_server  # type: ignore[attr-defined]
        server.connections += 1
        if not self._say(server, "CONNECT", "220 ready"):
            return
        while line := self.rfile.readline():
            command = line.split()[0].decode().upper()
            if command == "DATA":
                self.wfile.write(b"354 go on\r\n")
                server.taken.append(self._mail())
                if not self._say(server, "DATA", "250 taken"):
                    return
            elif not self._say(server, command, "250 fine") or command == "QUIT":
                return

    def _mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def _say(self, server: MailServer, command: str, usual: str) -> bool:
        waiting = server.answers.get(command)
        reply = waiting.popleft() if waiting else usual
        if isinstance(reply, float):
            time.sleep(reply)
            reply = usual
        if reply is None or reply[0] != "2":
            if command == "DATA" and reply is not None:
                server.taken.pop()
            if reply is None:
                return False
        try:
            self.wfile.write(f"{reply}\r\n".encode())
        except OSError:
            return False  # The client did not wait.
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """Serve on a free port, or on the one given, until the block ends."""
    with _Server(("127.0.0.1", port), _Handler) as listener:
        server = MailServer(listener.server_address[1])
        listener.mail_server = server  # type: ignore[attr-defined]
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()
