"""Check calls of the functions of the language: how many arguments, of which types, what comes out."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from workflows.domain.definition import Location
from workflows.domain.expressions import Tree
from workflows.domain.functions import ROUNDINGS
from workflows.dsl.findings import did_you_mean
from workflows.dsl.scope import Scope
from workflows.dsl.statics import BOOL, DATE, DECIMAL, INT, NUMBERS, UNKNOWN, Static, are_comparable

MOST_ARGUMENTS = 12
_TEXTS_AND_LISTS = frozenset({"text", "list", "rows", "address"})
Typed = tuple[Tree, Static]


@dataclass(frozen=True, slots=True)
class Signature:
    """Hold the arguments of one function: kinds in order, how many are needed, whether the last may repeat."""

    kinds: tuple[frozenset[str], ...]
    needed: int
    result: Static | None
    repeats: bool = False


_DATE = frozenset({"date"})
_BOOL = frozenset({"bool"})
_MODE = frozenset({"mode"})
_CONSTANT = frozenset({"constant"})

SIGNATURES: Mapping[str, Signature] = {
    "today": Signature((), 0, DATE),
    "years": Signature((_DATE, _DATE), 1, Static("int", low=-200, high=200)),
    "months": Signature((_DATE, _DATE), 1, INT),
    "days": Signature((_DATE, _DATE), 1, INT),
    "year": Signature((_DATE,), 1, INT),
    "len": Signature((_TEXTS_AND_LISTS,), 1, INT),
    "sum": Signature((NUMBERS,), 1, None, repeats=True),
    "min": Signature((NUMBERS | _DATE,), 2, None, repeats=True),
    "max": Signature((NUMBERS | _DATE,), 2, None, repeats=True),
    "abs": Signature((NUMBERS,), 1, None),
    "any": Signature((_BOOL,), 1, BOOL, repeats=True),
    "all": Signature((_BOOL,), 1, BOOL, repeats=True),
    "ratio": Signature((NUMBERS, _CONSTANT, _MODE), 3, INT),
    "round": Signature((NUMBERS, _CONSTANT, _MODE), 3, DECIMAL),
}

CALL_NAMES = (*SIGNATURES, "has", "default")
"""Every function that an expression may call."""


class Walker(Protocol):
    """Describe what a call needs from the checker of the expression around it."""

    scope: Scope
    guarded: set[str]

    def fault(self, code: str, offset: int, message: str, remedy: str) -> Typed:
        """Report one fault."""
        ...

    def offset(self, node: ast.AST) -> int:
        """Return the column of a node."""
        ...

    def place(self, node: ast.AST) -> Location:
        """Return the position of a node in the file."""
        ...

    def visit(self, node: ast.expr, facts: frozenset[Tree]) -> Typed:
        """Check one argument."""
        ...

    def operand(self, node: ast.expr, other: Static, facts: frozenset[Tree]) -> Typed:
        """Check one argument whose bare names are read by another type."""
        ...


def check_call(node: ast.Call, name: str, walker: Walker, *, facts: frozenset[Tree]) -> Typed:
    """Return tree and type of a call of a known function."""
    if name == "has":
        return _has(node, walker)
    if name == "default":
        return _default(node, walker, facts)
    signature = SIGNATURES[name]
    most = MOST_ARGUMENTS if signature.repeats else len(signature.kinds)
    if not signature.needed <= len(node.args) <= most:
        needed = str(signature.needed) if signature.needed == most else f"{signature.needed} to {most}"
        return walker.fault(
            "E105", walker.offset(node), f"`{name}` takes {needed} values, not {len(node.args)}", f"give {needed}"
        )
    trees: list[object] = []
    statics: list[Static] = []
    for index, argument in enumerate(node.args):
        kinds = signature.kinds[min(index, len(signature.kinds) - 1)]
        tree, static = _argument(argument, kinds, name, walker, facts=facts)
        if static is UNKNOWN:
            return tree, UNKNOWN
        trees.append(tree)
        statics.append(static)
    if name == "today":
        return ("call", "today"), DATE
    if name == "ratio" and trees[1] == ("const", 0):
        return walker.fault("E106", walker.offset(node.args[1]), "nothing is divided by 0", "use another number")
    if name == "round" and not 0 <= _number(trees[1]) <= 6:
        return walker.fault(
            "E106", walker.offset(node.args[1]), "round to 0 to 6 decimal places", "use a number from 0 to 6"
        )
    return _joined(node, ("call", name, *trees), signature, statics, walker=walker)


def _number(tree: object) -> int:
    return tree[1] if isinstance(tree, tuple) and isinstance(tree[1], int) else -1


def _joined(node: ast.Call, tree: Tree, signature: Signature, statics: list[Static], *, walker: Walker) -> Typed:
    if signature.result is not None:
        return tree, signature.result
    first = statics[0]
    for argument, static in zip(node.args, statics, strict=True):
        if not are_comparable(first, static):
            return walker.fault(
                "E103",
                walker.offset(argument),
                f"this is of type {static}, the first one of type {first}",
                "give values of one type",
            )
    kinds = {static.kind for static in statics}
    kind = "money" if "money" in kinds else "decimal" if "decimal" in kinds else first.kind
    return tree, Static(kind)


def _argument(node: ast.expr, kinds: frozenset[str], name: str, walker: Walker, *, facts: frozenset[Tree]) -> Typed:
    if kinds == _MODE:
        mode = node.id if isinstance(node, ast.Name) else ""
        if mode in ROUNDINGS:
            return ("const", mode), Static("mode")
        return walker.fault(
            "E105", walker.offset(node), f"`{name}` needs a way to round here", did_you_mean(mode, ROUNDINGS)
        )
    tree, static = walker.operand(node, Static(next(iter(kinds))), facts)
    if static is UNKNOWN:
        return tree, UNKNOWN
    if kinds == _CONSTANT:
        if static.kind == "int" and tree[0] == "const":
            return tree, static
        return walker.fault("E105", walker.offset(node), f"`{name}` needs a plain number here", "write digits")
    if static.kind not in kinds:
        wanted = " or ".join(sorted(kinds))
        return walker.fault(
            "E103",
            walker.offset(node),
            f"`{name}` needs {wanted}, but this is {static}",
            f"give a value of type {wanted}",
        )
    return tree, static


def _has(node: ast.Call, walker: Walker) -> Typed:
    if len(node.args) != 1:
        return walker.fault(
            "E105", walker.offset(node), f"`has` takes 1 name, not {len(node.args)}", "ask for one field or group"
        )
    argument = node.args[0]
    scope = walker.scope
    if isinstance(argument, ast.Name) and argument.id in scope.groups:
        group = argument.id
        scope.blame.use("group", group)
        if group not in scope.maybe_groups:
            return walker.fault(
                "E107",
                walker.offset(argument),
                f"the group `{group}` is never absent",
                f"declare it as `maybe {group}`, or take out the question",
            )
        paths = tuple(f.path for f in scope.group_fields(group))
        walker.guarded.update(paths)
        surely = tuple(path for path in paths if path not in scope.own_maybe)
        return ("has", *(surely or paths)), BOOL
    path = _maybe_path(argument, walker, "has")
    return (("has", path), BOOL) if path else (("const", True), UNKNOWN)


def _default(node: ast.Call, walker: Walker, facts: frozenset[Tree]) -> Typed:
    if len(node.args) != 2:
        return walker.fault(
            "E105",
            walker.offset(node),
            f"`default` takes a field and a value, not {len(node.args)} values",
            "write default(group.name, '')",
        )
    path = _maybe_path(node.args[0], walker, "default")
    static = walker.scope.static_of(path) if path else None
    if path is None or static is None:
        return ("const", True), UNKNOWN
    tree, fallback = walker.operand(node.args[1], static, facts)
    if fallback is UNKNOWN:
        return tree, UNKNOWN
    if not are_comparable(static, fallback):
        return walker.fault(
            "E103",
            walker.offset(node.args[1]),
            f"`{path}` is {static}, but this is {fallback}",
            f"give a value of type {static}",
        )
    return ("default", path, tree), static


def _maybe_path(node: ast.expr, walker: Walker, function: str) -> str | None:
    path = (
        f"{node.value.id}.{node.attr}" if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else None
    )
    scope = walker.scope
    written = path or (node.id if isinstance(node, ast.Name) else "this")
    message = f"`{function}` asks about `{written}`, but no such field is declared"
    if path is None:
        known = [*scope.fields, *scope.maybe_groups] if function == "has" else list(scope.fields)
        walker.fault("E102", walker.offset(node), message, did_you_mean(written, known))
        return None
    if path not in scope.fields and scope.static_of(path) is None:
        path = scope.find_field(path, at=walker.place(node), code="E102", message=message)
    elif path in scope.fields:
        scope.find_field(path, at=walker.place(node), code="E102", message=message)
    if path is None:
        return None
    if path in scope.fields and not scope.is_maybe(path):
        walker.fault(
            "E107",
            walker.offset(node),
            f"`{path}` is never absent, so `{function}` has no use here",
            "declare it as `maybe`, or name it alone",
        )
        return None
    walker.guarded.add(path)
    return path
