"""What is read is written on every path before, by one source, and never by two branches at once."""

import re

import pytest

from workflows.dsl.lint import lint_text

BASE = """gov: 1
item:
  {id: demo, version: 1, name: 示例, type: 公共服务, level: 县级, authority: dept.cdpf, basis: [示例],
   audience: [natural], channels: [web], mode: promise,
   limit: {statutory: 60wd, promised: 60wd}, visits: 0, fee: nothing}
outcomes:
  done: {closing: 办结}
data:
  a: {name: text(40), kind: "enum(x,y)"}
  w: {one: text(40), two: text(40), sure: bool}
  maybe m: {note: text(40)}
prefill:
  account: {gives: [a.name]}
form:
  basic: [a.kind]
roles:
  checker: {org: dept.cdpf}
flow:
  receipt:
  - apply: {by: applicant, form: [basic]}
  review:
@
  delivery:
  - end: {end: done}
"""
FILL = "{by: checker, limit: 1wd, fill: [%s], show: [a.name, a.kind]}"


def errors(steps: str) -> list[tuple[str, str]]:
    """Return code and field of every error of the data flow for steps of the review."""
    text = BASE.replace("@", "\n".join(f"  {line}" for line in steps.strip("\n").split("\n")))
    found = []
    for finding in lint_text(text, "item.yaml").errors:
        if finding.code not in ("E201", "E206"):
            name = re.search(r"`([a-z]+\.[a-z]+)`", finding.message)
            found.append((finding.code, name.group(1) if name else finding.message))
    return found


def fill(*paths: str) -> str:
    return FILL % ", ".join(paths)


def test_a_step_reads_what_the_one_before_wrote() -> None:
    assert (
        errors(f"- one: {fill('w.sure')}\n- two: {{by: checker, limit: 1wd, when: w.sure, act: {{ok: {{label: 好}}}}}}")
        == []
    )


def test_a_step_cannot_read_what_a_later_one_writes() -> None:
    steps = f"- two: {{by: checker, limit: 1wd, when: w.sure, act: {{ok: {{label: 好}}}}}}\n- one: {fill('w.sure')}"
    assert errors(steps) == [("E202", "w.sure")]


def test_branches_do_not_see_each_other() -> None:
    steps = f"""
- both:
    all:
    - one: {fill("w.sure")}
    - two: {{by: checker, limit: 1wd, when: w.sure, act: {{ok: {{label: 好}}}}}}
"""
    assert errors(steps) == [("E202", "w.sure")]


def test_two_branches_never_write_one_field() -> None:
    steps = f"""
- both:
    all:
    - one: {fill("w.one", "w.sure")}
    - two: {fill("w.one", "w.two")}
"""
    assert ("E205", "w.one") in errors(steps)


def test_behind_a_block_everything_is_known() -> None:
    steps = f"""
- both:
    all:
    - one: {fill("w.sure")}
    - two: {fill("w.two")}
- three: {{by: checker, limit: 1wd, when: w.sure and w.two == 'x', act: {{ok: {{label: 好}}}}}}
"""
    assert errors(steps) == []


def test_two_sources_are_one_too_many() -> None:
    assert ("E204", "w.one") in errors(f"- one: {fill('w.one')}\n- two: {fill('w.one')}")
    assert ("E204", "a.kind") in errors(f"- one: {fill('a.kind')}")


def test_alternatives_may_write_one_field() -> None:
    steps = f"""
- way:
    if: a.kind == x
    then:
    - one: {fill("w.one")}
    else:
    - two: {fill("w.one")}
- three: {{by: checker, limit: 1wd, when: w.one == 'x', act: {{ok: {{label: 好}}}}}}
"""
    assert errors(steps) == []


def test_what_one_alternative_writes_is_read_only_there() -> None:
    steps = f"""
- way:
    if: a.kind == x
    then:
    - one: {fill("w.one")}
- three: {{by: checker, limit: 1wd, when: w.one == 'x', act: {{ok: {{label: 好}}}}}}
"""
    assert errors(steps) == [("E207", "w.one"), ("E203", "w.one")]


def test_the_same_condition_makes_it_certain() -> None:
    steps = """
- one: {by: checker, limit: 1wd, when: a.kind == x, fill: [m.note]}
- two: {by: checker, limit: 1wd, when: a.kind == x and m.note == 'x', act: {ok: {label: 好}}}
- three: {by: checker, limit: 1wd, when: x == a.kind, act: {ok: {label: 好, only: m.note == 'x'}, nok: {label: 不}}}
"""
    assert errors(steps) == []


@pytest.mark.parametrize(
    "guard", ["has(m.note) and m.note == 'x'", "has(m) and m.note == 'x'", "default(m.note, '') == 'x'"]
)
def test_has_and_default_guard_a_reading(guard: str) -> None:
    steps = f"""
- one: {{by: checker, limit: 1wd, when: a.kind == x, fill: [m.note]}}
- two: {{by: checker, limit: 1wd, when: "{guard}", act: {{ok: {{label: 好}}}}}}
"""
    assert errors(steps) == []


def test_the_other_side_of_or_is_no_guard() -> None:
    steps = """
- one: {by: checker, limit: 1wd, when: a.kind == x, fill: [m.note]}
- two: {by: checker, limit: 1wd, when: has(m.note) or m.note == 'x', act: {ok: {label: 好}}}
"""
    assert errors(steps) == [("E203", "m.note")]


def test_a_negated_question_guards_the_other_side_of_or() -> None:
    steps = """
- one: {by: checker, limit: 1wd, when: a.kind == x, fill: [m.note]}
- two: {by: checker, limit: 1wd, when: not has(m.note) or m.note == 'x', act: {ok: {label: 好}}}
"""
    assert errors(steps) == []


def test_what_an_act_fills_is_certain_where_the_act_is() -> None:
    steps = """
- one: {by: checker, limit: 1wd, act: {ok: {label: 好, fill: [m.note]}, nok: {label: 不}}}
- two: {by: checker, limit: 1wd, when: one.act == ok and m.note == 'x', act: {ok: {label: 好}}}
- three: {by: checker, limit: 1wd, when: m.note == 'x', act: {ok: {label: 好}}}
"""
    assert errors(steps) == [("E203", "m.note")]


def test_what_every_act_fills_is_certain() -> None:
    steps = """
- one: {by: checker, limit: 1wd, act: {ok: {label: 好, fill: [w.one]}, nok: {label: 不, fill: [w.one]}}}
- two: {by: checker, limit: 1wd, when: w.one == 'x', act: {ok: {label: 好}}}
"""
    assert errors(steps) == []


def test_acts_are_readable_only_afterwards() -> None:
    steps = """
- two: {by: checker, limit: 1wd, when: one.act == ok, act: {ok: {label: 好}}}
- one: {by: checker, limit: 1wd, act: {ok: {label: 好}, nok: {label: 不}}}
"""
    assert errors(steps) == [("E202", "one.act")]


def test_a_decided_field_needs_its_inputs() -> None:
    steps = "- one: {decide: {w.sure: \"w.two == 'x'\"}}\n- two: " + fill("w.two")
    assert errors(steps) == [("E202", "w.two")]
