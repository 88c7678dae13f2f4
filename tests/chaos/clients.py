"""Be the people of a chaos run: whatever breaks, they ask again with the same key until they have an answer."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import httpx

from tests.factories.town import photo

PLAIN, PAPER = "chaos.plain", "chaos.paper"
PAPERS = 20
"""One case of so many brings forth a paper, which costs a hundred times as much as a step."""

PATIENCE_S = 180.0
_LONGEST_PAUSE_S = 3.0
_UNDER_WAY = "idempotency.under-way"
_PAGE = 100
_API = "/api/v1"


class GaveUp(Exception):
    """Tell that a request had no answer for so long that nobody would still wait."""


@dataclass(slots=True)
class Asked:
    """Hold one command as its client knows it: what for, and whether it was taken."""

    step: str
    act: str
    is_taken: bool


@dataclass(slots=True)
class Matter:
    """Hold what the clients know of one case."""

    number: int
    case: str = ""
    client: "Client | None" = None
    asked: list[Asked] = field(default_factory=list)

    @property
    def item(self) -> str:
        return PAPER if self.number % PAPERS == 0 else PLAIN

    @property
    def project(self) -> str:
        return f"P-{self.number:07d}"


@dataclass
class Book:
    """Hold everything that the clients know, of all cases and of what they were answered meanwhile.

    Attributes:
        faults: with what somebody could not cope; it ends the run.
        refusals: what was refused although it had to be taken; the others go on.
    """

    seed: int
    cases: int
    matters: list[Matter] = field(default_factory=list)
    of_case: dict[str, Matter] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    handed_in: int = 0
    allowed: int = 0
    unanswered: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_matter(self) -> Matter | None:
        """Give out the next case, if there is one more; wait while a trouble must come first."""
        while not self.is_over.is_set() and self.allowed <= len(self.matters) < self.cases:
            time.sleep(0.05)
        with self._lock:
            if len(self.matters) >= self.cases or self.is_over.is_set():
                return None
            self.matters.append(Matter(len(self.matters)))
            return self.matters[-1]

    def chance(self, *about: object) -> float:
        """Return a number between 0 and 1 that a seed always gives for the same thing."""
        return Random(f"{self.seed}:{about}").random()

    def count(self) -> None:
        with self._lock:
            self.handed_in += 1

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Count a command among the unanswered until its client knows what came of it, so that no end comes before."""
        with self._lock:
            self.unanswered += 1
        try:
            yield
        finally:
            with self._lock:
                self.unanswered -= 1


class Client:
    """Speak to whichever node answers, each request with a key of its own."""

    def __init__(self, nodes: Sequence[str], token: str, book: Book) -> None:
        self._nodes = nodes
        self._book = book
        self._turn = hash(token) % len(nodes)
        self._http = httpx.Client(
            headers={"Authorization": f"Bearer {token}"}, timeout=15, limits=httpx.Limits(keepalive_expiry=5)
        )

    def ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Return the first answer that is one, refusals included.

        Raises:
            GaveUp: there was none.
        """
        with nullcontext() if method == "GET" else self._book.awaited():
            return self._answer(method, path, content)

    def _answer(self, method: str, path: str, content: dict[str, Any]) -> httpx.Response:
        key = str(uuid5(NAMESPACE_OID, f"{self._book.seed}:{time.monotonic_ns()}:{threading.get_ident()}"))
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and not self._book.is_over.is_set():
            address = f"{self._nodes[self._turn % len(self._nodes)]}{_API}{path}"
            try:
                response = self._http.request(method, address, headers={"Idempotency-Key": key}, **content)
            except httpx.TransportError as error:
                self._wait(type(error).__name__, 0.2)
                continue
            if not (again := _why_again(response)):
                return response
            if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
                self._book.refusals.append(f"{method} {path} was answered by 500: {response.text}")
            self._wait(again, float(response.headers.get("Retry-After", 0.5)))
        raise GaveUp(f"{method} {path}")

    def close(self) -> None:
        self._http.close()

    def _wait(self, seen: str, pause_s: float) -> None:
        self._book.seen[seen] += 1
        self._turn += 1
        time.sleep(min(pause_s, _LONGEST_PAUSE_S))


def _why_again(response: httpx.Response) -> str:
    """Return why a request is to be repeated; nothing for an answer."""
    if response.status_code < 500 and response.status_code not in (409, 429):
        return ""
    code = str(response.json().get("code", "")) if "json" in response.headers.get("Content-Type", "") else ""
    if response.status_code == 409 and code != _UNDER_WAY:
        return ""
    return f"{response.status_code} {code}".strip()


@dataclass
class Applicant:
    """Apply again and again: begin, answer, hand in; one in twenty-five thinks better of it."""

    client: Client
    book: Book

    def run(self) -> None:
        while (matter := self.book.next_matter()) is not None:
            self._apply(matter)
            self.book.count()

    def _apply(self, matter: Matter) -> None:
        begun = self.client.ask("POST", f"/items/{matter.item}/drafts", json={"again": True})
        if begun.status_code != 201:
            self.book.refusals.append(f"case {matter.number}: could not be begun: {begun.status_code} {begun.text}")
            return
        matter.case, matter.client = begun.json()["case"], self.client
        self.book.of_case[matter.case] = matter
        self._answer(matter)
        self._command(matter, "apply", "submit", f"/drafts/{matter.case}/submission", {})
        if self.book.chance("withdraw", matter.number) < 0.04:
            self._command(matter, "", "withdraw", f"/cases/{matter.case}/withdrawal", {"reason": "不需要了"})

    def _answer(self, matter: Matter) -> None:
        """Answer the item's page, then what police could not be asked for; who leaves that out may not hand in."""
        page = f"/drafts/{matter.case}/pages"
        saved = self.client.ask("PATCH", f"{page}/site", json={"answers": self._answers(matter)})
        self._must(matter, saved)
        if any(one["id"] == "more" for one in saved.json().get("pages", [])):
            self.client.ask("PATCH", f"{page}/more", json={"answers": {"applicant.region": "470101"}})

    def _answers(self, matter: Matter) -> dict[str, str]:
        answers = {"site.project": matter.project, "site.area": "100"}
        answers |= {"delivery.way": "post", "delivery.address": "样例路一号"}
        if matter.item == PAPER:
            part = {"file": ("photo.png", photo(), "image/png")}
            path = f"/cases/{matter.case}/files"
            sent = self.client.ask("POST", path, data={"path": "applicant.photo"}, files=part)
            self._must(matter, sent)
            answers |= {"site.kind": "limb", "site.grade": "g2", "applicant.photo": sent.json().get("file", "")}
        return answers

    def _command(self, matter: Matter, step: str, act: str, path: str, body: dict[str, object]) -> None:
        response = self.client.ask("POST", path, json=body)
        matter.asked.append(Asked(step, act, is_taken=response.is_success))

    def _must(self, matter: Matter, response: httpx.Response) -> None:
        if response.is_error:
            told = f"{response.status_code} {response.text}"
            self.book.refusals.append(f"case {matter.number}: {response.request.url.path} was refused: {told}")


@dataclass
class Payer:
    """Pay whatever is to be paid, on the page of the payment department."""

    book: Book
    paid: set[int] = field(default_factory=set)

    def run(self) -> None:
        with httpx.Client(timeout=10) as till:
            while not self.book.is_over.wait(0.5):
                for matter in list(self.book.matters):
                    if matter.item == PAPER and matter.client and matter.number not in self.paid:
                        self._pay(matter, matter.client, till=till)

    def _pay(self, matter: Matter, client: Client, *, till: httpx.Client) -> None:
        """Pay a case's bill once there is one; look again where it is not paid yet."""
        if not any(one.step == "approve" and one.act == "ok" for one in matter.asked):
            return
        shown = client.ask("GET", f"/cases/{matter.case}").json()
        for bill in shown.get("bills", []):
            if bill["state"] == "placed" and bill["pay_url"]:
                with suppress(httpx.TransportError):
                    till.post(bill["pay_url"], data={"act": "pay"})
            elif bill["state"] == "paid":
                self.paid.add(matter.number)


@dataclass
class Desk:
    """Be one officer at one of several screens: act on what waits, leave some to silence."""

    client: Client
    book: Book
    screen: int
    screens: int

    def run(self) -> None:
        while not self.book.is_over.is_set():
            acted = self._round()
            if not acted:
                self.book.is_over.wait(0.3)

    def _round(self) -> int:
        """Act on the first page on which anything is to be done; what is left to silence must not hide the rest."""
        path, acted = f"/desk/tasks?limit={_PAGE}&order=received", 0
        while path and not acted:
            listed = self.client.ask("GET", path)
            acted = sum(self._act(row) for row in listed.json().get("items", []) if self._is_mine(row))
            path = listed.links.get("next", {}).get("url", "").removeprefix(_API)
        return acted

    def _is_mine(self, row: dict[str, Any]) -> bool:
        matter = self.book.of_case.get(row["case"])
        return matter is not None and matter.number % self.screens == self.screen

    def _act(self, row: dict[str, Any]) -> bool:
        matter = self.book.of_case[row["case"]]
        act = self._choice(matter, row)
        if not act:
            return False
        body = {"act": act, "reason": "样例理由"}
        response = self.client.ask("POST", f"/desk/cases/{row['case']}/tasks/{row['task']}/acts", json=body)
        matter.asked.append(Asked(row["step"], act, is_taken=response.is_success))
        return response.is_success

    def _choice(self, matter: Matter, row: dict[str, Any]) -> str:
        chance = self.book.chance(row["task"], matter.number)
        if row["step"] == "look":
            return "" if chance < 0.05 and self._is_silence_told(matter, row) else "ok"
        if row["step"] == "approve":
            return "deny" if chance < 0.05 else "redo" if chance < 0.15 and row["task"] == "approve.1" else "ok"
        return "confirm"

    def _is_silence_told(self, matter: Matter, row: dict[str, Any]) -> bool:
        """Tell whether the law will speak where this officer does not: no limit beyond the official calendar does."""
        is_before_leap = row["task"] == "look.1" and matter.number < self.book.cases // 2
        return is_before_leap and self.book.handed_in < self.book.cases


def started(name: str, run: Callable[[], None], book: Book) -> threading.Thread:
    """Start one of them; what it cannot cope with is a fault of the run."""

    def guarded() -> None:
        try:
            run()
        except Exception as error:  # noqa: BLE001 - told in the end
            if not book.is_over.is_set():
                book.faults.append(f"{name}: {type(error).__name__}: {error}")

    thread = threading.Thread(target=guarded, name=name, daemon=True)
    thread.start()
    return thread
