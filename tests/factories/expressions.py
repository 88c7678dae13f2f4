"""Make well-typed expression trees by chance."""

import random

from workflows.domain.expressions import Tree

NUMBERS = (("const", 0), ("const", 7), ("const", -3), ("decimal", "2.5"), ("decimal", "-0.125"), ("field", "a.n"))
DAYS = (("date", "2024-02-29"), ("date", "2025-12-31"), ("call", "today"), ("field", "a.born"))
CLAIMS = (("const", True), ("const", False), ("field", "a.sure"), ("let", "minor"), ("has", "a.n", "b.n"))
WAYS = ("half_up", "half_even", "up", "down")
SIGNS = ("==", "!=", "<", "<=", ">", ">=")


def number(chance: random.Random, depth: int) -> Tree:
    if depth == 0:
        return chance.choice(NUMBERS)
    one, two = number(chance, depth - 1), number(chance, depth - 1)
    days = chance.choice(DAYS), chance.choice(DAYS)
    return chance.choice(
        [
            ("arith", chance.choice("+-*"), one, two),
            ("call", chance.choice(["sum", "min", "max"]), one, two),
            ("call", "abs", one),
            ("call", "ratio", one, ("const", chance.choice([1, 2, 3, -4])), ("const", chance.choice(WAYS))),
            ("call", "round", one, ("const", chance.choice([0, 1, 2])), ("const", chance.choice(WAYS))),
            ("call", chance.choice(["years", "months", "days"]), *days[: chance.choice([1, 2])]),
            ("default", "a.n", two),
        ]
    )


def claim(chance: random.Random, depth: int) -> Tree:
    if depth == 0:
        return chance.choice(CLAIMS)
    one, two = claim(chance, depth - 1), claim(chance, depth - 1)
    return chance.choice(
        [
            (chance.choice(["and", "or"]), one, two),
            (chance.choice(["and", "or"]), one, two),
            ("not", one),
            ("call", chance.choice(["any", "all"]), one, two),
            ("cmp", chance.choice(SIGNS), number(chance, 2), number(chance, 1)),
            ("cmp", chance.choice(SIGNS), chance.choice(DAYS), chance.choice(DAYS)),
            ("in", number(chance, 1), (("const", 7), number(chance, 1))),
        ]
    )
