"""Parse and type-check expressions on Python's ``ast``; nothing of Python is ever evaluated."""

import ast
from collections.abc import Sequence
from datetime import date

from workflows.domain.definition import Location
from workflows.domain.expressions import Expression, Tree
from workflows.dsl.calls import CALL_NAMES, check_call
from workflows.dsl.facts import facts_of
from workflows.dsl.findings import Finding, did_you_mean, nearest
from workflows.dsl.lexical import odd_sign
from workflows.dsl.scope import Checked, Reading, Scope, unknown_expression
from workflows.dsl.source import Scalar
from workflows.dsl.statics import BOOL, DATE, DECIMAL, REGION, TEXT, TEXTS, UNKNOWN, Static, are_comparable

MOST_NODES = 200

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_SWAPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}

Typed = tuple[Tree, Static]
BROKEN: Typed = (("const", True), UNKNOWN)


def check_expression(
    scalar: Scalar, scope: Scope, *, wants: Static | None = None, facts: frozenset[Tree] = frozenset()
) -> Checked:
    """Return the checked expression; where it has faults they are reported and a stand-in is returned.

    Args:
        scalar: the source text with its position.
        scope: declared names.
        wants: type that the place asks for, ``BOOL`` for a condition.
        facts: what is certain already where the expression stands.
    """
    checker = _Checker(scalar, scope, facts)
    tree, static = checker.check()
    if wants is not None and "unknown" not in (static.kind, wants.kind) and static.kind != wants.kind:
        checker.blame_let()
        checker.fault(
            "E103",
            0,
            f"this is {_article(static)}, but {_article(wants)} is needed here",
            "write a condition" if wants.kind == "bool" else f"give {_article(wants)}",
        )
    if static is UNKNOWN:
        expression = unknown_expression(scalar.text)
    else:
        reads = frozenset(reading.path for reading in checker.readings)
        expression = Expression(
            source=scalar.text,
            tree=tree,
            reads=reads,
            guarded_reads=frozenset(checker.guarded),
            lets=frozenset(name for name, _ in checker.let_readings),
        )
    return Checked(expression, static, tuple(checker.readings), tuple(checker.let_readings), scalar.at)


def _article(static: Static) -> str:
    return {"bool": "a condition", "int": "a number", "unknown": "something"}.get(
        static.kind, f"a value of type {static}"
    )


class _Checker:
    """Walk one expression; every fault is reported at its own column."""

    def __init__(self, scalar: Scalar, scope: Scope, facts: frozenset[Tree]) -> None:
        self.scalar = scalar
        self.scope = scope
        self.facts = facts
        self.source = scalar.text.replace("\n", " ")
        self.readings: list[Reading] = []
        self.guarded: set[str] = set()
        self.let_readings: list[tuple[str, Location]] = []

    def fault(self, code: str, offset: int, message: str, remedy: str) -> Typed:
        """Report one fault at a column of the expression."""
        self.scope.report(code, self.scalar.inside(offset), message, remedy)
        return BROKEN

    def offset(self, node: ast.AST) -> int:
        """Return the column of a node in characters."""
        column: int = getattr(node, "col_offset", 0)
        return column if self.source.isascii() else len(self.source.encode()[:column].decode(errors="ignore"))

    def blame_let(self) -> None:
        """Point at the let that the whole expression is, where its type does not fit."""
        self._blame_let(ast.Name(self.source.strip()))

    def place(self, node: ast.AST) -> Location:
        """Return the position of a node in the file."""
        return self.scalar.inside(self.offset(node))

    def check(self) -> Typed:
        """Parse and check the whole expression."""
        if isinstance(self.scalar.value, bool):
            return ("const", self.scalar.value), BOOL
        odd = odd_sign(self.source)
        if odd is not None:
            return self.fault(odd.code, odd.offset, odd.message, odd.remedy)
        try:
            parsed = ast.parse(self.source.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            column = (getattr(error, "offset", 1) or 1) - 1
            reason = getattr(error, "msg", "it cannot be read")
            return self.fault(
                "E101",
                min(column, len(self.source)),
                f"this is not an expression: {reason}",
                "write names, comparisons, and/or/not, in, + - * and the functions of the language",
            )
        if sum(1 for _ in ast.walk(parsed)) > MOST_NODES:
            return self.fault("E101", 0, "this expression is too large", "give its parts names under `let`")
        return self.visit(parsed.body, self.facts)

    def visit(self, node: ast.expr, facts: frozenset[Tree]) -> Typed:
        """Return tree and type of one node, given what is certain there."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node, facts)
            case ast.Attribute():
                return self._field(node, facts)
            case ast.BoolOp():
                return self._bool(node, facts)
            case ast.UnaryOp():
                return self._unary(node, facts)
            case ast.BinOp():
                return self._arithmetic(node, facts)
            case ast.Compare():
                return self._compare(node, facts)
            case ast.Call():
                return self._call(node, facts)
        return self.fault(
            "E101",
            self.offset(node),
            f"{_form(node)} is not part of the expression language",
            "use names, comparisons, and/or/not, in, + - * and the functions of the language",
        )

    def _constant(self, node: ast.Constant) -> Typed:
        value = node.value
        if isinstance(value, bool) or value is None:
            return self.fault(
                "E101",
                self.offset(node),
                f"`{value}` is Python, not this language",
                "write true or false; for what is absent use has(…)",
            )
        if isinstance(value, int):
            if abs(value) > 10**15:
                return self.fault("E106", self.offset(node), "this number is too large", "use a smaller one")
            return ("const", value), Static("int", low=value, high=value)
        if isinstance(value, float):
            text = ast.get_source_segment(self.source.strip(), node) or str(value)
            return ("decimal", text), DECIMAL
        if isinstance(value, str):
            return ("const", value), TEXT
        return self.fault(
            "E101", self.offset(node), "this constant is not part of the language", "use a number or a text"
        )

    def _name(self, node: ast.Name, facts: frozenset[Tree]) -> Typed:
        name = node.id
        if name in ("true", "false"):
            return ("const", name == "true"), BOOL
        if name == "today":
            return ("call", "today"), DATE
        if name in self.scope.lets:
            self.scope.blame.use("let", name)
            self.let_readings.append((name, self.place(node)))
            return ("let", name), self.scope.lets[name].static
        if name in self.scope.directory.constants:
            return ("const", self.scope.directory.constants[name]), REGION
        if name in self.scope.groups:
            example = next((f.path for f in self.scope.group_fields(name)), f"{name}.…")
            return self.fault(
                "E103",
                self.offset(node),
                f"`{name}` is a group of fields, not a value",
                f"name a field, such as `{example}`, or ask has({name})",
            )
        known = [*self.scope.lets, *self.scope.fields, *self.scope.directory.constants]
        at = self.place(node)
        finding = Finding(at, "E102", f"nothing is named `{name}` here", did_you_mean(name, known))
        self.scope.unresolved("let", name, guess=nearest(name, known), finding=finding)
        return BROKEN

    def _field(self, node: ast.Attribute, facts: frozenset[Tree]) -> Typed:
        path = dotted(node)
        if path is None:
            return self.fault(
                "E101", self.offset(node), "only fields have a dot, written `group.name`", "name a declared field"
            )
        at = self.place(node)
        static = self.scope.static_of(path)
        if path not in self.scope.fields and static is not None:
            self.scope.blame.use("step", path.partition(".")[0])
        else:
            found = self._declared(path, at)
            if found is None:
                return BROKEN
            path, static = found
        self.readings.append(Reading(path, at, facts))
        return (("field", path), static) if static.kind != "unknown" else BROKEN

    def _declared(self, path: str, at: Location) -> tuple[str, Static] | None:
        found = self.scope.find_field(path, at=at, code="E102", message=f"there is no field `{path}`")
        static = self.scope.static_of(found) if found else None
        return (found, static) if found and static else None

    def _bool(self, node: ast.BoolOp, facts: frozenset[Tree]) -> Typed:
        word = "and" if isinstance(node.op, ast.And) else "or"
        result: Tree | None = None
        good = True
        for part in node.values:
            tree, static = self.visit(part, facts)
            good = self._want_bool(part, static, word) and good
            result = tree if result is None else (word, result, tree)
            facts = facts | facts_of(tree, self.scope, negated=word == "or")
        return (result, BOOL) if good and result is not None else BROKEN

    def _want_bool(self, node: ast.expr, static: Static, word: str) -> bool:
        if static.kind in ("bool", "unknown"):
            return static.kind == "bool"
        self._blame_let(node)
        self.fault(
            "E103",
            self.offset(node),
            f"`{word}` joins conditions, but this is {_article(static)}",
            "compare it with something",
        )
        return False

    def _blame_let(self, node: ast.expr) -> None:
        """Point at a let as well, where it is used as a condition but is none."""
        checked = self.scope.lets.get(node.id) if isinstance(node, ast.Name) else None
        if checked is not None and isinstance(node, ast.Name):
            at, line = checked.at, self.scalar.at.line
            message = f"`{node.id}` is {_article(checked.static)}, but line {line} uses it as a condition"
            self.scope.report("E103", at, message, "compare it with something")

    def _unary(self, node: ast.UnaryOp, facts: frozenset[Tree]) -> Typed:
        tree, static = self.visit(node.operand, facts)
        if isinstance(node.op, ast.Not):
            return (("not", tree), BOOL) if self._want_bool(node.operand, static, "not") else BROKEN
        if static is UNKNOWN:
            return BROKEN
        if isinstance(node.op, ast.USub) and static.is_number:
            if tree[0] == "const" and isinstance(tree[1], int):
                return ("const", -tree[1]), Static("int", low=-tree[1], high=-tree[1])
            return ("arith", "-", ("const", 0), tree), Static(static.kind)
        return self.fault(
            "E103", self.offset(node), "this sign stands before something that is no number", "take it out"
        )

    def _arithmetic(self, node: ast.BinOp, facts: frozenset[Tree]) -> Typed:
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None:
            return self.fault(
                "E101", self.offset(node), "only + - * are part of the language", "divide with ratio(a, b, half_up)"
            )
        (left, left_static), (right, right_static) = self.visit(node.left, facts), self.visit(node.right, facts)
        if UNKNOWN in (left_static, right_static):
            return BROKEN
        for part, static in ((node.left, left_static), (node.right, right_static)):
            if not static.is_number:
                return self.fault(
                    "E103",
                    self.offset(part),
                    f"`{sign}` needs numbers, but this is {_article(static)}",
                    "use days(…) or years(…) for dates",
                )
        kinds = {left_static.kind, right_static.kind}
        if kinds == {"money"} and sign == "*":
            return self.fault("E103", self.offset(node), "money cannot be multiplied by money", "multiply by a number")
        kind = "money" if "money" in kinds else "decimal" if "decimal" in kinds else "int"
        return ("arith", sign, left, right), Static(kind)

    def _compare(self, node: ast.Compare, facts: frozenset[Tree]) -> Typed:
        result: Tree | None = None
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            tree, static = self._comparison(left, operator, right, facts=facts)
            if static is UNKNOWN:
                return BROKEN
            result = tree if result is None else ("and", result, tree)
            left = right
        return (result, BOOL) if result is not None else BROKEN

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr, *, facts: frozenset[Tree]) -> Typed:
        if isinstance(operator, ast.In | ast.NotIn):
            tree, static = self._membership(left, right, facts)
            return (("not", tree), static) if isinstance(operator, ast.NotIn) and static is BOOL else (tree, static)
        sign = _COMPARISONS.get(type(operator))
        if sign is None:
            return self.fault("E101", self.offset(left), "`is` is not part of the language", "write `==` or `!=`")
        if self._is_bare(left) and not self._is_bare(right):
            left, right, sign = right, left, _SWAPPED[sign]
        left_tree, left_static = self.visit(left, facts)
        right_tree, right_static = self.operand(right, left_static, facts)
        if UNKNOWN in (left_static, right_static):
            return BROKEN
        if not are_comparable(left_static, right_static):
            return self.fault(
                "E103",
                self.offset(right),
                f"{_article(left_static)} cannot be compared with {_article(right_static)}",
                "compare values of one type",
            )
        if sign not in ("==", "!=") and not (left_static.is_number or left_static.kind == "date"):
            return self.fault(
                "E103",
                self.offset(left),
                f"`{sign}` needs numbers or dates, but this is {_article(left_static)}",
                "use == or !=, or `in`",
            )
        if left_tree[0] in ("const", "decimal", "date") and right_tree[0] not in ("const", "decimal", "date"):
            left_tree, right_tree, sign = right_tree, left_tree, _SWAPPED[sign]
            left_static, right_static = right_static, left_static
        return self._bounded(right, sign, left_tree, left_static, right_tree)

    def _bounded(self, node: ast.expr, sign: str, left: Tree, static: Static, right: Tree) -> Typed:
        """Return the comparison, unless the bounds of an int already decide it."""
        value = right[1]
        if static.kind == "int" and right[0] == "const" and isinstance(value, int) and left[0] != "const":
            low, high = static.low, static.high
            below, above = low is not None and value < low, high is not None and value > high
            at_low, at_high = value == low and sign in ("<", ">="), value == high and sign in (">", "<=")
            if below or above or at_low or at_high:
                return self.fault(
                    "E106",
                    self.offset(node),
                    f"`{sign} {value}` is always the same for {static}",
                    "compare with a value inside the declared bounds",
                )
        return ("cmp", sign, left, right), BOOL

    def _is_bare(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and not (
            node.id in self.scope.lets
            or node.id in self.scope.directory.constants
            or node.id in ("true", "false", "today")
        )

    def operand(self, node: ast.expr, other: Static, facts: frozenset[Tree]) -> Typed:
        """Return tree and type of a node whose bare names and texts are read by the type of the other side."""
        text = node.id if isinstance(node, ast.Name) else node.value if isinstance(node, ast.Constant) else None
        is_word = isinstance(node, ast.Constant) or self._is_bare(node)
        if other.kind in ("enum", "list") and isinstance(text, str) and (text in other.members or is_word):
            return self._member(text, other, node)
        if other.kind == "unknown" and self._is_bare(node):
            return BROKEN
        if isinstance(node, ast.Constant) and isinstance(text, str):
            if other.kind == "date":
                try:
                    date.fromisoformat(text)
                except ValueError:
                    return self.fault(
                        "E106", self.offset(node), f"`{text}` is no date", "write a day such as '2026-01-31'"
                    )
                return ("date", text), DATE
            if other.kind in TEXTS:
                return ("const", text), other
        return self.visit(node, facts)

    def _member(self, text: str, other: Static, node: ast.expr) -> Typed:
        at = self.place(node)
        member = self.scope.member(text, other.origin, other.members, at=at)
        return (("const", member), Static("enum", members=(member,))) if member else BROKEN

    def _membership(self, left: ast.expr, right: ast.expr, facts: frozenset[Tree]) -> Typed:
        tree, static = self.visit(left, facts) if not self._is_bare(left) else BROKEN
        if isinstance(right, ast.List | ast.Tuple):
            return (
                self._in_list(tree, static, right.elts, facts=facts)
                if right.elts
                else self.fault("E101", self.offset(right), "nothing is in an empty list", "list the members")
            )
        outer, outer_static = self.visit(right, facts)
        if outer_static.kind == "list":
            if self._is_bare(left):
                tree, static = self.operand(left, outer_static, facts)
            if UNKNOWN in (static, outer_static) or not set(static.members) & set(outer_static.members):
                return (
                    BROKEN
                    if static is UNKNOWN
                    else self.fault(
                        "E103", self.offset(left), "this can never be in that list", "compare values of one type"
                    )
                )
            return ("in-field", tree, outer), BOOL
        if self._is_bare(left):
            tree, static = self.visit(left, facts)
        if UNKNOWN in (static, outer_static):
            return BROKEN
        if static.kind == "region" and outer_static.kind == "region":
            return ("within", tree, outer), BOOL
        return self.fault(
            "E103",
            self.offset(right),
            f"`in` needs a list or a region, but this is {_article(outer_static)}",
            "write a list such as [a, b]",
        )

    def _in_list(self, tree: Tree, static: Static, members: Sequence[ast.expr], *, facts: frozenset[Tree]) -> Typed:
        trees: list[Tree] = []
        for member in members:
            member_tree, member_static = self.operand(member, static, facts)
            if member_static is UNKNOWN:
                static = UNKNOWN
            elif static is not UNKNOWN and not are_comparable(static, member_static):
                return self.fault(
                    "E103",
                    self.offset(member),
                    f"this list holds {_article(member_static)}, not {_article(static)}",
                    "list values of one type",
                )
            trees.append(member_tree)
        return (("in", tree, tuple(trees)), BOOL) if static is not UNKNOWN else BROKEN

    def _call(self, node: ast.Call, facts: frozenset[Tree]) -> Typed:
        if not isinstance(node.func, ast.Name) or node.func.id not in CALL_NAMES:
            name = node.func.id if isinstance(node.func, ast.Name) else "this"
            return self.fault(
                "E105", self.offset(node.func), f"there is no function `{name}`", did_you_mean(name, CALL_NAMES)
            )
        if node.keywords:
            return self.fault(
                "E105", self.offset(node), "functions take no named arguments", "give the values in order"
            )
        return check_call(node, node.func.id, self, facts=facts)


def dotted(node: ast.expr) -> str | None:
    """Return ``group.name`` for a node that spells it, or ``None``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return None


def _form(node: ast.AST) -> str:
    names = {
        "Lambda": "lambda",
        "IfExp": "`if … else`",
        "Subscript": "a subscript",
        "List": "a list outside `in`",
        "Tuple": "a comma",
        "ListComp": "a comprehension",
        "GeneratorExp": "a comprehension",
        "Dict": "a mapping",
        "NamedExpr": "an assignment",
        "JoinedStr": "a format string",
        "Starred": "`*` before a value",
    }
    return names.get(type(node).__name__, "this form")
