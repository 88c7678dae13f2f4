"""Take expression trees apart and put them together again; for whoever does more with them than evaluate them."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from workflows.domain.expressions import Tree

_FROM = {"not": 1, "and": 1, "or": 1, "in-field": 1, "within": 1, "cmp": 2, "arith": 2, "call": 2, "default": 2}
"""Where the parts of a form begin that are trees themselves."""

_LARGEST_EXACT = 2**53
"""From here on a number of JSON is not exact for every reader."""

_LEAVES = frozenset({"const", "date", "decimal", "field", "let", "has"})


def is_known(tree: Tree) -> bool:
    """Tell whether every form in a tree is one that this module takes apart."""
    head = tree[0]
    return (head in _LEAVES or head == "in" or head in _FROM) and all(is_known(part) for part in parts(tree))


def parts(tree: Tree) -> tuple[Tree, ...]:
    """Return the trees directly inside a tree."""
    if tree[0] == "in":
        return (_tree(tree[1]), *(_tree(member) for member in _tree(tree[2])))
    start = _FROM.get(str(tree[0]))
    return () if start is None else tuple(_tree(part) for part in tree[start:])


def with_parts(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """Return a tree with every part changed."""
    new = [change(part) for part in parts(tree)]
    if not new:
        return tree
    if tree[0] == "in":
        return ("in", new[0], tuple(new[1:]))
    return (*tree[: _FROM[str(tree[0])]], *new)


def walk_tree(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and everything inside it."""
    yield tree
    for part in parts(tree):
        yield from walk_tree(part)


def fields_of(tree: Tree) -> frozenset[str]:
    """Return the fields that a tree names, guarded or not."""
    found: set[str] = set()
    for part in walk_tree(tree):
        if part[0] == "has":
            found.update(str(path) for path in part[1:])
        elif part[0] in ("field", "default"):
            found.add(str(part[1]))
    return frozenset(found)


def lets_of(tree: Tree) -> frozenset[str]:
    """Return the lets that a tree names."""
    return frozenset(str(part[1]) for part in walk_tree(tree) if part[0] == "let")


def literal(value: object) -> Tree | None:
    """Return the tree of a value, ``None`` where no tree can hold it."""
    match value:
        case bool() | str():
            return ("const", value)
        case int() if abs(value) < _LARGEST_EXACT:
            return ("const", value)
        case Decimal() | int():
            return ("decimal", str(value))
        case date():
            return ("date", value.isoformat())
        case tuple() if all(isinstance(one, str) for one in value):
            return ("const", value)
    return None


def _tree(part: object) -> Tree:
    if isinstance(part, list | tuple):
        return part
    raise ValueError(f"not an expression tree: {part!r}")
