"""Measure six-commit cases beside other engines, all on one PostgreSQL, in turns.

A case is a start and five people's steps (``items/six-steps.yaml``): review, a choice between two, two side by side,
and the issue. Ours goes through ``CaseService``; each peer runs in an environment and a process of its own
(``peers/with_*.py``) on a database of its own, and is used as its own documents recommend. A peer that ends, or that
finishes fewer cases than it was asked for, makes the run void. DBOS is made for many workflows at a time, so ten cases
are under way side by side there, each person's step in a thread of its own; ours stands beside it in the same form.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.environments import environment_of
from bench.floor import Application, floor_of, server, town_of
from bench.goals import Figures, Median, RunVoid
from bench.peers.protocol import COMMITS
from gov_portal.cli.embedded import EmbeddedPostgres, provision
from gov_portal.kernel.ids import ItemId, TaskKey
from gov_portal.kernel.principal import Officer
from tests.factories.town import Town
from workflows.domain.commands import ActOn

SCRIPTS = Path(__file__).parent / "peers"
SIX_STEPS = Path(__file__).parent / "items" / "six-steps.yaml"
ITEM = ItemId("bench.six-steps")
PEERS = ("viewflow", "dbos", "spiffworkflow")
WARM_UP = 10
SIDE_BY_SIDE = 10
"""How many cases are under way at a time beside a peer that is made for it (``peers/with_dbos.py``)."""

_OURS = {"viewflow": "ours", "dbos": "ours-side-by-side", "spiffworkflow": "ours"}
"""Peer -> which form of ours stands beside it."""

Each = Callable[[Callable[[Application], None], list[Application]], Iterator[None]]


@dataclass(frozen=True, slots=True)
class Peer:
    """Speak with a peer's process."""

    name: str
    process: "subprocess.Popen[str]"
    versions: str

    def run(self, cases: int) -> float:
        """Return the commits per second of so many cases.

        Raises:
            RunVoid: it ended, or did not finish all of them.
        """
        _tell(self.process, str(cases))
        answer = _answer(self.name, self.process)
        if answer["finished"] != cases:
            raise RunVoid(f"{self.name} finished {answer['finished']} of {cases} cases")
        return COMMITS * cases / float(str(answer["seconds"]))


def figures(*, rounds: int, cases: int) -> Figures:
    """Return how many times as fast as each peer we are, and the medians."""
    found: dict[str, list[float]] = {name: [] for name in ("floor", "ours", "ours-side-by-side", *PEERS)}
    with ExitStack() as stack:
        postgres, folder = stack.enter_context(server())
        floor, town = floor_of(postgres), town_of(postgres, folder)
        town.desk.definitions.publish([SIX_STEPS])
        peers = [stack.enter_context(_peer(name, postgres)) for name in PEERS]
        for one in peers:
            one.run(WARM_UP)
        run_ours(town, drafts(town, WARM_UP))
        for _ in range(rounds):
            found["floor"].append(floor())
            found["ours"].append(run_ours(town, drafts(town, cases)))
            found["ours-side-by-side"].append(run_ours(town, drafts(town, cases), side_by_side=SIDE_BY_SIDE))
            for one in peers:
                found[one.name].append(one.run(cases))
    return _figures({name: statistics.median(each) for name, each in found.items()}, peers)


def _figures(medians: dict[str, float], peers: list[Peer]) -> Figures:
    words = {"floor": "floor: ideal step, 1 client, 7 round trips", "ours": "six-commit case: ours, encrypted"}
    words["ours-side-by-side"] = f"{words['ours']}, {SIDE_BY_SIDE} side by side"
    words |= {one.name: f"six-commit case: {one.versions}" for one in peers}
    shown = [Median(words[name], value, "commits/s", value / medians["floor"]) for name, value in medians.items()]
    return Figures({f"beside-{name}": medians[_OURS[name]] / medians[name] for name in PEERS}, tuple(shown))


@contextmanager
def _peer(name: str, postgres: EmbeddedPostgres) -> Iterator[Peer]:
    python = environment_of(name)
    url = provision(postgres.url(), database=f"peer_{name}").owner
    command = [str(python), str(SCRIPTS / f"with_{name}.py"), url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            versions = _answer(name, process)["ready"]
            assert isinstance(versions, dict)
            yield Peer(name, process, ", ".join(f"{package} {version}" for package, version in versions.items()))
        finally:
            process.kill()


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _answer(name: str, process: "subprocess.Popen[str]") -> dict[str, object]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RunVoid(f"{name} dropped out")
    answer: dict[str, object] = json.loads(line)
    return answer


def drafts(town: Town, count: int) -> list[Application]:
    """Fill drafts of the six-step item, each of a person of their own."""
    made = []
    for _ in range(count):
        citizen = town.newcomer()
        # Another process on this database has the same persons, and must not go on with their drafts.
        case = town.cases.begin(ITEM, by=citizen, again=True)
        claim = {"claim.title": "n" * 40, "claim.address": "x" * 80, "claim.amount": "480"}
        town.cases.save_page(case, page="claim", raw=claim, by=citizen)
        made.append(Application(citizen, case))
    return made


def run_ours(town: Town, applications: list[Application], *, side_by_side: int = 1) -> float:
    """Take every case from its submission to its end, so many at a time, and return the commits per second.

    Raises:
        RunVoid: a case did not come to its end.
    """
    began = time.perf_counter()
    if side_by_side == 1:
        carry_ours(town, applications)
    else:
        with ThreadPoolExecutor(side_by_side) as people:
            for first in range(0, len(applications), side_by_side):
                carry_ours(town, applications[first : first + side_by_side], each=people.map)
    took = time.perf_counter() - began
    outcomes = [town.cases.view(one.case, by=one.citizen).outcome for one in applications]
    if outcomes != ["granted"] * len(applications):
        raise RunVoid(f"ours finished {outcomes.count('granted')} of {len(applications)} cases")
    return COMMITS * len(applications) / took


def carry_ours(town: Town, applications: list[Application], *, each: Each = map) -> None:
    """Take every case from its submission to its end, step by step; ``each`` says how a step is taken for all."""

    def submit(one: Application) -> None:
        town.cases.submit(one.case, by=one.citizen, key="submit")

    steps = (("review", town.window), ("plain", town.window), ("site", town.assessor), ("finance", town.checkers[0]))
    list(each(submit, applications))
    for step, officer in (*steps, ("issue", town.leader)):

        def act(one: Application, step: str = step, officer: Officer = officer) -> None:
            town.cases.act(one.case, ActOn(TaskKey(f"{step}.1"), "ok", {}, "checked"), by=officer, key=step)

        list(each(act, applications))
