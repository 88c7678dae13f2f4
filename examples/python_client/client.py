"""Speak to the portal: one method for each thing to do, retries where they are safe.

Every unsafe request carries an ``Idempotency-Key``, so a broken connection costs nothing: the same request goes out
again with the same key and is carried out once.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from examples.python_client.shapes import (
    Case,
    CaseSummary,
    Challenge,
    CheckNote,
    DataUse,
    Delivery,
    Draft,
    Eligibility,
    ExternalTask,
    Failure,
    HeldAct,
    ItemSummary,
    Lease,
    Me,
    Message,
    Offer,
    Preferences,
    Receipt,
    Rule,
    Subscribed,
    Verification,
    Version,
    Webhook,
)

Answered = Mapping[str, object]
"""Answers by the path of their field, as the item's JSON Schema describes them."""

_TRIES = 4
_LONGEST_WAIT_S = 30.0
_AGAIN = frozenset({429, 502, 503, 504})


class Problem(Exception):
    """Tell what the portal refused; programs look at ``code`` and ``errors``, people read ``detail``."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        """Keep the problem details (RFC 9457)."""
        self.status = status
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.errors = cast(list[dict[str, str]], body.get("errors", []))
        super().__init__(f"{status} {self.code}: {self.detail}")


@dataclass
class Portal:
    """Hold a connection; ``token`` is that of a session, or the key of a department's system.

    Attributes:
        address: of the portal, such as ``https://portal.example``.
        language: ``zh`` or ``en``, for what people read.
        transport: another way than the network, such as a test's.
        visit: at a counter the visit of the person whose matters these are; see ``at``.
    """

    address: str
    token: str = ""
    language: str = "en"
    timeout_s: float = 20.0
    transport: httpx.BaseTransport | None = None
    visit: str = ""

    def __post_init__(self) -> None:
        """Open the pool of connections."""
        address = f"{self.address}/api/v1"
        self._http = httpx.Client(base_url=address, timeout=self.timeout_s, transport=self.transport)

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._http.close()

    # Signing in

    def begin_sign_in(self, login: str, password: str, *, kind: str = "citizen") -> str:
        """Check the password and return the token that goes with the code."""
        begun = self._post("/sign-ins", {"kind": kind, "login": login, "password": password})
        return cast(Challenge, begun)["token"]

    def finish_sign_in(self, challenge: str, code: str, *, kind: str = "citizen") -> None:
        """Open the session; every request from now on is the person's."""
        opened = self._post("/sign-ins/confirmation", {"kind": kind, "token": challenge, "code": code})
        self.token = str(opened["access_token"])

    def me(self) -> Me:
        """Say who the portal takes this client for."""
        return cast(Me, self._get("/me"))

    # What people are told, and who used their data

    def messages(self) -> Iterator[Message]:
        """Yield what the person was told, newest first, page by page."""
        return cast(Iterator[Message], self._pages("/messages?limit=50"))

    def unread(self) -> int:
        """Return how many messages are new."""
        return int(self._get("/messages/unread")["unread"])

    def mark_read(self, message: str = "") -> None:
        """Mark one message as read, or without one all of them."""
        self._post(f"/messages/{message}/read" if message else "/messages/read", {})

    def choose_messages(self, wanted: Preferences) -> Preferences:
        """Choose which kinds of news go to the phone and the mailbox, in which language, and when not."""
        return cast(Preferences, self._send("PUT", "/me/message-preferences", json=wanted))

    def data_uses(self) -> Iterator[DataUse]:
        """Yield who asked for the person's data and why, refused ones too, the latest first."""
        return cast(Iterator[DataUse], self._pages("/me/data-records"))

    # Applying

    def find(self, words: str) -> list[ItemSummary]:
        """Return the services that people mean by these words, the best first."""
        return cast(list[ItemSummary], self._get(f"/items?{urlencode({'q': words})}")["items"])

    def begin(self, item: str, *, consent: str = "") -> Draft:
        """Begin an application, or go on with the open one; at a counter say how the person agreed."""
        return cast(Draft, self._post(self._own(f"/items/{item}/drafts"), {"consent": consent} if consent else {}))

    def attach(self, case: str, path: str, file: bytes, media_type: str, *, as_system: bool = False) -> str:
        """Upload a file for a field and return its id, which is the field's answer."""
        address = f"/external-tasks/{case}/files" if as_system else self._own(f"/cases/{case}/files")
        part = {"file": (path.rpartition(".")[2], file, media_type)}
        return str(self._send("POST", address, data={"path": path}, files=part)["file"])

    def answer(self, case: str, page: str, answers: Answered) -> Draft:
        """Answer one page of a draft."""
        return cast(Draft, self._send("PATCH", self._own(f"/drafts/{case}/pages/{page}"), json={"answers": answers}))

    def keep_typed(self, case: str, page: str, answers: Answered, *, mark: str = "") -> str:
        """Keep what is half typed, and return the mark of the page for the next time."""
        body = {"answers": answers, "mark": mark}
        return str(self._send("PUT", self._own(f"/drafts/{case}/pages/{page}/typed"), json=body)["mark"])

    def submit(self, case: str, *, insist: bool = False) -> Case:
        """Submit the application; ``insist`` although a condition does not hold."""
        return cast(Case, self._post(self._own(f"/drafts/{case}/submission"), {"insist": insist}))

    def case(self, case: str) -> Case:
        """Show how far a case is."""
        return cast(Case, self._get(self._own(f"/cases/{case}")))

    def cases(self) -> Iterator[CaseSummary]:
        """Yield the person's cases, newest first, page by page."""
        return cast(Iterator[CaseSummary], self._pages(self._own("/cases?limit=20")))

    def receipt(self, case: str) -> Receipt:
        """Show the receipt of what was handed in."""
        return cast(Receipt, self._get(self._own(f"/cases/{case}/receipt")))

    def licence_pdf(self, case: str) -> bytes:
        """Return the licence that came out of a case."""
        return self._ask("GET", self._own(f"/cases/{case}/licence.pdf")).content

    def flow(self, case: str) -> bytes:
        """Return the flow with where the case is, as SVG."""
        return self._ask("GET", self._own(f"/cases/{case}/flow.svg")).content

    def withdraw(self, case: str, *, reason: str = "") -> Case:
        """Withdraw an application."""
        return cast(Case, self._post(self._own(f"/cases/{case}/withdrawal"), {"reason": reason}))

    def write(self, case: str, text: str) -> None:
        """Write a letter to the offices that hold the case."""
        self._post(self._own(f"/cases/{case}/letters"), {"text": text})

    def why_refused(self, case: str) -> list[Rule]:
        """Return the rules that an application did not meet, with what would change it."""
        return cast(list[Rule], self._get(self._own(f"/cases/{case}/explanations"))["rules"])

    def may_apply(self, item: str, answers: Answered) -> Eligibility:
        """Say which conditions hold for some answers; nothing is stored."""
        return cast(Eligibility, self._post(f"/items/{item}/eligibility", {"answers": answers}))

    def offers(self) -> Iterator[Offer]:
        """Yield what is offered to the person."""
        return cast(Iterator[Offer], self._pages("/offers"))

    def agree(self, offer: str) -> str:
        """Agree to an offer and return the case that it became."""
        return str(self._post(f"/offers/{offer}/agreement", {})["case"])

    # At a counter

    def identify(self, name: str, id_no: str, *, purpose: str = "entry") -> str:
        """State that the person has shown their card, and return the visit that this opens."""
        body = {"name": name, "id_no": id_no, "is_card_seen": True, "purpose": purpose}
        return str(self._post("/counter/visits", body)["id"])

    def at(self, visit: str) -> Self:
        """Return a client for the matters of the person of a visit, by the officer's hand."""
        return replace(self, visit=visit)

    def leave(self, visit: str) -> None:
        """End a visit."""
        self._ask("DELETE", f"/counter/visits/{visit}")

    # Versions of items

    def draft_version(self, source: str) -> Version:
        """Keep the source of an item as a draft."""
        return cast(Version, self._post("/versions", {"source": source}))

    def publish_version(self, digest: str, *, region: str = "") -> Version:
        """Let the draft of somebody else hold."""
        return cast(Version, self._post(f"/versions/{digest}/releases", {"region": region}))

    def roll_back(self, item: str, *, region: str = "") -> Version:
        """Take back what was published last, and return what holds again."""
        return cast(Version, self._post(f"/items/{item}/rollback", {"region": region}))

    def verify(self, code: str) -> Verification:
        """Say how it stands with the code of a licence."""
        return cast(Verification, self._get(f"/verifications/{code}"))

    # A department's system

    def fetch(self, *, step: str = "", limit: int = 10) -> list[ExternalTask]:
        """Return open tasks of this system's posts, the most urgent first."""
        return cast(list[ExternalTask], self._get(f"/external-tasks?limit={limit}&step={step}")["items"])

    def lease(self, task: ExternalTask, *, seconds: int = 300) -> Lease:
        """Lease a task and read all that it needs."""
        return cast(Lease, self._post(_address(task, "lease"), {"seconds": seconds}))

    def complete(self, task: ExternalTask, act: str, fields: Answered, *, reason: str = "") -> None:
        """Complete a task by one of its acts."""
        self._post(_address(task, "completion"), {"act": act, "fields": fields, "reason": reason})

    def fail(self, task: ExternalTask, reason: str, *, is_final: bool = False) -> Failure:
        """Give a task back; after the third time it is left to people."""
        return cast(Failure, self._post(_address(task, "failure"), {"reason": reason, "is_final": is_final}))

    # The officer's desk

    def act(self, case: str, task: str, act: str, *, fields: Answered | None = None, reason: str = "") -> None:
        """Carry out one act of an open task."""
        body = {"act": act, "fields": fields or {}, "reason": reason}
        self._post(f"/desk/cases/{case}/tasks/{task}/acts", body)

    def take_next(self, **filters: object) -> ExternalTask | None:
        """Take the most urgent task that nobody has; ``None`` where there is none."""
        return cast(ExternalTask | None, self._post("/desk/tasks/next", filters)["task"])

    def note(self, case: str, task: str, notes: list[CheckNote]) -> list[CheckNote]:
        """Keep what is in order and what is wanting, in the place of earlier notes."""
        kept = self._send("PUT", f"/desk/cases/{case}/tasks/{task}/checks", json={"notes": notes})
        return cast(list[CheckNote], kept["notes"])

    def act_undoably(self, case: str, task: str, act: str, *, insist: bool = False) -> HeldAct | None:
        """Carry out an act that can be undone for some seconds; ``None`` where it has taken effect at once."""
        given = self._post(f"/desk/cases/{case}/tasks/{task}/held-acts", {"act": act, "insist": insist})
        return cast(HeldAct | None, given["held"])

    def undo(self, held: HeldAct) -> None:
        """Take an act back before anything came of it."""
        self._post(f"/desk/held-acts/{held['id']}/undoing", {})

    def tasks(self) -> list[ExternalTask]:
        """Return the first page of the officer's queue."""
        return cast(list[ExternalTask], self._get("/desk/tasks")["items"])

    # Webhooks of the unit

    def subscribe(self, url: str, events: list[str], *, label: str = "") -> Subscribed:
        """Tell an address of events from now on; keep the secret, it is shown this once."""
        return cast(Subscribed, self._post("/webhooks", {"url": url, "events": events, "label": label}))

    def webhook(self, webhook: str) -> Webhook:
        """Show a webhook: whether it is told, and since when it has failed."""
        return cast(Webhook, self._get(f"/webhooks/{webhook}"))

    def rotate_secret(self, webhook: str, *, overlap_hours: int = 24) -> Subscribed:
        """Give a webhook another secret; for the overlap deliveries carry a signature of either."""
        return cast(Subscribed, self._post(f"/webhooks/{webhook}/secret", {"overlap_hours": overlap_hours}))

    def send_test(self, webhook: str) -> Delivery:
        """Ask for a test event."""
        return cast(Delivery, self._post(f"/webhooks/{webhook}/test-events", {}))

    def pause(self, webhook: str) -> Webhook:
        """Tell a webhook nothing for now."""
        return cast(Webhook, self._post(f"/webhooks/{webhook}/pause", {}))

    def resume(self, webhook: str) -> Webhook:
        """Tell a webhook again; ``replay`` tells what it missed."""
        return cast(Webhook, self._post(f"/webhooks/{webhook}/resumption", {}))

    def deliveries(self, webhook: str, *, status: str = "") -> Iterator[Delivery]:
        """Yield what was told, the latest first; ``dead`` is what could not be."""
        return cast(Iterator[Delivery], self._pages(f"/webhooks/{webhook}/deliveries?status={status}"))

    def replay(self, webhook: str, *, delivery: str | None = None) -> int:
        """Tell one delivery again, or without one whatever is dead; return how many."""
        return int(self._post(f"/webhooks/{webhook}/replays", {"delivery": delivery})["replayed"])

    def unsubscribe(self, webhook: str) -> None:
        """End a webhook."""
        self._ask("DELETE", f"/webhooks/{webhook}")

    def _own(self, address: str) -> str:
        return f"/counter/visits/{self.visit}{address}" if self.visit else address

    def _pages(self, address: str) -> Iterator[dict[str, Any]]:
        while address:
            response = self._ask("GET", address)
            yield from response.json()["items"]
            address = response.links.get("next", {}).get("url", "").removeprefix("/api/v1")

    def _get(self, address: str) -> dict[str, Any]:
        return cast(dict[str, Any], self._ask("GET", address).json())

    def _post(self, address: str, body: Mapping[str, object]) -> dict[str, Any]:
        return self._send("POST", address, json=body)

    def _send(self, method: str, address: str, **content: Any) -> dict[str, Any]:  # noqa: ANN401 - as httpx takes it
        response = self._ask(method, address, **content)
        return cast(dict[str, Any], response.json()) if response.content else {}

    def _ask(self, method: str, address: str, **content: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes it
        headers = {"Accept-Language": self.language, "Idempotency-Key": uuid4().hex}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        for number in range(1, _TRIES + 1):
            try:
                response = self._http.request(method, address, headers=headers, **content)
            except httpx.TransportError:
                if number == _TRIES:
                    raise
                time.sleep(0.5 * number)
                continue
            if response.status_code not in _AGAIN or number == _TRIES:
                break
            time.sleep(min(float(response.headers.get("Retry-After", number)), _LONGEST_WAIT_S))
        if response.is_error:
            is_problem = response.headers.get("Content-Type", "").endswith("json")
            raise Problem(response.status_code, response.json() if is_problem else {})
        return response


def _address(task: ExternalTask, end: str) -> str:
    return f"/external-tasks/{task['case']}/{task['task']}/{end}"
