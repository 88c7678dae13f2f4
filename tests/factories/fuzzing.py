"""Try any text as an expression, under a hook that notices whatever of Python it would reach."""

import sys
from datetime import date

from tests.factories.scopes import a_scope
from workflows.domain.definition import Location
from workflows.domain.expressions import AbsentValue, Expression, evaluate
from workflows.domain.trees import is_known, walk_tree
from workflows.dsl.expressions import MOST_NODES, check_expression
from workflows.dsl.source import Scalar

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
_REACHES = frozenset({"exec", "import", "open", "os.system", "subprocess.Popen", "socket.connect", "ctypes.dlopen"})
_reached: list[str] = []
_watch = {"is_on": False, "is_hooked": False}


def _hear(event: str, arguments: object) -> None:
    if _watch["is_on"] and event in _REACHES:
        _reached.append(event)


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
