"""A result explains itself by the claims that decided it, and whoever makes the suggested change gets the other one."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_portal.kernel.types import parse_type
from tests.factories.cases import SAMPLE, card_item
from tests.factories.expressions import claim
from workflows.domain.definition import Field, Location
from workflows.domain.explaining import Change, World, explain
from workflows.domain.expressions import Expression, Tree

TODAY = date(2026, 3, 2)
KINDS = {
    "a.n": "int(-9..40)",
    "b.n": "decimal(6,3)",
    "a.sure": "bool",
    "a.born": "date",
    "a.kind": "enum(x,y,z)",
}
FIELDS = {path: Field(path, parse_type(kind), is_maybe=True, at=Location("t", 1, 1)) for path, kind in KINDS.items()}
MINOR = ("cmp", "<", ("call", "years", ("field", "a.born")), ("const", 18))
LETS = {"minor": Expression("…", MINOR, frozenset())}


def world(values: Mapping[str, object]) -> World:
    return World(FIELDS, LETS, values, TODAY)


def expression(tree: Tree) -> Expression:
    return Expression("…", tree, frozenset())


KIND_CLAIM = ("in", ("field", "a.kind"), (("const", "x"), ("const", "y")))
VALUES = {
    "a.n": st.integers(-9, 40),
    "b.n": st.decimals(-20, 20, places=3),
    "a.sure": st.booleans(),
    "a.born": st.dates(date(1950, 1, 1), date(2026, 3, 1)),
    "a.kind": st.sampled_from(["x", "y", "z"]),
}
CLAIMS = st.randoms(use_true_random=False).map(lambda chance: claim(chance, 2))
TREES = st.one_of(CLAIMS, st.tuples(st.sampled_from(["and", "or"]), CLAIMS, st.just(KIND_CLAIM)))


@given(TREES, st.fixed_dictionaries({}, optional=VALUES))
def test_whoever_makes_a_suggested_change_gets_the_other_result(tree: Tree, values: dict[str, object]) -> None:
    here = world(values)
    found = explain(expression(tree), here)
    assert found.holds is here.verdict(tree)
    for change in found.changes:
        assert here.after(change).verdict(tree) is (found.holds is not True)
        assert change != Change()


@given(TREES, st.fixed_dictionaries({}, optional=VALUES))
def test_the_claims_that_decided_decide_alone(tree: Tree, values: dict[str, object]) -> None:
    here = world(values)
    found = explain(expression(tree), here, with_changes=False)
    assert found.reasons
    if found.holds is not None:
        assert all(reason.holds is not None for reason in found.reasons)


AGE = ("call", "years", ("field", "a.born"))


@pytest.mark.parametrize(
    ("tree", "values", "change"),
    [
        (("cmp", ">", ("field", "a.n"), ("const", 10)), {"a.n": 3}, Change({"a.n": 11})),
        (("cmp", "==", ("arith", "*", ("field", "a.n"), ("const", 3)), ("const", 12)), {"a.n": 9}, Change({"a.n": 4})),
        (("field", "a.sure"), {"a.sure": False}, Change({"a.sure": True})),
        (("not", ("field", "a.sure")), {"a.sure": True}, Change({"a.sure": False})),
        (KIND_CLAIM, {"a.kind": "z"}, Change({"a.kind": "x"})),
        (("has", "a.kind"), {}, Change({"a.kind": "x"})),
        (("let", "minor"), {"a.born": date(2008, 3, 2)}, Change({"a.born": date(2008, 3, 3)})),
        (
            ("and", ("field", "a.sure"), ("cmp", "<=", ("field", "b.n"), ("decimal", "2.5"))),
            {"a.sure": False, "b.n": 4},
            Change({"a.sure": True, "b.n": 2.5}),
        ),
    ],
)
def test_the_nearest_change_is_offered_first(tree: Tree, values: dict[str, object], change: Change) -> None:
    assert explain(expression(tree), world(values)).changes[0] == change


def test_what_comes_with_age_is_told_by_its_day() -> None:
    sixty = expression(("cmp", ">=", AGE, ("const", 60)))
    found = explain(sixty, world({"a.born": date(1968, 2, 29)}))
    assert found.changes == (Change(on=date(2028, 2, 29)), Change({"a.born": date(1966, 3, 2)}))


def test_only_what_decided_is_a_reason() -> None:
    item = card_item()
    here = World.of(item, {**SAMPLE, "claim.kind": "mental"}, today=TODAY)
    found = explain(item.lets["guarded"], here)
    assert [reason.claim[0] for reason in found.reasons] == ["in"]
    assert found.reasons[0].reads == (("claim.kind", "mental"),)
    neither = explain(item.lets["guarded"], World.of(item, SAMPLE, today=TODAY))
    assert [reason.reads[0][0] for reason in neither.reasons] == ["applicant.birth", "claim.kind"]
    assert {change_of: value for one in neither.changes for change_of, value in one.values.items()} == {
        "applicant.birth": date(2008, 3, 3),
        "claim.kind": "intellect",
    }


def test_what_nobody_can_change_is_not_suggested() -> None:
    item = card_item()
    here = World(item.fields, item.lets, SAMPLE, TODAY, fixed=frozenset({"applicant.birth"}))
    assert [dict(one.values) for one in explain(item.lets["guarded"], here).changes] == [{"claim.kind": "intellect"}]
