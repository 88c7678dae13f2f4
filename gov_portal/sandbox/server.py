"""Serve one department over HTTP; the log and the store lie in the department's own folder."""

import json
import socket
import threading
import time
from datetime import UTC, datetime
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from gov_portal.kernel import request_ids
from gov_portal.sandbox.assertions import Guard
from gov_portal.sandbox.cashier import DEPARTMENT, PAGE, Till
from gov_portal.sandbox.departments import DEPARTMENTS, Delivery, Department, RequestRefused
from gov_portal.sandbox.faults import AnswerFault, Down, Faults, read_faults
from gov_portal.sandbox.people import Population, load_people
from gov_portal.sandbox.store import Store

MAX_BODY_BYTES = 1024 * 1024
LOG_NAME = "department.log"
IDLE_TIMEOUT_S = 60


class DepartmentServer:
    """Hold what the request handlers of one department share."""

    def __init__(self, department: str, *, store: Store, trust: Path, people: Population | None = None) -> None:
        """Take the department's id, its store and the file of the platform's public key."""
        self.department: Department = DEPARTMENTS[department]
        self.store = store
        self._people = people or load_people()
        self._guard = Guard(department, trust, store)
        self.till = Till(store.folder) if department == DEPARTMENT else None
        self._log_lock = threading.Lock()

    def listen(self, port: int, *, address: str = "127.0.0.1") -> ThreadingHTTPServer:
        """Return a server bound to the loopback interface, or to another address; port 0 takes a free one."""
        return _Server((address, port), partial(_Handler, self))

    def reply(self, path: str, *, headers: Message, body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the reply to one request and the claims it came with.

        Raises:
            RequestRefused: with the HTTP status.
        """
        match path.split("/"):
            case ["", "v1", operation, resource]:
                pass
            case _:
                raise RequestRefused(404, "no such path")
        claims = self._guard.admit(headers.get("Authorization"), operation=operation, resource=resource, body=body)
        key = headers.get("Idempotency-Key", "")
        if operation == "push" and not key:
            raise RequestRefused(400, "Idempotency-Key is wanting")
        try:
            content = json.loads(body)
        except ValueError:
            raise RequestRefused(400, "the body is not JSON") from None
        if not isinstance(content, dict):
            raise RequestRefused(400, "the body is not an object")
        if self.till is not None:
            base_url = f"http://{headers.get('Host', '127.0.0.1')}"
            return self.till.answer(operation, resource, content, base_url=base_url), dict(claims)
        inbox = Delivery(self.store, resource, key)
        reply = self.department.answer(operation, resource=resource, body=content, records=self._people, inbox=inbox)
        return reply, dict(claims)

    def note(self, **facts: object) -> None:
        """Add a line to the log; no personal data."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **facts}, ensure_ascii=False)
        with self._log_lock, (self.store.folder / LOG_NAME).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = IDLE_TIMEOUT_S
    # Head and body leave together; else each reply waits for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def __init__(self, department: DepartmentServer, *arguments: object) -> None:
        self._department = department
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Say who this is; for probes."""
        faults = read_faults(self._department.store.folder)
        if faults.down is Down.CLOSED:
            self._hang_up()
            return
        status = 503 if faults.down else 200
        if self._department.till is not None and self.path.startswith(PAGE):
            page = self._department.till.page(self.path.removeprefix(PAGE)) if status == 200 else None
            self._show(page, status=status)
            return
        self._send(status, json.dumps({"department": self._department.department.id}).encode())

    def _show(self, page: str | None, *, status: int) -> None:
        """Send a page to a person."""
        content = (page or "<!doctype html><title>-</title><p>无法缴款 Not available").encode()
        self.send_response(status if page or status != 200 else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _pay(self, till: Till) -> None:
        """Take what a person did on the page of an order, and send them back to where they came from."""
        try:
            form = parse_qs(self._read().decode("utf-8", "replace"))
        except RequestRefused as fault:
            self._show(None, status=fault.status)
            return
        target = till.settle(self.path.removeprefix(PAGE), is_paid=form.get("act") == ["pay"])
        if target is None:
            self._show(None, status=200)
            return
        self.send_response(303)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        """Answer one request of the platform."""
        started = time.monotonic()
        faults = read_faults(self._department.store.folder)
        time.sleep(faults.latency_ms / 1000)
        asked_by = request_ids.accepted(self.headers.get(request_ids.HEADER, ""))
        facts: dict[str, object] = {"path": self.path, "request_id": asked_by}
        if faults.down is Down.CLOSED:
            self._hang_up()
            status = 0
        elif self._department.till is not None and self.path.startswith(PAGE) and not faults.down:
            self._pay(self._department.till)
            status = 303
        else:
            status, content, more = self._answer(faults)
            facts |= more
            self._send(status, content)
        elapsed_ms = round((time.monotonic() - started) * 1000)
        self._department.note(**facts, status=status, elapsed_ms=elapsed_ms)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent on standard error; the log is the department's."""

    def _answer(self, faults: Faults) -> tuple[int, bytes, dict[str, object]]:
        try:
            body = self._read()
            if faults.down is Down.BUSY:
                raise RequestRefused(503, "down for maintenance")
            reply, claims = self._department.reply(self.path, headers=self.headers, body=body)
        except RequestRefused as fault:
            problem = {"title": fault.reason, "status": fault.status}
            return fault.status, json.dumps(problem).encode(), {"reason": fault.reason}
        told = {name: claims.get(name) for name in ("case_number", "purpose", "jti")}
        return 200, _told(reply, faults.answer, operation=str(claims["operation"])), told

    def _read(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            raise RequestRefused(413, "the body is too large or of unknown length")
        return self.rfile.read(int(length))

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _told(reply: dict[str, Any], fault: AnswerFault | None, *, operation: str) -> bytes:
    """Return the reply as it goes out; a push has been taken and is never answered falsely but by garbage."""
    is_read = operation != "push"
    if fault is AnswerFault.GARBAGE:
        return b"<html><body>It works!</body></html>"
    if fault is AnswerFault.POISON:
        return json.dumps({"result": "found", "rows": [{"name": ["x"] * 3, "role": "admin"}]}).encode()
    if fault is AnswerFault.ABSENT and is_read:
        return json.dumps({"result": "absent"}).encode()
    if fault is AnswerFault.MISMATCH and operation == "check":
        return json.dumps({"result": "mismatch"}).encode()
    return json.dumps(reply, ensure_ascii=False).encode()
