"""Work out beforehand all of an expression that what is typed on one page cannot change, for the browser.

What is left names only the fields of that page, so that nothing else of a case is sent along with its rules.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from workflows.domain.expressions import Expression, Tree, compiled_value
from workflows.domain.trees import fields_of, is_known, lets_of, literal, parts, with_parts

_ABSENT: Tree = ("field", "")
"""Reads what is never there."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold conditions that are decided while somebody types.

    Attributes:
        lets: names and trees that the conditions read, in order.
        trees: conditions by the field that they show.
        reads: fields that conditions and lets read.
    """

    lets: tuple[tuple[str, Tree], ...]
    trees: Mapping[str, Tree]
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """Hold what is known and which fields may still change.

    Attributes:
        values: of all fields that are not live.
        lets: values of the lets as of now.
        live: fields that are typed now.
        open: lets that the live fields may change.
    """

    values: Mapping[str, object]
    lets: Mapping[str, object]
    live: frozenset[str]
    today: date
    open: frozenset[str] = field(default=frozenset())

    def is_open(self, tree: Tree) -> bool:
        """Tell whether what is typed may change what a tree comes to."""
        return bool(fields_of(tree) & self.live or lets_of(tree) & self.open)

    def residual(self, tree: Tree) -> Tree:
        """Return what is left of a tree; it comes to the same for whatever is typed into the live fields."""
        if not self.is_open(tree):
            return self._settled(tree)
        if tree[0] == "has":
            known = [path for path in tree[1:] if path not in self.live]
            lacks = any(self.values.get(str(path)) is None for path in known)
            return ("const", False) if lacks else ("has", *(path for path in tree[1:] if path in self.live))
        if tree[0] == "default" and tree[1] not in self.live:
            value = self.values.get(str(tree[1]))
            return self.residual(parts(tree)[0]) if value is None else literal(value) or _ABSENT
        return with_parts(tree, self.residual)

    def _settled(self, tree: Tree) -> Tree:
        return literal(compiled_value(tree, self.values, today=self.today, lets=self.lets)) or _ABSENT


def rules_of(conditions: Mapping[str, Expression], lets: Mapping[str, Expression], *, known: Known) -> Rules | None:
    """Return the conditions that the live fields may change, worked out as far as can be; ``None`` without any.

    A condition with a form that only the server evaluates is left to the server.
    """
    is_open: set[str] = set()
    able: dict[str, Tree] = {}
    for name, expression in lets.items():
        if fields_of(expression.tree) & known.live or lets_of(expression.tree) & is_open:
            is_open.add(name)
            if _is_able(expression.tree, is_open, able):
                able[name] = expression.tree
    around = replace(known, open=frozenset(is_open))
    trees = {
        path: around.residual(condition.tree)
        for path, condition in conditions.items()
        if around.is_open(condition.tree) and _is_able(condition.tree, is_open, able)
    }
    if not trees:
        return None
    wanted = _wanted(trees.values(), able)
    kept = tuple((name, around.residual(tree)) for name, tree in able.items() if name in wanted)
    reads = frozenset[str]().union(*(fields_of(tree) for tree in (*trees.values(), *(tree for _, tree in kept))))
    return Rules(kept, trees, reads & known.live)


def _is_able(tree: Tree, is_open: Collection[str], able: Collection[str]) -> bool:
    """Tell whether the browser can evaluate a tree, given which open lets it can."""
    return is_known(tree) and all(name in able for name in lets_of(tree) if name in is_open)


def _wanted(trees: Collection[Tree], lets: Mapping[str, Tree]) -> frozenset[str]:
    """Return the lets that some trees read, one through another."""
    found: set[str] = set()
    waiting = [name for tree in trees for name in lets_of(tree)]
    while waiting:
        name = waiting.pop()
        if name in lets and name not in found:
            found.add(name)
            waiting.extend(lets_of(lets[name]))
    return frozenset(found)
