"""Expressions evaluate as the language page says: total, three-valued, on values only."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.domain.expressions import AbsentValue, Expression, Tree, compile_tree, evaluate, evaluate_lets, holds

TODAY = date(2026, 3, 2)
BIRTH = ("field", "applicant.birth")
KIND = ("field", "claim.kind")


def expression(tree: Tree) -> Expression:
    return Expression("…", tree, frozenset())


def value(tree: Tree, values: Mapping[str, object] | None = None, lets: Mapping[str, object] | None = None) -> object:
    return evaluate(expression(tree), values or {}, today=TODAY, lets=lets or {})


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(2008, 3, 2), 18),  # on the birthday itself
        (date(2008, 3, 3), 17),
        (date(2008, 2, 29), 18),
        (date(2026, 3, 2), 0),
        (date(2027, 3, 2), -1),
    ],
)
def test_years_are_full_years(born: date, age: int) -> None:
    assert value(("call", "years", BIRTH), {"applicant.birth": born}) == age


def test_who_is_born_on_a_leap_day_grows_older_on_the_last_of_february() -> None:
    # 民法典 art. 202: no corresponding day, so the last day of the month
    leap = {"applicant.birth": date(2008, 2, 29)}
    on_last = evaluate(expression(("call", "years", BIRTH)), leap, today=date(2026, 2, 28))
    before = evaluate(expression(("call", "years", BIRTH)), leap, today=date(2026, 2, 27))
    assert (before, on_last) == (17, 18)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (("call", "days", ("date", "2026-02-28")), 2),
        (("call", "days", ("date", "2026-02-28"), ("date", "2026-03-03")), 3),
        (("call", "months", ("date", "2025-12-31"), ("date", "2026-02-28")), 2),
        (("call", "year", ("call", "today")), 2026),
        (("call", "len", ("const", "残疾人证")), 4),
        (("call", "sum", ("const", 2), ("const", 3)), 5),
        (("call", "min", ("const", 2), ("const", 3)), 2),
        (("call", "max", ("const", 2), ("const", 3)), 3),
        (("call", "abs", ("const", -3)), 3),
        (("call", "any", ("const", False), ("const", True)), True),
        (("call", "all", ("const", False), ("const", True)), False),
        (("call", "ratio", ("const", 5), ("const", 2), ("const", "half_up")), 3),
        (("call", "ratio", ("const", 5), ("const", 2), ("const", "half_even")), 2),
        (("call", "ratio", ("const", 5), ("const", 2), ("const", "down")), 2),
        (("call", "ratio", ("const", 5), ("const", 2), ("const", "up")), 3),
        (("call", "round", ("decimal", "2.345"), ("const", 2), ("const", "half_up")), Decimal("2.35")),
        (("arith", "+", ("const", 2), ("arith", "*", ("const", 3), ("const", 4))), 14),
        (("arith", "-", ("const", 2), ("const", 5)), -3),
        (("not", ("const", True)), False),
        (("within", ("const", "470101"), ("const", "470000")), True),
        (("within", ("const", "440101"), ("const", "470000")), False),
    ],
)
def test_functions_and_signs(tree: Tree, expected: object) -> None:
    assert value(tree) == expected


def test_an_absent_field_is_refused_by_name() -> None:
    with pytest.raises(AbsentValue) as refused:
        value(BIRTH)
    assert refused.value.path == "applicant.birth"


def test_has_asks_and_default_reads() -> None:
    name = "guardian.name"
    assert value(("has", name)) is False
    assert value(("has", name), {name: "张三"}) is True
    assert value(("has", name, "guardian.id_no"), {name: "张三"}) is False
    assert value(("default", name, ("const", ""))) == ""
    assert value(("default", name, ("const", "")), {name: "张三"}) == "张三"


TRUE, FALSE, ABSENT = ("const", True), ("const", False), ("field", "claim.homebound")


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (("or", TRUE, ABSENT), True),
        (("or", ABSENT, TRUE), True),
        (("and", FALSE, ABSENT), False),
        (("and", ABSENT, FALSE), False),
        (("or", FALSE, FALSE), False),
        (("and", TRUE, TRUE), True),
    ],
)
def test_the_side_that_decides_decides(tree: Tree, expected: bool) -> None:
    assert value(tree) is expected


@pytest.mark.parametrize("tree", [("or", FALSE, ABSENT), ("and", ABSENT, TRUE), ("not", ABSENT)])
def test_what_nothing_decides_is_absent(tree: Tree) -> None:
    with pytest.raises(AbsentValue):
        value(tree)
    assert holds(expression(tree), {}, today=TODAY) is False


def test_no_condition_holds() -> None:
    assert holds(None, {}, today=TODAY) is True


def test_membership() -> None:
    tree = ("in", KIND, (("const", "intellect"), ("const", "mental")))
    assert value(tree, {"claim.kind": "mental"}) is True
    assert value(tree, {"claim.kind": "vision"}) is False
    many = ("in-field", ("const", "b"), ("field", "site.kinds"))
    assert value(many, {"site.kinds": ("a", "b")}) is True


def test_lets_are_computed_in_order_and_what_is_open_is_left_out() -> None:
    lets = {
        "minor": expression(("cmp", "<", ("call", "years", BIRTH), ("const", 18))),
        "guarded": expression(("or", ("let", "minor"), ("in", KIND, (("const", "mental"),)))),
    }
    assert evaluate_lets(lets, {"applicant.birth": date(2015, 1, 1)}, today=TODAY) == {"minor": True, "guarded": True}
    assert evaluate_lets(lets, {"claim.kind": "mental"}, today=TODAY) == {"guarded": True}
    assert evaluate_lets(lets, {}, today=TODAY) == {}


def test_a_value_of_another_type_is_absent_and_nothing_else_is_raised() -> None:
    tree = ("cmp", "<", ("field", "a.b"), ("const", 3))
    with pytest.raises(AbsentValue):
        value(tree, {"a.b": "text"})


def test_lists_of_json_are_trees_too() -> None:
    assert value(["cmp", "==", ["field", "a.b"], ["const", 3]], {"a.b": 3}) is True


def test_an_unknown_form_is_refused_when_compiled() -> None:
    with pytest.raises(ValueError, match="unknown form"):
        compile_tree(("eval", "1"))


def test_the_closure_is_made_once() -> None:
    one = expression(BIRTH)
    assert one.compiled() is one.compiled()


LEAVES = st.sampled_from(
    [TRUE, FALSE, ABSENT, ("field", "x.y"), ("const", 3), ("const", "a"), ("call", "today"), BIRTH]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        st.tuples(st.just("not"), inner),
        st.tuples(st.just("cmp"), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.tuples(st.just("arith"), st.sampled_from(["+", "-", "*"]), inner, inner),
        st.tuples(st.just("call"), st.sampled_from(["years", "len", "abs", "year"]), inner),
    ),
    max_leaves=12,
)


@given(TREES, st.dictionaries(st.sampled_from(["x.y", "applicant.birth"]), st.sampled_from([1, "a", True, TODAY])))
def test_evaluation_is_total(tree: Tree, values: dict[str, object]) -> None:
    try:
        value(tree, values)
    except AbsentValue:
        return
