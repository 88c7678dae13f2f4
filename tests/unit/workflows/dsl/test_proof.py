"""What conditions say together is decided for every value of their fields: open acts, steps that are reached."""

import re

import pytest

from workflows.dsl.lint import lint_text

BASE = """gov: 1
item:
  {id: demo, version: 1, name: 示例, type: 公共服务, level: 县级, authority: dept.cdpf, basis: [示例],
   audience: [natural], channels: [web], mode: promise, visits: 0, fee: nothing,
   limit: {statutory: 60wd, promised: 60wd}}
outcomes: {done: {closing: 办结}, denied: {closing: 退回办结, remedies: [行政复议]}}
data:
  a: {kind: "enum(x,y,z)", level: "int(0..9)", born: date, sure: bool, fee: money, note: maybe text(9)}
let: {minor: years(a.born) < 18, small: minor and a.level < 3}
form: {basic: [a.kind, a.level, a.born, a.sure, a.fee, a.note]}
roles: {checker: {org: dept.cdpf}}
flow:
  receipt:
  - apply: {by: applicant, form: [basic]}
  review:
@
  delivery:
  - end: {end: done}
"""


def found(steps: str) -> list[tuple[str, str]]:
    """Return code and case of every error about reaching and leaving steps."""
    text = BASE.replace("@", "\n".join(f"  {line}" for line in steps.strip().split("\n")))
    errors = lint_text(text, "item.yaml").errors
    return [(one.code, one.message) for one in errors if one.code in ("E106", "E506", "E507")]


def step(*onlys: str, when: str = "") -> str:
    acts = ", ".join(f'act{chr(97 + n)}: {{label: 好, only: "{only}"}}' for n, only in enumerate(onlys))
    return f"- one: {{by: checker, limit: 1wd, {f'when: {when}, ' if when else ''}act: {{{acts}}}}}"


@pytest.mark.parametrize(
    "onlys",
    [
        ("a.kind == x", "a.kind != x"),
        ("a.level < 5", "a.level >= 5"),
        ("a.level < 5", "a.level > 3"),
        ("years(a.born) < 18", "not minor"),
        ("minor", "years(a.born) >= 18 and a.sure", "not a.sure"),
        ("small", "not minor", "a.level >= 3"),
        ("a.fee <= 100", "a.fee > 100"),
        ("a.born < '2000-01-01'", "a.born >= '2000-01-01'"),
        ("has(a.note)", "not has(a.note)"),
        ("default(a.note, '') == 'p'", "default(a.note, '') != 'p'"),
        ("a.born < today", "a.born >= today"),
        ("any(a.sure, minor)", "all(not a.sure, not minor)"),
        ("a.kind in [x, y]", "a.kind == z"),
    ],
)
def test_acts_that_leave_no_value_out_keep_a_step_open(onlys: tuple[str, ...]) -> None:
    assert found(step(*onlys)) == []


@pytest.mark.parametrize(
    ("onlys", "case"),
    [
        (("a.kind == x", "a.kind == y"), "a.kind is z"),
        (("a.level < 5", "a.level > 5"), "a.level is 5"),
        (("years(a.born) < 18", "years(a.born) > 18"), "years(a.born) is 18"),
        (("small", "not minor"), "a.level is 3"),
        (("a.fee <= 100", "a.fee > 101"), "a.fee is 101"),
        (("a.born < '2000-01-01'", "a.born > '2000-01-01'"), "a.born is 2000-01-01"),
        (("a.sure", "minor"), "a.sure is false"),
    ],
)
def test_the_values_that_are_left_out_are_named(onlys: tuple[str, ...], case: str) -> None:
    ((code, message),) = found(step(*onlys))
    assert code == "E506"
    assert case in message


def test_what_holds_where_the_step_is_entered_counts() -> None:
    assert found(step("a.kind == x", "a.kind == y", when="a.kind != z")) == []
    assert [code for code, _ in found(step("a.kind == x", "a.kind != x", when="a.kind == y"))] == ["E507"]


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("a.kind == x and a.kind == y", "never"),
        ("a.level > 5 and small", "never"),
        ("minor or years(a.born) >= 18", "always"),
        ("a.level < 5 or a.level > 3", "always"),
    ],
)
def test_a_condition_that_is_always_the_same_is_said_so(condition: str, word: str) -> None:
    messages = [
        message for code, message in found(step("a.kind == x", "a.kind != x", when=condition)) if code == "E106"
    ]
    assert [re.search(r"this is (\w+) true", message)[1] for message in messages] == [word]  # type: ignore[index]


def test_behind_a_step_whose_acts_all_end_or_return_nothing_comes() -> None:
    stop = "- one: {by: checker, limit: 1wd, act: {no_: {label: 不, end: denied}}}\n"
    assert [code for code, _ in found(stop + "- two: {by: checker, limit: 1wd, act: {ok: {label: 好}}}")] == ["E507"]
