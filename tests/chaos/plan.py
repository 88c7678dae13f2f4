"""Say, from a seed, what goes wrong when: the same seed always gives the same troubles in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

PROCESSES = ("web.1", "web.2", "relay.1", "relay.2", "worker.1", "worker.2")
DEPARTMENTS = ("police", "housing", "post", "finance", "cdpf")
SHARE = 6
"""For so many kills one trouble of each other kind comes."""

OTHERS = ("restart postgres", "crash postgres", "freeze redis", "flush redis", "close", "busy", "clock")
LEAP = "leap"
"""The move of the business clock over the end of the year; it comes once, in the middle."""


SHORT_CASES = 16
SHORT = (
    ("kill", "web.1"),
    ("crash postgres", ""),
    ("kill", "worker.1"),
    (LEAP, ""),
    ("flush redis", ""),
    ("kill", "relay.1"),
)
"""The troubles of a short run, which has one node of each kind; so none of them is there meanwhile."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Name one thing that goes wrong, and once how many cases have been begun."""

    kind: str
    target: str
    after: int

    def __str__(self) -> str:
        return f"{self.kind} {self.target}".strip()


@dataclass(frozen=True, slots=True)
class Form:
    """Say how much of everything a run has: cases, what goes wrong, nodes of each kind, and people."""

    cases: int
    troubles: Sequence[Trouble]
    nodes: int = 2
    applicants: int = 12
    screens: int = 3

    @classmethod
    def long(cls, seed: int, *, cases: int, kills: int) -> "Form":
        """Return the form in which everything goes wrong that can, as often as wanted."""
        return cls(cases, plan(seed, cases=cases, kills=kills))

    @classmethod
    def short(cls) -> "Form":
        """Return the form in which each kind of thing that dies does so once, with as few processes as that takes."""
        return cls(SHORT_CASES, _spread(SHORT, SHORT_CASES), nodes=1, applicants=4, screens=1)


def plan(seed: int, *, cases: int, kills: int) -> list[Trouble]:
    """Return the troubles of a run, spread evenly over its cases."""
    random = Random(seed)
    # Every process in turn, so that no seed spares one.
    chosen = [("kill", PROCESSES[number % len(PROCESSES)]) for number in range(kills)]
    for kind in OTHERS:
        for _ in range(max(1, kills // SHARE)):
            chosen.append((kind, random.choice(DEPARTMENTS) if kind in ("close", "busy") else ""))
    random.shuffle(chosen)
    chosen.insert(len(chosen) // 2, (LEAP, ""))
    return _spread(chosen, cases)


def _spread(chosen: Sequence[tuple[str, str]], cases: int) -> list[Trouble]:
    gap = cases / (len(chosen) + 1)
    return [Trouble(kind, target, round(gap * place)) for place, (kind, target) in enumerate(chosen, start=1)]
