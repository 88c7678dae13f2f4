"""Say, from a seed, what goes wrong when: the same seed always gives the same troubles in the same order."""

from dataclasses import dataclass
from random import Random

PROCESSES = ("web.1", "web.2", "relay.1", "relay.2", "worker.1", "worker.2")
DEPARTMENTS = ("police", "housing", "post", "finance", "cdpf")
SHARE = 6
"""For so many kills one trouble of each other kind comes."""

OTHERS = ("restart postgres", "crash postgres", "freeze redis", "flush redis", "close", "busy", "clock")
LEAP = "leap"
"""The move of the business clock over the end of the year; it comes once, in the middle."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Name one thing that goes wrong, and once how many cases have been begun."""

    kind: str
    target: str
    after: int

    def __str__(self) -> str:
        return f"{self.kind} {self.target}".strip()


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
    gap = cases / (len(chosen) + 1)
    return [Trouble(kind, target, round(gap * place)) for place, (kind, target) in enumerate(chosen, start=1)]
