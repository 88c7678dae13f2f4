"""Stand on the line between a process and PostgreSQL, and break it at a chosen statement.

What is broken is the real protocol on a real socket, so it does not matter by which driver, cursor or pipeline a
statement is sent. A statement counts when its last message is there: a simple query, or the sync behind a prepared one.
"""

import socket
import tempfile
import threading
from collections import deque
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

_SOCKET = ".s.PGSQL.5432"
_ENDS_A_STATEMENT = b"QS"
_ANSWER, _READY, _IDLE = b"C", b"Z", b"I"
_LASTING = (b"COMMIT", b"INSERT", b"UPDATE", b"DELETE", b"MERGE")
_PATIENCE_S = 20


class Ending(StrEnum):
    """Name the ways in which a line breaks at a statement.

    ``LOST``: its end never arrives, and the process is told that the line broke. ``UNHEARD``: it is carried out, and
    the process is told that the line broke instead of the answer. ``DEAD``: it is carried out, and the process, killed
    at this moment, never does anything again.
    """

    LOST = "lost"
    UNHEARD = "unheard"
    DEAD = "dead"


class Line:
    """Carry the connections of one process to a server, up to its ``at``-th statement; 0 never breaks."""

    def __init__(self, url: str, *, at: int = 0, ending: Ending = Ending.LOST) -> None:
        self._place, _, host = url.partition("?host=")
        self._server = f"{host}/{_SOCKET}"
        self._at = at
        self._ending = ending
        self._folder = Path(tempfile.mkdtemp(prefix="gov-line-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._wires: list[_Wire] = []
        self._lock = threading.Lock()
        self.statements = 0
        self.settled: list[int] = []
        self.is_broken = threading.Event()

    @property
    def url(self) -> str:
        """Return the address that leads over this line."""
        return f"{self._place}?host={self._folder}"

    def __enter__(self) -> Self:
        self._listener.bind(str(self._folder / _SOCKET))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        self.close()
        self._listener.close()
        for wire in self._wires:
            wire.join()
        (self._folder / _SOCKET).unlink()
        self._folder.rmdir()

    def close(self) -> None:
        """End every connection for good; a process that stood still hears only now that its line is broken."""
        _shut(self._listener)
        for wire in self._wires:
            wire.close()

    def count(self) -> int:
        """Return the number of one more statement."""
        with self._lock:
            self.statements += 1
            return self.statements

    def breaks_at(self, number: int) -> bool:
        return number == self._at

    def settle(self, number: int) -> None:
        """Note a statement that has made a change last: its own, or that of the transaction which it ends."""
        with self._lock:
            self.settled.append(number)

    def break_off(self, wire: "_Wire", statement: bytes) -> None:
        """Break the line; a dead process loses all of its connections."""
        wire.end_server(b"" if self._ending is Ending.LOST else statement)
        if self._ending is Ending.DEAD:
            for other in self._wires:
                other.end_server(b"")
        else:
            wire.close()
        self.is_broken.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            wire = _Wire(self, client, server)
            self._wires.append(wire)
            wire.start()


class _Wire:
    """Carry one connection both ways."""

    def __init__(self, line: Line, client: socket.socket, server: socket.socket) -> None:
        self._line = line
        self._client = client
        self._server = server
        self._is_ended = False
        self._is_lasting = False
        self._unanswered = deque([0])  # The server's first "ready" is its greeting.
        self._has_ended = threading.Event()

        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._to_server, self._to_client)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait for the end of a closed connection."""
        for thread in self._threads:
            thread.join(_PATIENCE_S)
        self._client.close()
        self._server.close()

    def end_server(self, statement: bytes) -> None:
        """Give the server a last statement and wait until it has carried it out and left; nobody hears of it."""
        if not self._is_ended:
            self._is_ended = True
            self._send(self._server, statement)
            _shut(self._server, socket.SHUT_WR)
        assert self._has_ended.wait(_PATIENCE_S), "the server did not let go of a connection"

    def close(self) -> None:
        for end in (self._client, self._server):
            _shut(end)

    def _to_server(self) -> None:
        rest, is_first = b"", True
        while chunk := _received(self._client):
            rest += chunk
            ready = b""
            while (size := _size(rest, is_first=is_first)) <= len(rest):
                message, rest = rest[:size], rest[size:]
                if not is_first and message[:1] in _ENDS_A_STATEMENT:
                    self._unanswered.append(self._line.count())
                    if self._line.breaks_at(self._unanswered[-1]):
                        self._send(self._server, ready)
                        self._line.break_off(self, message)
                        return
                ready += message
                is_first = False
            self._send(self._server, ready)
        self._send_end()

    def _to_client(self) -> None:
        rest = b""
        while chunk := _received(self._server):
            rest = self._note_settled(rest + chunk)
            if not self._is_ended:
                self._send(self._client, chunk)
        self._has_ended.set()
        if not self._is_ended:
            self.close()

    def _note_settled(self, answers: bytes) -> bytes:
        """Note which statements the server says to have made last; return what is not yet a whole message."""
        while (size := _size(answers, is_first=False)) <= len(answers):
            kind, content, answers = answers[:1], answers[5:size], answers[size:]
            if kind == _ANSWER:
                self._is_lasting |= content.startswith(_LASTING)
            elif kind == _READY:
                number = self._unanswered.popleft()
                if self._is_lasting and content == _IDLE:
                    self._line.settle(number)
                self._is_lasting = False
        return answers

    def _send_end(self) -> None:
        _shut(self._server, socket.SHUT_WR)

    def _send(self, end: socket.socket, content: bytes) -> None:
        try:
            end.sendall(content)
        except OSError:
            self.close()


def _shut(end: socket.socket, how: int = socket.SHUT_RDWR) -> None:
    with suppress(OSError):
        end.shutdown(how)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65_536)
    except OSError:
        return b""


def _size(content: bytes, *, is_first: bool) -> int:
    """Return the length of the message that the content begins with; more than there is where that is not known."""
    start = 0 if is_first else 1
    if len(content) < start + 4:
        return len(content) + 1
    return start + int.from_bytes(content[start : start + 4], "big")
