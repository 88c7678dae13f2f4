"""The checker gives every expression a type, a tree and the fields that it reads, or a fault at its column."""

import pytest

from tests.factories.scopes import a_scope
from workflows.domain.definition import Location
from workflows.domain.expressions import Tree
from workflows.dsl.expressions import check_expression
from workflows.dsl.scope import Checked, Scope
from workflows.dsl.source import Scalar

AT = Location("t", 1, 1)


def check(source: str) -> tuple[Checked, Scope]:
    scope = a_scope()
    checked = check_expression(Scalar(source, source, is_plain=True, at=AT), scope)
    scope.blame.settle(scope.findings)
    return checked, scope


@pytest.mark.parametrize(
    ("source", "kind", "tree"),
    [
        ("a.level == 3", "bool", ("cmp", "==", ("field", "a.level"), ("const", 3))),
        ("3 == a.level", "bool", ("cmp", "==", ("field", "a.level"), ("const", 3))),
        ("3 < a.level", "bool", ("cmp", ">", ("field", "a.level"), ("const", 3))),
        ("a.kind == x", "bool", ("cmp", "==", ("field", "a.kind"), ("const", "x"))),
        ("x == a.kind", "bool", ("cmp", "==", ("field", "a.kind"), ("const", "x"))),
        ("a.kind not in [x, y]", "bool", ("not", ("in", ("field", "a.kind"), (("const", "x"), ("const", "y"))))),
        ("p in a.tags", "bool", ("in-field", ("const", "p"), ("field", "a.tags"))),
        ("a.home in province", "bool", ("within", ("field", "a.home"), ("const", "470000"))),
        ("a.born < '2026-01-31'", "bool", ("cmp", "<", ("field", "a.born"), ("date", "2026-01-31"))),
        ("0 < a.level < 3", "bool", ("and", ("cmp", ">", ("field", "a.level"), ("const", 0)),
                                     ("cmp", "<", ("field", "a.level"), ("const", 3)))),
        ("young and a.sure", "bool", ("and", ("let", "young"), ("field", "a.sure"))),
        ("has(b)", "bool", ("has", "b.name")),
        ("has(b.note)", "bool", ("has", "b.note")),
        ("default(b.name, '')", "text", ("default", "b.name", ("const", ""))),
        ("a.fee * 2", "money", ("arith", "*", ("field", "a.fee"), ("const", 2))),
        ("ratio(a.fee, 2, half_up)", "int", ("call", "ratio", ("field", "a.fee"), ("const", 2), ("const", "half_up"))),
        ("a.size + 0.5", "decimal", ("arith", "+", ("field", "a.size"), ("decimal", "0.5"))),
        ("today", "date", ("call", "today")),
        ("-3", "int", ("const", -3)),
        ("true", "bool", ("const", True)),
    ],
)  # fmt: skip
def test_a_good_expression_has_type_and_tree(source: str, kind: str, tree: Tree) -> None:
    checked, scope = check(source)
    assert [str(finding) for finding in scope.findings.sorted()] == []
    assert checked.static.kind == kind
    assert checked.expression.tree == tree


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("a.level == zero", "E102", 12),
        ("a.levle == 1", "E102", 1),
        ("a.level == 'x'", "E103", 12),
        ("a.kind < x", "E103", 1),
        ("a.kind == w", "E104", 11),
        ("a.kind in [x, w]", "E104", 15),
        ("a.level == 9", "E106", 12),
        ("a.level >= 0", "E106", 12),
        ("a.born == '2026-02-30'", "E106", 11),
        ("years(a.level) < 3", "E103", 7),
        ("year(a.born", "E101", 5),
        ("yeers(a.born) < 3", "E105", 1),
        ("years() < 3", "E105", 1),
        ("has(a.name)", "E107", 5),
        ("default(a.name, '')", "E107", 9),
        ("ratio(a.fee, 0, half_up)", "E106", 14),
        ("ratio(a.fee, 2, halfup)", "E105", 17),
        ("a.fee * a.fee", "E103", 1),
        ("a.name + 1", "E103", 1),
        ("a", "E103", 1),
        ("b.name.first", "E101", 1),
        ("a.sure && young", "E101", 8),
        ("a.level / 2", "E101", 9),
        ("a.level = 2", "E101", 9),
        ("lambda: 1", "E101", 7),
        ("1 if a.sure else 2", "E101", 1),
        ("[x for x in a.tags]", "E101", 1),
        ("__import__('os')", "E105", 1),
        ("a.name.__class__", "E101", 1),
        ("f'{a.name}'", "E101", 1),
        ("a.name == 'x\\n'", "E101", 13),
        ("a.sure is true", "E101", 1),
        ("None", "E101", 1),
        ("5wd", "E101", 1),
        ("а.sure", "E020", 1),
        ("a.sure" + " and a.sure" * 80, "E101", 1),
        ("not " * 120 + "a.sure", "E101", 1),
        ("", "E101", 1),
    ],
)
def test_a_bad_expression_is_reported_at_its_column(source: str, code: str, column: int) -> None:
    _, scope = check(source)
    assert (code, column) in [(finding.code, finding.at.column) for finding in scope.findings.sorted()]


def test_what_is_certain_inside_an_expression_is_known() -> None:
    checked, _ = check("has(b.note) and b.note == 'x'")
    reading = next(reading for reading in checked.readings if reading.path == "b.note")
    assert ("has", "b.note") in reading.facts


def test_let_reads_are_kept_apart_from_fields() -> None:
    checked, _ = check("young or a.sure")
    assert checked.expression.lets == {"young"}
    assert checked.expression.reads == {"a.sure"}
