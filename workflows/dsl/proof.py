"""Decide conditions over every value that their fields may take: is there a case in which these hold and those do not?

What is compared becomes a variable with finitely many values that stand for all: members of an enum, numbers and days
beside the constants that they are compared with, one text that is none of those named. Absence is a value of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from workflows.domain.expressions import Tree
from workflows.dsl.scope import Scope
from workflows.dsl.statics import Static

MOST_TRIES = 20_000
OTHER_TEXT = "…"
"""Stands for every text that no condition names."""

_CONSTANTS = ("const", "date", "decimal")
_SIGNS = {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
_STEP = Decimal("0.000001")
_FUNCTIONS = {"today": "date", "years": "int", "months": "int", "days": "int", "len": "int", "year": "int"}
Values = dict[Tree, object]


class _Open:
    """Stand for what is not decided yet."""


OPEN = _Open()


class TooManyCases(Exception):
    """Tell that the conditions are too large to be decided."""


@dataclass
class _Variable:
    """Hold what one term may be: its type, the constants beside it, whether it may be absent."""

    static: Static
    is_maybe: bool = False
    constants: set[object] = field(default_factory=set)

    def domain(self) -> list[object]:
        """Return values that stand for all."""
        absent: list[object] = [None] if self.is_maybe else []
        if self.static.kind in ("enum", "sign"):
            return [*self.static.members, *absent] if self.static.kind == "enum" else [0, -1, 1, *absent]
        if self.static.kind == "bool":
            return [True, False, *absent]
        return [*points(self.static, self.constants), *absent]


def points(static: Static, constants: Iterable[object]) -> Sequence[object]:
    """Return values of a type that stand for all others, given what they are compared with."""
    known = set(constants)
    numbers = sorted(value for value in known if isinstance(value, int | Decimal) and not isinstance(value, bool))
    days = sorted(value for value in known if isinstance(value, date))
    if static.kind == "date":
        return sorted({day for one in days for day in _beside(one)} or {date(2026, 1, 1)})
    if static.kind in ("int", "money"):
        low, high = static.low if static.low is not None else 0 if static.kind == "money" else None, static.high
        edges: set[int] = {int(one) + shift for one in numbers for shift in (-1, 0, 1)}
        edges |= {bound for bound in (low, high) if bound is not None} or {0}
        return [one for one in sorted(edges) if (low is None or one >= low) and (high is None or one <= high)]
    if static.kind == "decimal":
        around = {Decimal(one) + shift for one in numbers for shift in (-_STEP, Decimal(0), _STEP)}
        return sorted(around or {Decimal(0)})
    return [*sorted((one for one in known if isinstance(one, str)), key=str), OTHER_TEXT]


def _beside(day: date) -> Iterator[date]:
    for shift in (-1, 0, 1):
        try:
            yield day + timedelta(days=shift)
        except OverflowError:
            continue


class Prover:
    """Turn conditions into variables and search their values; one prover serves one question."""

    def __init__(self, scope: Scope) -> None:
        """Look names up in ``scope``."""
        self._scope = scope
        self._variables: dict[Tree, _Variable] = {}

    def find(self, holds: Sequence[Tree], fails: Sequence[Tree] = ()) -> Mapping[str, object] | None:
        """Return a case in which all of ``holds`` are true and none of ``fails`` is, or ``None`` where there is none.

        Raises:
            TooManyCases: it cannot be decided in bounded time.
        """
        wanted = [self._condition(tree) for tree in holds]
        unwanted = [self._condition(tree) for tree in fails]
        names = list(self._variables)
        domains = [self._variables[name].domain() for name in names]
        self._tries = 0
        found = self._search(names, domains, {}, wanted=wanted, unwanted=unwanted)
        return None if found is None else {spelled(name): value for name, value in found.items() if name[0] != "sign"}

    def _search(
        self,
        names: list[Tree],
        domains: list[list[object]],
        chosen: Values,
        *,
        wanted: list[Tree],
        unwanted: list[Tree],
    ) -> Values | None:
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise TooManyCases
        needed = [(tree, _truth(tree, chosen)) for tree in wanted]
        avoided = [(tree, _truth(tree, chosen)) for tree in unwanted]
        if any(truth not in (OPEN, True) for _, truth in needed) or any(truth is True for _, truth in avoided):
            return None
        left = [tree for tree, truth in needed if truth is OPEN]
        rest = [tree for tree, truth in avoided if truth is OPEN]
        if not left and not rest:
            return chosen
        number = len(chosen)
        for value in domains[number]:
            found = self._search(names, domains, {**chosen, names[number]: value}, wanted=left, unwanted=rest)
            if found is not None:
                return found
        return None

    def _condition(self, tree: Tree) -> Tree:
        """Return the condition over variables: lets written out, what cannot be looked into as one claim."""
        match tree[0]:
            case "and" | "or":
                return (tree[0], self._condition(_sub(tree[1])), self._condition(_sub(tree[2])))
            case "not":
                return ("not", self._condition(_sub(tree[1])))
            case "const":
                return tree
            case "has":
                for path in tree[1:]:
                    self._variable(("field", path))
                return tree
            case "let":
                checked = self._scope.lets.get(str(tree[1]))
                return self._condition(checked.expression.tree) if checked else self._claim(tree)
            case "field":
                return ("is", self._term(tree), True)
            case "call" if tree[1] in ("any", "all"):
                return self._joined("or" if tree[1] == "any" else "and", [_sub(part) for part in tree[2:]])
            case "in":
                term = self._term(_sub(tree[1]))
                members = [self._constant(term, _sub(part)) for part in _sub(tree[2])]
                return ("one-of", term, tuple(members)) if OPEN not in members else self._claim(tree)
            case "cmp":
                return self._comparison(tree)
        return self._claim(tree)

    def _joined(self, word: str, parts: list[Tree]) -> Tree:
        result = self._condition(parts[0])
        for part in parts[1:]:
            result = (word, result, self._condition(part))
        return result

    def _comparison(self, tree: Tree) -> Tree:
        sign, left, right = str(tree[1]), _sub(tree[2]), _sub(tree[3])
        if left[0] in _CONSTANTS:
            return self._claim(tree)
        if right[0] in _CONSTANTS:
            term = self._term(left)
            return ("cmp", sign, term, self._constant(term, right))
        name: Tree = ("sign", *sorted((spelled(self._written(left)), spelled(self._written(right)))))
        swapped = name[1] != spelled(self._written(left))
        self._variables.setdefault(name, _Variable(Static("sign"), self._may_miss(left) or self._may_miss(right)))
        return ("signs", name, tuple(-one if swapped else one for one in _SIGNS[sign]))

    def _constant(self, term: Tree, tree: Tree) -> object:
        if tree[0] not in _CONSTANTS:
            return OPEN
        value: object = tree[1]
        if tree[0] == "date":
            value = date.fromisoformat(str(tree[1]))
        elif tree[0] == "decimal":
            value = Decimal(str(tree[1]))
        inner = _sub(term[1]) if term[0] == "default" else term
        self._variables[inner].constants.add(value)
        return value

    def _written(self, tree: Tree) -> Tree:
        """Return a term with lets written out."""
        checked = self._scope.lets.get(str(tree[1])) if tree[0] == "let" else None
        return self._written(checked.expression.tree) if checked else tree

    def _term(self, tree: Tree) -> Tree:
        tree = self._written(tree)
        if tree[0] == "default" and _sub(tree[2])[0] in _CONSTANTS:
            inner: Tree = ("field", tree[1])
            self._variable(inner)
            return ("default", inner, self._constant(inner, _sub(tree[2])))
        self._variable(tree)
        return tree

    def _variable(self, tree: Tree) -> None:
        if tree not in self._variables:
            self._variables[tree] = _Variable(self._static(tree), self._may_miss(tree))

    def _static(self, tree: Tree) -> Static:
        if tree[0] == "field":
            return self._scope.static_of(str(tree[1])) or Static("text")
        if tree[0] == "call" and tree[1] == "years":
            return Static("int", low=-200, high=200)
        if tree[0] == "call" and tree[1] in _FUNCTIONS:
            return Static(_FUNCTIONS[str(tree[1])])
        return Static("decimal")

    def _may_miss(self, tree: Tree) -> bool:
        if tree[0] == "field":
            return self._scope.is_maybe(str(tree[1]))
        if tree[0] == "let":
            return self._may_miss(self._written(tree)) if str(tree[1]) in self._scope.lets else False
        return any(self._may_miss(part) for part in tree[1:] if isinstance(part, tuple | list))

    def _claim(self, tree: Tree) -> Tree:
        """Return a condition that cannot be looked into as a claim that may be true or false."""
        name: Tree = ("claim", spelled(tree))
        self._variables.setdefault(name, _Variable(Static("bool"), self._may_miss(tree)))
        return ("is", name, True)


def exclude_each_other(one: Sequence[Tree], other: Sequence[Tree], scope: Scope) -> bool:
    """Return whether two sets of conditions can never hold together; lets are looked into."""
    try:
        return bool(one or other) and Prover(scope).find([*one, *other]) is None
    except TooManyCases:
        return False


def _value(term: Tree, chosen: Values) -> object:
    if term[0] == "default":
        value = chosen.get(_sub(term[1]), OPEN)
        return term[2] if value is None else value
    return chosen.get(term, OPEN)


def _truth(tree: Tree, chosen: Values) -> object:
    """Return true, false, ``None`` where something absent decides, or ``OPEN``."""
    match tree[0]:
        case "const":
            return tree[1]
        case "not":
            inner = _truth(_sub(tree[1]), chosen)
            return inner if inner is OPEN or inner is None else not inner
        case "and" | "or":
            return _joined_truth(tree, chosen, decisive=tree[0] == "or")
        case "has":
            present = [chosen.get(("field", path), OPEN) for path in tree[1:]]
            return False if None in present else OPEN if OPEN in present else True
    value = _value(_sub(tree[1] if tree[0] != "cmp" else tree[2]), chosen)
    if value is OPEN or value is None:
        return value
    match tree[0]:
        case "is":
            return value is tree[2]
        case "one-of" | "signs":
            return value in _sub(tree[2])
    return _compared(value, tree[3]) in _SIGNS[str(tree[1])]


def _joined_truth(tree: Tree, chosen: Values, *, decisive: bool) -> object:
    sides = [_truth(_sub(part), chosen) for part in tree[1:]]
    if any(side is decisive for side in sides):
        return decisive
    if any(side is OPEN for side in sides):
        return OPEN
    return None if None in sides else not decisive


def _compared(left: object, right: object) -> int:
    if left == right:
        return 0
    try:
        return -1 if left < right else 1  # type: ignore[operator]
    except TypeError:
        return 1


def spelled(tree: Tree) -> str:
    """Return a term as an author would write it."""
    match tree[0]:
        case "field" | "let" | "const" | "date" | "decimal":
            return str(tree[1])
        case "claim":
            return str(tree[1])
        case "call":
            inside = ", ".join(spelled(_sub(part)) for part in tree[2:])
            return f"{tree[1]}({inside})" if inside else str(tree[1])
        case "default":
            return f"default({tree[1]}, {spelled(_sub(tree[2]))})"
        case "arith" | "cmp":
            return f"{spelled(_sub(tree[2]))} {tree[1]} {spelled(_sub(tree[3]))}"
        case "within" | "in-field":
            return f"{spelled(_sub(tree[1]))} in {spelled(_sub(tree[2]))}"
    return " ".join(spelled(_sub(part)) if isinstance(part, tuple | list) else str(part) for part in tree)


def shown(case: Mapping[str, object]) -> str:
    """Return the values of a case in words: ``where a.kind is x and a.level is missing``."""
    parts = [f"{name} is {_shown(value)}" for name, value in case.items()]
    return "where " + " and ".join(parts) if parts else "in any case"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "missing" if value is None else "something else" if value == OTHER_TEXT else str(value)


def _sub(part: object) -> Tree:
    return part if isinstance(part, tuple | list) else ("const", part)
