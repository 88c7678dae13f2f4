"""Measure how many expressions a process evaluates in a second: those of the shipped item, as the engine calls them.

Run it with ``python -m bench.expressions [seconds]``.
"""

import sys
from datetime import date

from bench.advance import ITEM, rate
from tests.factories.cases import SAMPLE
from workflows.domain.expressions import evaluate, evaluate_lets
from workflows.dsl.lint import compile_text

TODAY = date(2026, 3, 2)


def per_second(*, seconds: float) -> float:
    """Return how many are evaluated per second of processor time."""
    definition = compile_text(ITEM.read_text(encoding="utf-8"), str(ITEM))
    values = {**SAMPLE, "applicant.birth": date(1980, 5, 1), "applicant.region": "470101"}
    lets = evaluate_lets(definition.lets, values, today=TODAY)
    wanted = [*definition.lets.values(), *(one.rule for one in definition.conditions)]

    def evaluate_all() -> None:
        for one in wanted:
            evaluate(one, values, today=TODAY, lets=lets)

    return rate(evaluate_all, len(wanted), seconds=seconds)


if __name__ == "__main__":
    print(f"{per_second(seconds=float(sys.argv[1]) if len(sys.argv) > 1 else 5.0):,.0f} expressions/s")
