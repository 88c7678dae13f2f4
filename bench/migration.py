"""Measure how long the live cases of an item take to move to a changed flow and back: trial, move, undo, each reported.

Run it with ``python -m bench.migration [cases]``; 10,000 of them must not take five minutes in all.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

from bench.floor import server, town_of
from bench.live_cases import fill, next_version
from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import Officer
from tests.factories.town import CARD, Town
from workflows.services.migrations import Migrations
from workflows.services.moving import CaseReport
from workflows.services.versions import Versions

MOST_S = 300.0


def main() -> int:
    """Measure, print each part and the sum last; return 1 where it takes too long or a case is lost."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with server() as (postgres, folder):
        town = town_of(postgres, folder)
        began = time.perf_counter()
        fill(town, count)
        print(f"{count:,} live cases stored in {time.perf_counter() - began:.1f} s")
        return _measure(town, count)


def _measure(town: Town, count: int) -> int:
    designer, publisher = _officer("designer"), _officer("publisher")
    draft = Versions(town.db, town.clock, town.desk.definitions).draft(next_version(), "card.yaml", by=designer)
    migrations = Migrations(town.desk)
    parts = {
        "trial": (migrations.try_out(CARD, to=draft), "moves"),
        "move": (migrations.apply(CARD, to=draft, by=publisher), "moved"),
        "undo": (migrations.undo(CARD, by=publisher), "undone"),
    }
    took = sum(_part(name, reports, wanted=wanted, count=count) for name, (reports, wanted) in parts.items())
    print(f"in all {took:8.1f} s (at most {MOST_S:.0f})")
    return 0 if took <= MOST_S else 1


def _part(name: str, reports: Iterator[CaseReport], *, wanted: str, count: int) -> float:
    began = time.perf_counter()
    outcomes = Counter(one.outcome for one in reports)
    took = time.perf_counter() - began
    print(f"{name:6} {took:8.1f} s  {dict(outcomes)}")
    if outcomes != {wanted: count}:
        raise SystemExit(f"{name}: a case was lost or stayed")
    return took


def _officer(post: str) -> Officer:
    return Officer(OfficerId(uuid4()), org="dept.data", region="470000", roles=frozenset({post}), aal=2)


if __name__ == "__main__":
    sys.exit(main())
