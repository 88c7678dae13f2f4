"""Measure how much memory a case takes that a process holds open, every value read.

Run it with ``python -m bench.memory [cases]``.
"""

import sys
import tracemalloc

from bench.floor import server, town_of
from bench.sitting import SIX_STEPS, drafts, run_ours
from gov_portal.kernel.principal import Platform
from workflows.storage.loading import CaseLoader, StoredCase
from workflows.storage.visibility import visible_to


def bytes_per_case(cases: int) -> float:
    """Return the bytes of a closed six-step case."""
    with server() as (postgres, folder):
        town = town_of(postgres, folder)
        town.desk.definitions.publish([SIX_STEPS])
        applications = drafts(town, cases)
        run_ours(town, applications)
        loader, sight = CaseLoader(town.desk.keys, town.desk.definitions), visible_to(Platform())

        def opened(number: int) -> StoredCase:
            with town.db.driver() as driver:
                row = loader.fetch(driver, applications[number].case, sight=sight)
            assert row is not None
            stored = loader.open(row)
            dict(stored.values)
            return stored

        opened(0)
        tracemalloc.start()
        held = [opened(number) for number in range(1, cases)]
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return size / len(held)


if __name__ == "__main__":
    print(f"{bytes_per_case(int(sys.argv[1]) if len(sys.argv) > 1 else 100):,.0f} bytes")
