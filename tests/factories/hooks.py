"""A receiver of webhooks on this machine that answers as a test says."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Keep what comes and answer by the first of the given answers, else 204."""

    hook: "Hook"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.hook.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
        answer = self.hook.answers.pop(0) if self.hook.answers else with_status(204)
        answer(self)

    def do_GET(self) -> None:
        self.hook.requests.append(({}, b"GET"))
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@dataclass
class Hook:
    """Hold what came."""

    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


def with_status(status: int, **headers: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer


def huge(handler: Handler) -> None:
    """Answer 200 with more than anybody reads."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(500):
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.hook.requests.append(({}, b"cut"))


def drip(handler: Handler) -> None:
    """Answer one byte of headers after the other, for ever."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(200):
            time.sleep(0.05)
            handler.wfile.write(b"x")
            handler.wfile.flush()
    except OSError:
        pass


def silent(handler: Handler) -> None:
    """Answer nothing for a while."""
    time.sleep(1.5)


@contextmanager
def listening(hook: Hook, *, certificate: Path | None = None) -> Iterator[Hook]:
    handler = type("OurHandler", (Handler,), {"hook": hook})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hook.url = f"{scheme}://127.0.0.1:{server.server_port}/hook"
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
