"""Run an instance of one or two nodes of everything, break it on demand, and know when it has come to rest."""

import os
import signal
import socket
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from redis import Redis

from gov_portal.cli.home import Home
from gov_portal.cli.instance import Instance
from gov_portal.cli.processes import Command, Processes
from gov_portal.cli.publish import publish_items
from gov_portal.exchange.directory import read_directory
from gov_portal.exchange.domain import ResourceId
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.ids import ItemId
from gov_portal.sandbox.faults import Down, Faults, write_faults
from gov_portal.sandbox.people import load_people
from gov_portal.settings import Settings
from gov_portal.wiring.platform import Platform, build
from identity.domain.assurance import Factor
from identity.domain.values import Client
from identity.services.foundation import Foundation
from identity.services.officers import Officers
from identity.services.people import People
from identity.services.sessions import Sessions
from tests.chaos.clients import PAPER, PLAIN
from tests.chaos.plan import LEAP, Trouble

ITEMS = Path(__file__).parent / "items"
BOTH = frozenset({Factor.PASSWORD, Factor.CODE})
HERE = Client("127.0.0.1", "chaos")
OFFICE = "dept.housing"
PROVINCE = "47"
LEAP_DAYS = 300
"""From March to the last days of the year; the moves that follow cross its end."""

_HURRY = """
UPDATE kernel_outbox SET available_at = now(), nudge_at = now(), claimed_until = NULL
WHERE available_at > now() + interval '2 seconds'
   OR claimed_until IS NOT NULL AND claimed_until < now() + interval '55 seconds'"""
"""Ends pauses and the leases of killed workers early: so that a run need not wait for them, nothing else."""


@dataclass
class Stage:
    """Hold the instance, its second nodes and its services as they are seen from here.

    ``outage_s`` is how long a department or the broker is away; without second nodes nobody stands in for who dies.
    """

    home: Path
    outage_s: float
    has_second_nodes: bool = True
    instance: Instance = field(init=False)
    platform: Platform = field(init=False)
    nodes: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    _more: Processes = field(default_factory=Processes)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.instance = Instance(Home(self.home)).__enter__()
        self.platform = build(Settings.from_environment({**os.environ, **self.instance.environment}))
        self._publish()
        self.nodes = [self.instance.base_url]
        if self.has_second_nodes:
            self._start_second_nodes()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def _start_second_nodes(self) -> None:
        port = _free_port()
        self.nodes.append(f"http://127.0.0.1:{port}")
        for name, *more in (("web.2", "web", "--port", str(port)), ("relay.2", "relay"), ("worker.2", "worker")):
            argv = (sys.executable, "-m", "gov_portal.cli", *more)
            self._more.start(Command(name, argv, self.instance.environment, self.instance.home.logs / f"{name}.log"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._watcher.join()
        self.platform.base.db.dispose()
        self._more.stop()
        self.instance.stop()

    def citizens(self) -> list[str]:
        """Open a session for every grown person of the province who has an account; return the tokens."""
        base, tokens = self._foundation(), []
        for person in load_people().everybody:
            is_local = person.region.startswith(PROVINCE) and person.phone and not person.guardian
            known = People(base).by_id_no(person.id_no) if is_local else None
            if known is not None:
                with base.db.begin() as uow:
                    tokens.append(Sessions(base).open_for_person(uow, known, factors=BOTH, client=HERE))
        return [str(token) for token in tokens]

    def officer(self, role: str) -> str:
        """Open a session for an officer of the office that decides; return the token."""
        base = self._foundation()
        unit = Officers(base).nearest(OFFICE, "470101")
        assert unit is not None
        officer = Officers(base).eligible(unit, role=role)[0]
        with base.db.begin() as uow:
            post = (unit.org, unit.region)
            return str(Sessions(base).open_for_officer(uow, officer, unit=post, factors=BOTH, client=HERE))

    def meet(self, trouble: Trouble) -> None:
        """Let one thing go wrong, for as long as it lasts."""
        kind, target = trouble.kind, trouble.target
        if kind == "kill":
            self._kill(target)
        elif kind.endswith("postgres"):
            self._restart_postgres(is_crash=kind.startswith("crash"))
        elif kind == "freeze redis":
            self._freeze_redis()
        elif kind == "flush redis":
            self._empty_redis()
        elif kind in ("close", "busy"):
            self._shut(target, Down.CLOSED if kind == "close" else Down.BUSY)
        else:
            self.move_clock(f"{LEAP_DAYS}d" if kind == LEAP else "2d")
        self.done[kind] += 1

    def move_clock(self, duration: str) -> None:
        clock = self.platform.base.clock
        assert isinstance(clock, SimulatedClock)
        clock.advance(duration, calendar=self.platform.base.calendar)

    def hurry(self) -> int:
        """End the pauses of what waits outside; return how much waits."""
        with self.platform.base.db.driver() as driver:
            driver.execute(_HURRY)
        return self.count("SELECT count(*) FROM kernel_outbox")

    def count(self, sql: str) -> int:
        with self.platform.base.db.driver() as driver:
            row = driver.execute(sql.encode()).fetchone()
        return int(row[0]) if row else 0

    def _kill(self, name: str) -> None:
        kind, _, number = name.partition(".")
        pid = self.instance.pid(kind) if number == "1" else self._more.pid(name)
        # The whole node: its server process and what that has started.
        os.killpg(pid, signal.SIGKILL)

    def _restart_postgres(self, *, is_crash: bool) -> None:
        server = self.instance.postgres
        if is_crash and server.pid is not None:
            os.kill(server.pid, signal.SIGQUIT)
        else:
            server.stop()
        server.start()

    def _freeze_redis(self) -> None:
        """Let the broker answer nobody, and then die; it is started again as everything that falls."""
        pid = self.instance.pid("redis")
        os.kill(pid, signal.SIGSTOP)
        time.sleep(self.outage_s)
        os.kill(pid, signal.SIGKILL)

    def _empty_redis(self) -> None:
        path = self.instance.environment["BROKER_URL"].removeprefix("redis+socket://")
        with Redis(unix_socket_path=path) as redis:
            redis.flushall()

    def _shut(self, department: str, down: Down) -> None:
        folder = self.instance.home.departments / department
        write_faults(folder, Faults(down=down))
        time.sleep(self.outage_s)
        write_faults(folder, Faults())

    def _watch(self) -> None:
        """Start again what falls, as whoever runs the platform does."""
        while not self._ended.wait(0.2):
            self.instance.watch()
            self._more.restart_fallen()

    def _publish(self) -> None:
        """Publish the items of the run, and let them use the post and the register of cards."""
        publish_items(self.platform, ITEMS)
        uses = [(PLAIN, "post.shipment"), (PAPER, "post.shipment"), (PAPER, "cdpf.register")]
        directory = read_directory()
        known = {grant.resource: grant for grant in directory.grants}
        self.platform.directory.seed(
            directory, [replace(known[ResourceId(resource)], item=ItemId(item)) for item, resource in uses]
        )

    def _foundation(self) -> Foundation:
        base = self.platform.base
        return Foundation(base.db, base.keys, base.clock)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
