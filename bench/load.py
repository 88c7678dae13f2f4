"""Ask one address over many kept connections and count; a process of its own, so that it shares no lock with a server.

``python -m bench.load`` reads a ``Load`` as JSON and writes a ``Tally``. One answer of another status, or one client
whose connection ends, makes the run void: it stops at once with a line that says so, and no figure.
"""

import json
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from subprocess import run

from bench.goals import RunVoid

_READ = 1 << 18
_PATIENCE_S = 20.0
_LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Load:
    """Say what to ask: each client takes the next of the requests, and asks again as soon as it is answered."""

    port: int
    requests: Sequence[tuple[str, str]]
    """Target and further header lines, without the last line's end."""
    clients: int
    seconds: float
    status: int = 200


@dataclass(frozen=True, slots=True)
class Tally:
    """Count answers, their bytes on average, and how long the middle one and one of a hundred took."""

    per_second: float
    bytes_each: float
    median_ms: float
    p99_ms: float


@dataclass(slots=True)
class _Client:
    connection: socket.socket
    asked_at: float = 0.0
    wanted: int = 0
    """Bytes of the answer that are still to come; 0 before its head is complete."""
    head: bytes = b""


def under(load: Load) -> Tally:
    """Return what a process of its own counts.

    Raises:
        RunVoid: a request failed.
    """
    done = run([sys.executable, "-m", "bench.load"], input=json.dumps(asdict(load)), capture_output=True, text=True)
    if done.returncode:
        raise RunVoid(done.stderr.strip().splitlines()[-1])
    return Tally(**json.loads(done.stdout))


class _Clients:
    """Drive all clients from one loop."""

    def __init__(self, load: Load) -> None:
        self._load = load
        lines = "GET {0} HTTP/1.1\r\nHost: 127.0.0.1\r\n{1}\r\n\r\n"
        self._requests = deque(lines.format(target, more or "Accept: */*").encode() for target, more in load.requests)
        self._expected = b"HTTP/1.1 %d " % load.status
        self._selector = selectors.EpollSelector()
        self.waits: list[float] = []
        self.received = 0

    def run(self) -> Tally:
        for _ in range(self._load.clients):
            client = _Client(socket.create_connection(("127.0.0.1", self._load.port), _PATIENCE_S))
            client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(client.connection, selectors.EVENT_READ, client)
            self._ask(client)
        began = time.perf_counter()
        until = began + self._load.seconds
        while (now := time.perf_counter()) < until:
            for client in self._heard():
                if self._read(client):
                    self._ask(client)
        waits = sorted(self.waits)
        if not waits:
            raise RunVoid("nobody was answered")
        place = len(waits) * 99 // 100
        tally = Tally(
            len(waits) / (now - began), self.received / len(waits), waits[len(waits) // 2] * 1e3, waits[place] * 1e3
        )
        self._hear_out()
        return tally

    def _hear_out(self) -> None:
        """Take the answers that are still to come, which do not count: else they would be made beside the next run."""
        left = self._load.clients
        while left:
            left -= sum(map(self._read, self._heard()))

    def _heard(self) -> list[_Client]:
        """Return the clients for whom something has come."""
        ready = self._selector.select(_PATIENCE_S)
        if not ready:
            raise RunVoid(f"nobody was answered for {_PATIENCE_S:.0f} s")
        return [key.data for key, _ in ready]

    def _ask(self, client: _Client) -> None:
        self._requests.rotate(-1)
        client.asked_at = time.perf_counter()
        client.connection.sendall(self._requests[0])

    def _read(self, client: _Client) -> bool:
        """Take what has come; tell whether the answer is complete."""
        try:
            content = client.connection.recv(_READ)
        except OSError as error:
            raise RunVoid(f"a client dropped out: {error}") from error
        if not content:
            raise RunVoid("a client dropped out: the server closed its connection")
        self.received += len(content)
        if client.wanted:
            client.wanted -= len(content)
        else:
            client.head += content
            head, end, body = client.head.partition(b"\r\n\r\n")
            if not end:
                return False
            client.wanted = self._length(head) - len(body)
            client.head = b""
        if client.wanted == 0:
            self.waits.append(time.perf_counter() - client.asked_at)
        return client.wanted == 0

    def _length(self, head: bytes) -> int:
        if not head.startswith(self._expected):
            raise RunVoid(f"answered {head.splitlines()[0].decode(errors='replace')!r} to {self._load.requests[0][0]}")
        start = head.lower().find(_LENGTH)
        if start < 0:
            raise RunVoid("answered without Content-Length")
        return int(head[start + len(_LENGTH) :].partition(b"\r\n")[0])


def main() -> int:
    """Read what to ask and write what was counted."""
    given = json.load(sys.stdin)
    try:
        print(json.dumps(asdict(_Clients(Load(**given)).run())))
    except (RunVoid, OSError) as fault:
        print(f"the run is void: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
