"""Evaluate the expressions of the language: total, typed when compiled, no code of Python is ever run.

A tree is JSON (lists and scalars), so that server and browser share it::

    ["const", 18]  ["date", "2026-01-01"]  ["decimal", "0.5"]  ["field", "applicant.birth"]  ["let", "minor"]
    ["has", "guardian.name", …]  ["default", "guardian.name", a]
    ["and", a, b]  ["or", a, b]  ["not", a]  ["cmp", "<", a, b]  ["in", a, [b, …]]  ["within", a, b]
    ["arith", "+", a, b]  ["call", "years", a, …]

Absence is three-valued: ``and`` and ``or`` are decided by the side that decides them, also when the other is absent.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gov_portal.kernel.codes.division import contains, significant
from workflows.domain.functions import FUNCTIONS

Tree = list[object] | tuple[object, ...]
Run = Callable[[Mapping[str, object], date, Mapping[str, object]], object]

NOTHING: Mapping[str, object] = MappingProxyType({})


class AbsentValue(Exception):
    """Tell that an expression read what is not there; the linter excludes it for published definitions.

    Attributes:
        path: the field or let that is absent, or the function that got a value it is not made for.
    """

    def __init__(self, path: str) -> None:
        """Remember what is absent; a path is no personal datum."""
        self.path = path
        super().__init__(path)


_UNFIT = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What a value of another type than the declared one ends in."""
_ABSENT = (AbsentValue, *_UNFIT)


@dataclass(frozen=True, slots=True)
class Expression:
    """Hold a checked expression.

    Attributes:
        source: text as written.
        tree: form that is evaluated; dates are ISO strings inside ``["date", "2026-01-01"]``.
        reads: fields that it reads outside ``has`` and ``default``.
        guarded_reads: fields that it reads only through ``has`` or ``default``.
        lets: lets that it reads.
    """

    source: str
    tree: Tree
    reads: frozenset[str]
    guarded_reads: frozenset[str] = frozenset()
    lets: frozenset[str] = frozenset()
    _run: Run | None = field(default=None, init=False, repr=False, compare=False)

    def compiled(self) -> Run:
        """Return the closure of this expression, made once."""
        run = self._run
        if run is None:
            run = compile_tree(self.tree)
            object.__setattr__(self, "_run", run)
        return run


def evaluate(
    expression: Expression,
    values: Mapping[str, object],
    *,
    today: date,
    lets: Mapping[str, object] = NOTHING,
) -> object:
    """Return the value of an expression.

    Args:
        expression: checked by the linter against the same declarations that ``values`` follow.
        values: field values by path; absent is missing or ``None``.
        today: the business day.
        lets: values of the item's ``let`` names.

    Raises:
        AbsentValue: it needs something that is absent; nothing else is ever raised.
    """
    run = expression._run or expression.compiled()
    try:
        return run(values, today, lets)
    except _UNFIT:
        raise AbsentValue(expression.source) from None


def holds(
    expression: Expression | None,
    values: Mapping[str, object],
    *,
    today: date,
    lets: Mapping[str, object] = NOTHING,
) -> bool:
    """Return whether a condition is certainly true; no condition is true, an undecided one is not."""
    if expression is None:
        return True
    run = expression._run or expression.compiled()
    try:
        return run(values, today, lets) is True
    except _ABSENT:
        return False


def compiled_value(
    tree: Tree, values: Mapping[str, object], *, today: date, lets: Mapping[str, object] = NOTHING
) -> object | None:
    """Return the value of any tree, ``None`` where it needs something that is absent."""
    try:
        return compile_tree(tree)(values, today, lets)
    except _ABSENT:
        return None


def evaluate_lets(lets: Mapping[str, Expression], values: Mapping[str, object], *, today: date) -> dict[str, object]:
    """Return the value of every ``let`` in the order of the file; what cannot be decided yet is left out."""
    known: dict[str, object] = {}
    for name, expression in lets.items():
        run = expression._run or expression.compiled()
        try:
            known[name] = run(values, today, known)
        except _ABSENT:
            continue
    return known


def _read_field(path: str) -> Run:
    def _read(values: Mapping[str, object], today: date, lets: Mapping[str, object]) -> object:
        value = values.get(path)
        if value is None:
            raise AbsentValue(path)
        return value

    return _read


def _read_let(name: str) -> Run:
    def _read(values: Mapping[str, object], today: date, lets: Mapping[str, object]) -> object:
        value = lets.get(name)
        if value is None:
            raise AbsentValue(name)
        return value

    return _read


def _constant(value: object) -> Run:
    return lambda values, today, lets: value


def _has(paths: Sequence[object]) -> Run:
    names = tuple(str(path) for path in paths)
    if len(names) == 1:
        only = names[0]
        return lambda values, today, lets: values.get(only) is not None
    return lambda values, today, lets: all(values.get(name) is not None for name in names)


def _default(path: str, fallback: Run) -> Run:
    def _read(values: Mapping[str, object], today: date, lets: Mapping[str, object]) -> object:
        value = values.get(path)
        return fallback(values, today, lets) if value is None else value

    return _read


def _either(left: Run, right: Run, *, decisive: bool) -> Run:
    """Return ``or`` (decisive is true) or ``and`` (decisive is false) over two runs, Kleene's way."""

    def _run(values: Mapping[str, object], today: date, lets: Mapping[str, object]) -> object:
        try:
            if left(values, today, lets) is decisive:
                return decisive
        except AbsentValue:
            if right(values, today, lets) is decisive:
                return decisive
            raise
        return right(values, today, lets) is True

    return _run


_COMPARE: Mapping[str, Callable[[Any, Any], object]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def _binary(function: Callable[[object, object], object], left: Run, right: Run, *, constant: object | None) -> Run:
    if constant is not None:
        return lambda values, today, lets: function(left(values, today, lets), constant)
    return lambda values, today, lets: function(left(values, today, lets), right(values, today, lets))


def _membership(item: Run, members: Sequence[Run], *, constants: frozenset[object] | None) -> Run:
    if constants is not None:
        return lambda values, today, lets: item(values, today, lets) in constants

    def _run(values: Mapping[str, object], today: date, lets: Mapping[str, object]) -> object:
        value = item(values, today, lets)
        return any(value == member(values, today, lets) for member in members)

    return _run


def _in_field(item: Run, collection: Run) -> Run:
    def _run(values: Mapping[str, object], today: date, lets: Mapping[str, object]) -> object:
        return item(values, today, lets) in tuple(collection(values, today, lets))  # type: ignore[arg-type]

    return _run


def _within(inner: Run, outer: Run, *, constant: object | None) -> Run:
    if isinstance(constant, str):
        digits = significant(constant)
        return lambda values, today, lets: str(inner(values, today, lets)).startswith(digits)

    def _run(values: Mapping[str, object], today: date, lets: Mapping[str, object]) -> object:
        return contains(str(outer(values, today, lets)), str(inner(values, today, lets)))

    return _run


def _call(name: str, arguments: Sequence[Run]) -> Run:
    if name == "today":
        return lambda values, today, lets: today
    function = FUNCTIONS[name]
    if len(arguments) == 1:
        only = arguments[0]
        return lambda values, today, lets: function(today, only(values, today, lets))
    return lambda values, today, lets: function(today, *(run(values, today, lets) for run in arguments))


def _literal(tree: Tree) -> object | None:
    """Return the value of a constant tree, or ``None`` where it is no constant."""
    match tree[0]:
        case "const":
            return tree[1]
        case "date":
            return date.fromisoformat(str(tree[1]))
        case "decimal":
            return Decimal(str(tree[1]))
    return None


def _tree(part: object) -> Tree:
    if isinstance(part, list | tuple):
        return part
    raise ValueError(f"not an expression tree: {part!r}")


def compile_tree(tree: Tree) -> Run:
    """Return a closure ``(values, today, lets) -> value`` for a tree that the linter has checked.

    Raises:
        ValueError: the tree has a form that is not of this language.
    """
    value = _literal(tree)
    if value is not None:
        return _constant(value)
    match tree[0]:
        case "field":
            return _read_field(str(tree[1]))
        case "let":
            return _read_let(str(tree[1]))
        case "has":
            return _has(tree[1:])
        case "default":
            return _default(str(tree[1]), compile_tree(_tree(tree[2])))
        case "not":
            negated = compile_tree(_tree(tree[1]))
            return lambda values, today, lets: not negated(values, today, lets)
        case "call":
            return _call(str(tree[1]), [compile_tree(_tree(part)) for part in tree[2:]])
    return _compile_binary(tree)


def _compile_binary(tree: Tree) -> Run:
    match tree[0]:
        case "and" | "or":
            left, right = compile_tree(_tree(tree[1])), compile_tree(_tree(tree[2]))
            return _either(left, right, decisive=tree[0] == "or")
        case "cmp" | "arith":
            table = _COMPARE if tree[0] == "cmp" else _ARITHMETIC
            left, right = compile_tree(_tree(tree[2])), compile_tree(_tree(tree[3]))
            return _binary(table[str(tree[1])], left, right, constant=_literal(_tree(tree[3])))
        case "in":
            members = [_tree(part) for part in _tree(tree[2])]
            constants = [_literal(member) for member in members]
            known = None if any(value is None for value in constants) else frozenset(constants)
            return _membership(compile_tree(_tree(tree[1])), [compile_tree(m) for m in members], constants=known)
        case "in-field":
            return _in_field(compile_tree(_tree(tree[1])), compile_tree(_tree(tree[2])))
        case "within":
            outer = _tree(tree[2])
            return _within(compile_tree(_tree(tree[1])), compile_tree(outer), constant=_literal(outer))
    raise ValueError(f"unknown form in an expression tree: {tree[0]!r}")
