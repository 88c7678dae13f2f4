"""Server and browser evaluate alike: one suite of cases for both, and whatever trees chance makes of its parts."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.browser_rules import NODE, node_agrees, plain, run, server_value, suite
from tests.factories.expressions import SIGNS, claim, number
from workflows.domain.expressions import AbsentValue, Expression, Tree
from workflows.domain.functions import FUNCTIONS
from workflows.domain.residual import Known, rules_of
from workflows.domain.trees import fields_of, is_known, literal, walk_tree

TODAY = date(2026, 3, 2)
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed; the browser's journey runs the same suite")


def any_case(seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    tree = claim(chance, 3) if seed % 2 else number(chance, 3)
    offers = {
        "a.n": ("const", chance.randrange(-9, 9)),
        "b.n": ("const", 1),
        "a.sure": ("const", chance.random() < 0.5),
    }
    offers["a.born"] = ("date", chance.choice(["2008-02-29", "2008-03-02", "2030-01-31"]))
    values = {path: one for path, one in offers.items() if chance.random() < 0.7}
    case = {"tree": tree, "values": values, "lets": {"minor": ("const", True)} if chance.random() < 0.7 else {}}
    got = server_value(case)
    return {**case, "is": None if got is None else literal(got)}


def test_the_server_comes_to_what_the_suite_says() -> None:
    wrong = [one["why"] for one in suite() if server_value(one) != plain(one["is"])]
    assert wrong == []


@needs_node
def test_the_browser_comes_to_what_the_suite_says() -> None:
    cases = suite()
    assert [one["why"] for one, agrees in zip(cases, node_agrees(cases), strict=True) if not agrees] == []


@needs_node
def test_the_browser_comes_to_what_the_server_comes_to() -> None:
    cases = [any_case(seed) for seed in range(1500)]
    assert [one for one, agrees in zip(cases, node_agrees(cases), strict=True) if not agrees] == []


def test_the_suite_tries_every_form_sign_and_function() -> None:
    trees = [part for one in suite() for part in walk_tree(one["tree"])]
    assert {tree[1] for tree in trees if tree[0] == "call"} == {*FUNCTIONS, "today"}
    assert {tree[1] for tree in trees if tree[0] == "cmp"} == set(SIGNS)
    assert {tree[1] for tree in trees if tree[0] == "arith"} == {"+", "-", "*"}
    heads = {"const", "date", "decimal", "field", "let", "has", "default", "and", "or", "not", "cmp", "in", "in-field"}
    assert {tree[0] for tree in trees} == heads | {"within", "arith", "call"}


def test_a_form_of_the_server_alone_is_known_as_such() -> None:
    assert is_known(("not", ("has", "a.n")))
    assert not is_known(("not", ("each", "a.rows")))


@given(st.integers(0, 5000), st.sets(st.sampled_from(["a.n", "a.sure", "a.born"])))
def test_rules_for_the_browser_come_to_the_same_and_name_only_what_is_typed(seed: int, typed: set[str]) -> None:
    case = any_case(seed * 2 + 1)
    values = {path: plain(one) for path, one in case["values"].items()}
    lets = {"minor": Expression("…", ("cmp", "<", ("call", "years", ("field", "a.born")), ("const", 18)), frozenset())}
    now = {name: got for name, one in lets.items() if (got := value(one.tree, values, {})) is not None}
    known = Known({path: one for path, one in values.items() if path not in typed}, now, frozenset(typed), TODAY)
    rules = rules_of({"a.x": Expression("…", case["tree"], frozenset())}, lets, known=known)
    if rules is None:
        return
    trees = [*rules.trees.values(), *(tree for _, tree in rules.lets)]
    assert all(fields_of(tree) <= typed | {""} for tree in trees)
    here = {path: one for path, one in values.items() if path in typed}
    open_lets = {name: got for name, tree in rules.lets if (got := value(tree, here, {})) is not None}
    assert value(rules.trees["a.x"], here, open_lets) == value(case["tree"], values, now)


def value(tree: Tree, values: dict[str, object], lets: dict[str, object]) -> object:
    try:
        return run(tree, values, lets, TODAY.isoformat())
    except AbsentValue:
        return None
