"""Measure our pages and our API as shares of what bare Flask answers on the same server.

Both are served by granian as ``gov web`` starts it: one process, the same threads, the same back-pressure. What is
bare answers one word; ours is the whole portal on an embedded PostgreSQL with ordinary durability and, beside the
cases that are asked for, many others. The load comes from a process of its own (``bench.load``), in turns; medians
are compared. A read of a case here checks the session, the permission, the pace, and whose case it is.

Run it with ``python -m bench.web [rounds] [seconds per round]``.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from bench.floor import server, town_of
from bench.goals import Figures, Median
from bench.live_cases import fill
from bench.load import Load, under
from gov_portal.cli.instance import FONTS
from gov_portal.kernel.ids import CaseId
from identity.domain.assurance import Factor
from identity.domain.values import Client, SessionToken
from identity.services.foundation import Foundation
from identity.services.people import Identity, People
from identity.services.sessions import Sessions
from tests.factories.town import CARD, Town

PEOPLE = 80
"""Enough that nobody of them is slowed down by the limit of the API."""

OTHER_CASES = 5_000
CLIENTS = 16
SETTLE_S = 1.0
_SERVE = (
    "import sys; from gov_portal.cli.serving import server_of; "
    "server_of(sys.argv[1], address='127.0.0.1', port=int(sys.argv[2]), workers=1, threads=40).serve()"
)

Requests = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Applicant:
    """Name a person's case, and the token of their session."""

    case: CaseId
    token: SessionToken


def measure(rounds: int, seconds: float) -> dict[str, list[float]]:
    """Return how many answers a second each route gave in each round; ``bare`` is among them.

    Raises:
        RunVoid: a request failed.
    """
    found: dict[str, list[float]] = {}
    with ExitStack() as stack:
        postgres, folder = stack.enter_context(server())
        town = town_of(postgres, folder)
        fill(town, OTHER_CASES)
        _give_away(postgres.url(database="ours"))
        environment = _environment(town, folder)
        applicants = [_applicant(town, environment, number) for number in range(PEOPLE)]
        bare = stack.enter_context(_served("bench.bare:create_app", os.environ))
        ours = stack.enter_context(_served("gov_portal.app:create_app", environment))
        routes = {name: (ours, asked) for name, asked in _routes(applicants, folder / "secrets").items()}
        for name, (port, requests) in (everything := {"bare": (bare, [("/", "")]), **routes}).items():
            # One client first: what a process loads with its first answer keeps nobody waiting for too long.
            for clients in (1, CLIENTS):
                under(Load(port, requests, clients, SETTLE_S))
            found[name] = []
        for _ in range(rounds):
            for name, (port, requests) in everything.items():
                found[name].append(under(Load(port, requests, CLIENTS, seconds)).per_second)
    return found


def _give_away(url: str) -> None:
    """Let each of the other cases belong to somebody else, as in a province, which is what the server plans by."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE workflows_cases SET applicant = gen_random_uuid()")
        connection.execute("ANALYZE workflows_cases")


def _environment(town: Town, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": town.db.url,
        "GOV_SECRETS_DIR": str(folder / "secrets"),
        "GOV_FILES_DIR": str(folder),
        "GOV_FONTS_DIR": str(FONTS),
        "GOV_LOG_LEVEL": "info",
    }


def _applicant(town: Town, environment: Mapping[str, str], number: int) -> Applicant:
    """Return a new person with a session, whose case is made public now: it has a history and a legal clock."""
    citizen = town.newcomer()
    case = town.submitted(by=citizen)
    town.act(case, "accept.1", "ok", by=town.window)
    town.deliver_all()
    town.assess(case)
    facts = town.doubles.people.facts(citizen.person)
    base = Foundation(town.db, town.desk.keys, town.clock)
    with town.db.begin() as uow:
        identity = Identity(facts.name, facts.id_no, f"1200000{number:04d}")
        key = town.doubles.people.key_of(citizen.person)
        People(base).enter(uow, identity, person=citizen.person, key=key, ial=4)
        factors = frozenset({Factor.PASSWORD, Factor.CODE})
        token = Sessions(base).open_for_person(uow, citizen.person, factors=factors, client=Client("", ""))
    return Applicant(case, token)


def _routes(applicants: Sequence[Applicant], secrets: Path) -> dict[str, Requests]:
    cookies = [_cookie(one.token, secrets) for one in applicants]
    return {
        "api case": [(f"/api/v1/cases/{one.case}", f"Authorization: Bearer {one.token}") for one in applicants],
        "api cases": [("/api/v1/cases", f"Authorization: Bearer {one.token}") for one in applicants],
        "cases page": [("/cases", cookie) for cookie in cookies],
        "case page": [(f"/cases/{one.case}", cookie) for one, cookie in zip(applicants, cookies, strict=True)],
        "guide": [(f"/items/{CARD}", "")],
        "home": [("/", "")],
    }


def _cookie(token: SessionToken, secrets: Path) -> str:
    app = Flask("cookie")
    app.secret_key = (secrets / "web.key").read_bytes()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise SystemExit("no key signs the cookies")
    return f"Cookie: gov_session={signer.dumps({'token': token})}"


@contextmanager
def _served(target: str, environment: Mapping[str, str]) -> Iterator[int]:
    """Serve an app as a process of its own and return its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, target, str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def figures(*, rounds: int, seconds: float) -> Figures:
    """Return the shares of bare Flask, and the median of every route.

    Raises:
        RunVoid: a request failed.
    """
    medians = {name: statistics.median(each) for name, each in measure(rounds, seconds).items()}
    shares = {name: per_second / medians["bare"] for name, per_second in medians.items()}
    lines = tuple(Median(f"web: {name}", medians[name], "per s", shares[name]) for name in medians)
    return Figures({"web-read": shares["api cases"], "web-public": shares["guide"]}, lines)


def main() -> None:
    """Measure, and print medians and shares."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    for line in figures(rounds=rounds, seconds=seconds).medians:
        print(f"{line.words:16} {line.value:9,.0f}/s  {line.share:.2f} of bare")


if __name__ == "__main__":
    main()
