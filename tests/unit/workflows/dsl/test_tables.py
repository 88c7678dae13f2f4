"""Tables are proved in any number of columns: against counting out small ones, and at once in wide ones."""

import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.effort import tried
from workflows.dsl.lint import lint_text

BASE = """gov: 1
item:
  {id: demo, version: 1, name: 示例, type: 公共服务, level: 县级, authority: dept.cdpf, basis: [示例],
   audience: [natural], channels: [web], mode: promise, visits: 0, fee: nothing,
   limit: {statutory: 60wd, promised: 60wd}}
outcomes: {done: {closing: 办结}}
data:
  a: {@types}
  w: {grade: "enum(yes_,no_)"}
form: {basic: [@fields]}
tables: {t: {in: [@fields], out: w.grade, hit: @hit, rows: [@rows]}}
flow:
  receipt:
  - apply: {by: applicant, form: [basic]}
  review:
  - decide: {decide: t}
  delivery:
  - end: {end: done}
"""
ENUM, SMALL = '"enum(p,q,r)"', '"int(0..3)"'
CELLS = {
    ENUM: {"p": {"p"}, "q": {"q"}, "r": {"r"}, "[p, q]": {"p", "q"}, "any": {"p", "q", "r"}},
    SMALL: {"0": {0}, "2": {2}, '"..1"': {0, 1}, '"1..2"': {1, 2}, '"2.."': {2, 3}, "any": {0, 1, 2, 3}},
}


def codes(types: list[str], rows: list[list[str]], hit: str = "unique") -> list[str]:
    """Return the codes about the table, in the order of the source."""
    names = [f"x{chr(97 + number)}" for number in range(len(types))]
    fields = {"types": ", ".join(f"{name}: {kind}" for name, kind in zip(names, types, strict=True))}
    fields |= {"fields": ", ".join(f"a.{name}" for name in names), "hit": hit}
    fields |= {"rows": ", ".join(f"[{', '.join([*row, 'yes_'])}]" for row in rows)}
    text = BASE
    for name, value in fields.items():
        text = text.replace(f"@{name}", value)
    return [finding.code for finding in lint_text(text, "item.yaml").errors if finding.code.startswith("E3")]


def counted(types: list[str], rows: list[list[str]], hit: str) -> set[str]:
    """Return the codes by trying every combination."""
    every = {ENUM: ["p", "q", "r"], SMALL: [0, 1, 2, 3]}
    hits = [
        [n for n, row in enumerate(rows) if all(v in CELLS[t][c] for v, t, c in zip(values, types, row, strict=True))]
        for values in product(*(every[kind] for kind in types))
    ]
    found = {"E301"} if any(not one for one in hits) else set()
    if hit == "unique":
        return found | ({"E302"} if any(len(one) > 1 for one in hits) else set())
    return found | ({"E303"} if {one[0] for one in hits if one} != set(range(len(rows))) else set())


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    types = draw(st.lists(st.sampled_from([ENUM, SMALL]), min_size=1, max_size=3))
    row = st.tuples(*(st.sampled_from(sorted(CELLS[kind])) for kind in types)).map(list)
    return types, draw(st.lists(row, min_size=1, max_size=5))


@tried(30)
@given(tables(), st.sampled_from(["unique", "first"]))
def test_a_small_table_is_judged_as_by_counting_it_out(table: tuple[list[str], list[list[str]]], hit: str) -> None:
    assert set(codes(*table, hit)) == counted(*table, hit)


@pytest.mark.parametrize(
    ("kind", "rows", "found"),
    [
        ("money", [['"..99"'], ['"100.."']], []),
        ("money", [['"..99"'], ['"101.."']], ["E301"]),
        ('"decimal(4,1)"', [['"..1.5"'], ['"1.5.."']], ["E302"]),
        ("date", [['"..2025-12-31"'], ['"2026-01-01.."']], []),
        ("date", [['"..2025-12-31"'], ['"2026-01-02.."']], ["E301"]),
        ("text(9)", [["红"], ["绿"]], ["E301"]),
        ("text(9)", [["红"], ["any"]], ["E302"]),
        ("maybe bool", [["true"], ["false"]], ["E301"]),
        ("maybe bool", [["true"], ["false"], ["missing"]], []),
    ],
)
def test_numbers_days_texts_and_absence_are_proved_too(kind: str, rows: list[list[str]], found: list[str]) -> None:
    assert codes([kind], rows) == found


def test_a_table_of_twelve_columns_takes_no_time() -> None:
    wide = [["any"] * number + ["p"] + ["any"] * (11 - number) for number in range(12)]
    began = time.process_time()
    assert codes([ENUM] * 12, wide, "first") == ["E301"]
    assert codes([ENUM] * 12, [*wide, ["any"] * 12], "first") == []
    assert time.process_time() - began < 1
