"""Measure how long 1,216 items take to be known: cold from their files, and from what another process has compiled.

Cold lasts until every definition is read, checked by every rule and packed for other processes, on the cores there
are. From the compiled cache lasts until a new process has the head of every published item, and one whole definition.
Nothing that came with the start of the process is looked through for garbage meanwhile, as in every process of ``gov``.
Run it with ``python -m bench.registry [rounds]``.
"""

import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.floor import server, town_of
from bench.goals import Figures, Median, RunVoid
from bench.lint import MANY, many_families
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from workflows.compiled import CompiledForms, Packed
from workflows.compiling import compilers
from workflows.definitions import Definitions
from workflows.dsl.compiler import forget
from workflows.dsl.lint import lint_file
from workflows.language import language

_CHUNKS_EACH = 4


def figures(*, rounds: int) -> Figures:
    """Return both times, and beside them how long a new process takes where nothing was compiled."""
    with tempfile.TemporaryDirectory() as folder:
        paths = list(many_families(Path(folder), MANY))
        gc.collect()
        gc.freeze()
        cold = statistics.median(seconds_to_load(paths) for _ in range(rounds))
        cached_ms, shown = milliseconds_to_know(paths, rounds)
    return Figures({"items-cold": cold, "items-cached": cached_ms}, shown)


def seconds_to_load(paths: Sequence[Path]) -> float:
    """Return how long it takes to read, check and pack all items of some files."""
    forget()
    workers = os.cpu_count() or 1
    began = time.perf_counter()
    with compilers(workers) as pool:
        chunk = len(paths) // (_CHUNKS_EACH * workers) or 1
        found = [one for packed in pool.map(_packed, paths, chunksize=chunk) for one in packed]
    took = time.perf_counter() - began
    return took * MANY / len({one.hash for one in found})


def _packed(path: Path) -> list[Packed]:
    return [Packed.of(one) for one in lint_file(path).definitions]


def milliseconds_to_know(paths: Sequence[Path], rounds: int) -> tuple[float, tuple[Median, ...]]:
    """Return how long a new process takes to know every published item, and what makes that so.

    That is the preparation, once for all processes of an installation, also after an upgrade; beside it stands how long
    a process takes that finds nothing prepared.
    """
    with server() as (postgres, folder):
        town = town_of(postgres, folder)
        town.desk.definitions.publish(paths)
        began = time.perf_counter()
        prepared = Definitions(town.db, forms=CompiledForms(town.db, town.desk.keys)).prepare()
        prepare_ms = (time.perf_counter() - began) * 1000 * MANY / prepared
        cached = [_to_know(town.db, town.desk.keys) for _ in range(rounds)]
        with town.db.driver() as driver:
            driver.execute("DELETE FROM workflows_compiled")
            driver.execute("DELETE FROM workflows_heading_sheets")
        anew_ms = _to_know(town.db, town.desk.keys)
    shown = (
        Median("1,216 items are prepared for all processes, on every core", prepare_ms, "ms"),
        Median("a new process knows 1,216 items of which none was prepared", anew_ms, "ms"),
    )
    return statistics.median(cached), shown


def _to_know(db: Database, keys: KeyStore) -> float:
    language.cache_clear()
    forget()
    began = time.perf_counter()
    registry = Definitions(db, forms=CompiledForms(db, keys))
    headings = registry.headings()
    registry.by_hash(headings[0].hash)
    took = (time.perf_counter() - began) * 1000
    if len(headings) < MANY:
        raise RunVoid(f"only {len(headings)} items are published")
    return took * MANY / len(headings)


if __name__ == "__main__":
    found = figures(rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    for name, value in found.goals.items():
        print(f"{name:14} {value:10.2f}")
    for one in found.medians:
        print(f"{one.words}: {one.value:.0f} {one.unit}")
