"""Try any text as an expression, under a hook that notices whatever of Python it would reach."""

import sys
from datetime import date

from workflows.domain.definition import Location
from workflows.domain.expressions import AbsentValue, Expression, evaluate
from workflows.domain.trees import is_known, walk_tree
from workflows.dsl.data import read_fields, read_lets
from workflows.dsl.directory import default_directory
from workflows.dsl.expressions import MOST_NODES, check_expression
from workflows.dsl.findings import Findings
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.source import Record, Scalar, load
from workflows.dsl.words import Place

TODAY = date(2026, 3, 2)
AT = Location("fuzz", 7, 3)
VALUES = {
    "a.name": "张三",
    "a.born": TODAY,
    "a.level": 3,
    "a.kind": "x",
    "a.sure": True,
    "a.fee": 100,
    "a.tags": ("p",),
}
_DATA = """
data:
  a: {name: text(40), born: date, level: "int(0..4)", kind: "enum(x,y,z)", sure: bool, fee: money, size: "decimal(8,2)",
      home: region, tags: "list(enum(p,q))"}
  maybe b: {name: text(40), note: maybe text(40)}
let: {young: years(a.born) < 18}
"""
_REACHES = frozenset({"exec", "import", "open", "os.system", "subprocess.Popen", "socket.connect", "ctypes.dlopen"})
_reached: list[str] = []
_watch = {"is_on": False, "is_hooked": False}


def _hear(event: str, arguments: object) -> None:
    if _watch["is_on"] and event in _REACHES:
        _reached.append(event)


def a_scope() -> Scope:
    findings = Findings()
    record = load(_DATA, file="fuzz", findings=findings)
    assert isinstance(record, Record)
    scope = Scope(default_directory(), findings)
    reader = Reader(record, Place("the file", optional=("data", "let")), at=AT, findings=findings)
    read_fields(reader, scope)
    read_lets(reader, scope)
    return scope


def try_expression(text: str) -> Expression | None:
    """Check a text and evaluate what comes of it; return the expression where the text is one.

    Raises:
        AssertionError: it reached something of Python, has a form that is not of the language, or a fault has no place.
    """
    if not _watch["is_hooked"]:
        sys.addaudithook(_hear)
        _watch["is_hooked"] = True
        for known in ("a.sure and not young", "a..b", "yeers(a.born) < 3", "a.kind == w"):
            _tried(known)
    _reached.clear()
    _watch["is_on"] = True
    try:
        return _tried(text)
    finally:
        _watch["is_on"] = False
        assert _reached == [], _reached


def _tried(text: str) -> Expression | None:
    scope = a_scope()
    checked = check_expression(Scalar(text, text, is_plain=True, at=AT), scope)
    scope.blame.settle(scope.findings)
    found = scope.findings.sorted()
    for finding in found:
        assert (finding.at.file, finding.at.line >= 1, finding.at.column >= 1) == ("fuzz", True, True)
        assert finding.message and finding.remedy
    if any(finding.code.startswith("E") for finding in found):
        return None
    assert is_known(checked.expression.tree)
    assert sum(1 for _ in walk_tree(checked.expression.tree)) <= MOST_NODES * 2
    for values in (VALUES, {}):
        try:
            evaluate(checked.expression, values, today=TODAY, lets={"young": True})
        except AbsentValue:
            continue
    return checked.expression
