"""Name every measure of the sitting, and run one of them in a process of its own.

``python -m bench.measures NAME FORM FILE`` writes what it found as JSON; nothing is written where it breaks off.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import advance, cases, expressions, growth, lint, registry, shares, sitting, timers, web
from bench.goals import Figures, Median


@dataclass(frozen=True, slots=True)
class Form:
    """Say how much is measured.

    Attributes:
        name: ``full`` or ``quick``.
        rounds: rounds of everything that is compared in turns.
        cases: cases per round.
        few: stored cases before growth.
        many: stored cases after it.
        pending: timers that are spread.
        due: timers that fall due in the same second.
        watched_s: how long the spread ones are watched.
    """

    name: str
    rounds: int
    cases: int
    few: int
    many: int
    pending: int
    due: int
    watched_s: float


FORMS = {
    "full": Form("full", 9, 60, few=10_000, many=1_000_000, pending=100_000, due=20_000, watched_s=60),
    "quick": Form("quick", 3, 20, few=10_000, many=100_000, pending=10_000, due=2_000, watched_s=20),
}


def _beside_peers(form: Form) -> Figures:
    return sitting.figures(rounds=form.rounds, cases=form.cases)


def _shares(form: Form) -> Figures:
    return shares.figures(rounds=form.rounds, cases=form.cases)


def _cases(form: Form) -> Figures:
    return cases.figures(cases=form.cases * 5)


def _advance(form: Form) -> Figures:
    seconds = 5.0 if form.name == "full" else 1.0
    six = advance.steps_per_second(*advance.six_steps(), seconds=seconds)
    card = advance.steps_per_second(*advance.whole_case(), seconds=seconds)
    shown = Median("transition in memory: a step of the shipped card, which does more", card, "steps/s")
    return Figures({"advance": six}, (shown,))


def _expressions(form: Form) -> Figures:
    per_second = expressions.per_second(seconds=5.0 if form.name == "full" else 1.0)
    return Figures({"expressions": per_second})


def _lint(form: Form) -> Figures:
    times = lint.times_of_shipped(form.rounds)
    slowest = max(statistics.median(each) for each in times.values())
    with tempfile.TemporaryDirectory() as folder:
        count, took = lint.time_of_many(Path(folder))
    shown = (Median("lint of a shipped item", statistics.median(map(statistics.median, times.values())), "ms"),)
    return Figures({"lint-one": slowest, "lint-many": took * lint.MANY / count}, shown)


def _items(form: Form) -> Figures:
    return registry.figures(rounds=form.rounds)


def _growth(form: Form) -> Figures:
    return growth.figures(few=form.few, many=form.many, rounds=form.rounds, cases=form.cases)


def _timers(form: Form) -> Figures:
    return timers.figures(pending=form.pending, due=form.due, watched_s=form.watched_s)


def _web(form: Form) -> Figures:
    return web.figures(rounds=form.rounds, seconds=2.0 if form.name == "full" else 1.0)


MEASURES: Mapping[str, tuple[Callable[[Form], Figures], tuple[str, ...]]] = {
    "peers": (_beside_peers, ("beside-viewflow", "beside-dbos", "beside-spiffworkflow")),
    "shares": (_shares, ("share-one", "share-two")),
    "cases": (
        _cases,
        (
            "case-bytes",
            "case-cpu",
            "case-memory",
            "step-statements",
            "step-rows",
            "long-case",
            "long-case-loss",
        ),
    ),
    "growth": (_growth, ("growth-step", "growth-inbox", "growth-case")),
    "timers": (_timers, ("timers-late", "timers-lost", "timers-drain", "timers-step")),
    "advance": (_advance, ("advance",)),
    "expressions": (_expressions, ("expressions",)),
    "web": (_web, ("web-read", "web-public")),
    "lint": (_lint, ("lint-one", "lint-many")),
    "items": (_items, ("items-cold", "items-cached")),
}
"""Name of a measure -> what measures, and the goals that it reports."""


def read(path: Path) -> Figures:
    """Return what a measure wrote."""
    found = json.loads(path.read_text("utf-8"))
    return Figures(found["goals"], tuple(Median(**one) for one in found["medians"]))


def main() -> None:
    """Run one measure and write what it found."""
    name, form, path = sys.argv[1:]
    measure, promised = MEASURES[name]
    found = measure(FORMS[form])
    if set(found.goals) != set(promised):
        raise SystemExit(f"{name} reports {sorted(found.goals)} instead of {sorted(promised)}")
    Path(path).write_text(json.dumps(asdict(found)), "utf-8")


if __name__ == "__main__":
    main()
