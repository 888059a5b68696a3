"""A way to a PostgreSQL server that a test cuts, and puts right again."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


class Way:
    """Listens on a port of 127.0.0.1 and hands on what comes to a server's unix socket, until it is cut.

    Attributes:
        port: Where it listens, also after it was mended.
    """

    def __init__(self, server_socket: str) -> None:
        self._server_socket = server_socket
        self._open: list[socket.socket] = []
        self.port = 0
        self.mend()

    def __enter__(self) -> Way:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.cut()

    def mend(self) -> None:
        """Let clients through again."""
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        self._open.append(self._door)
        threading.Thread(target=self._serve, args=[self._door], daemon=True).start()

    def cut(self) -> None:
        """End every connection, and let no new one in."""
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def _serve(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server_socket)
                self._open += [client, server]
                for side, other in ((client, server), (server, client)):
                    threading.Thread(target=_hand_on, args=[side, other], daemon=True).start()


def _hand_on(side: socket.socket, other: socket.socket) -> None:
    """Hand on what one side sends, until it has gone."""
    with contextlib.suppress(OSError):
        while data := side.recv(65536):
            other.sendall(data)
    for end in (side, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
