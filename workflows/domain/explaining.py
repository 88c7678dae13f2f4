"""Say why a condition came out as it did, and what would change it.

Reasons are the claims that decided, and no others. A change is a way to the other result that was tried: whoever makes
it gets that result. Ways are looked for along the structure of the expression: of an ``and`` that failed every failing
part is mended, of an ``or`` any; a single claim is mended by the nearest value of one field, or by the day on which it
turns by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from workflows.domain.candidates import days_from, values_for
from workflows.domain.definition import Definition, Field
from workflows.domain.expressions import NOTHING, Expression, Tree, compiled_value, evaluate_lets
from workflows.domain.trees import fields_of, lets_of, parts, walk_tree

MOST_CHANGES = 3
_MOST_TRIED = 40


@dataclass(frozen=True, slots=True)
class Reason:
    """Hold one claim that decided: its tree, whether it holds (``None`` where it cannot be told), what it reads."""

    claim: Tree
    holds: bool | None
    reads: tuple[tuple[str, object], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one way to the other result: fields with other values, or a day from which it comes by itself."""

    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold the result of a condition with what decided it and what would change it, the smallest change first."""

    holds: bool | None
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """Hold what an expression is evaluated against.

    Attributes:
        fields: declarations, for the values that a field may take.
        lets: expressions of the item's lets, in order.
        fixed: fields that nobody can change, such as what a department knows.
    """

    fields: Mapping[str, Field]
    lets: Mapping[str, Expression]
    values: Mapping[str, object] = field(repr=False)
    today: date
    fixed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, definition: Definition, values: Mapping[str, object], *, today: date) -> "World":
        """Return the world of an item for some values."""
        return cls(definition.fields, definition.lets, values, today)

    def verdict(self, tree: Tree) -> bool | None:
        """Return what a condition comes to, ``None`` where it cannot be told."""
        lets = evaluate_lets(self.lets, self.values, today=self.today) if lets_of(tree) else NOTHING
        value = compiled_value(tree, self.values, today=self.today, lets=lets)
        return None if value is None else value is True

    def after(self, change: Change) -> "World":
        """Return the world as it would be."""
        values = {**self.values, **change.values} if change.values else self.values
        return replace(self, values=values, today=change.on or self.today)

    def reads(self, tree: Tree) -> tuple[str, ...]:
        """Return the fields that a tree reads, through lets too, in the order of the item."""
        found = set(fields_of(tree))
        for name in lets_of(tree):
            if name in self.lets:
                found.update(self.reads(self.lets[name].tree))
        return (*(path for path in self.fields if path in found), *sorted(found - self.fields.keys()))

    def reads_today(self, tree: Tree) -> bool:
        """Tell whether the day alone may change what a tree comes to."""
        inner = [self.lets[name].tree for name in lets_of(tree) if name in self.lets]
        return any(_is_of_today(part) for part in walk_tree(tree)) or any(self.reads_today(one) for one in inner)


def explain(condition: Expression, world: World, *, with_changes: bool = True) -> Explanation:
    """Return why a condition comes out as it does, and what would change it."""
    tree = condition.tree
    holds = world.verdict(tree)
    reasons = tuple(dict.fromkeys(_reasons(tree, world)))
    if not with_changes:
        return Explanation(holds, reasons)
    want = holds is not True
    tried = islice(_ways(tree, world, want=want), _MOST_TRIED)
    able = [change for change in tried if world.after(change).verdict(tree) is want]
    able.sort(key=lambda change: (len(change.values), change.on is not None))
    return Explanation(holds, reasons, tuple(_distinct(able))[:MOST_CHANGES])


def _distinct(changes: list[Change]) -> Iterator[Change]:
    """Yield changes of different fields: of several values of the same ones the first is the nearest."""
    seen: set[tuple[frozenset[str], bool]] = set()
    for change in changes:
        key = (frozenset(change.values), change.on is not None)
        if key not in seen:
            seen.add(key)
            yield change


def _is_of_today(tree: Tree) -> bool:
    if tree[0] != "call":
        return False
    return tree[1] == "today" or (tree[1] in ("years", "months", "days") and len(tree) == 3)


def _joined(tree: Tree) -> tuple[bool, tuple[Tree, ...]] | None:
    """Return the parts of a condition that joins others, and the result that one part alone decides."""
    if tree[0] in ("and", "or"):
        return tree[0] == "or", parts(tree)
    if tree[0] == "call" and tree[1] in ("any", "all"):
        return tree[1] == "any", parts(tree)
    return None


def _reasons(tree: Tree, world: World) -> Iterator[Reason]:
    joined = _joined(tree)
    if joined is not None:
        decisive, inner = joined
        verdicts = [world.verdict(part) for part in inner]
        whole = world.verdict(tree)
        for part, verdict in zip(inner, verdicts, strict=True):
            if verdict is whole or (whole is None and verdict is not (not decisive)):
                yield from _reasons(part, world)
    elif tree[0] == "not":
        yield from _reasons(parts(tree)[0], world)
    elif tree[0] == "let" and tree[1] in world.lets and _is_condition(world.lets[str(tree[1])].tree):
        yield from _reasons(world.lets[str(tree[1])].tree, world)
    else:
        reads = tuple((path, world.values.get(path)) for path in world.reads(tree))
        yield Reason(tree, world.verdict(tree), reads)


def _is_condition(tree: Tree) -> bool:
    return tree[0] in ("and", "or", "not", "cmp", "in", "in-field", "within", "has") or _joined(tree) is not None


def _ways(tree: Tree, world: World, *, want: bool) -> Iterator[Change]:
    """Yield changes after which a tree comes to ``want``, nearest first."""
    joined = _joined(tree)
    if joined is not None:
        decisive, inner = joined
        if want is decisive:
            for part in inner:
                yield from islice(_ways(part, world, want=want), _MOST_TRIED)
        else:
            yield from _together(inner, world, want=want)
    elif tree[0] == "not":
        yield from _ways(parts(tree)[0], world, want=not want)
    elif tree[0] == "let" and tree[1] in world.lets:
        yield from _ways(world.lets[str(tree[1])].tree, world, want=want)
    else:
        yield from _single(tree, world, want=want)


def _together(inner: tuple[Tree, ...], world: World, *, want: bool) -> Iterator[Change]:
    """Yield what brings every part to ``want`` at once: each of the first part's ways with the first of the others."""
    open_parts = [part for part in inner if world.verdict(part) is not want]
    if not open_parts:
        yield Change()
        return
    for first in islice(_ways(open_parts[0], world, want=want), _MOST_TRIED):
        change: Change | None = first
        for part in open_parts[1:]:
            if change is None:
                break
            change = _also(part, world, change, want=want)
        if change is not None:
            yield change


def _also(part: Tree, world: World, change: Change, *, want: bool) -> Change | None:
    """Return a change with what a further part needs, ``None`` where nothing helps."""
    there = world.after(change)
    if there.verdict(part) is want:
        return change
    further = next(_ways(part, there, want=want), None)
    return further and Change({**change.values, **further.values}, further.on or change.on)


def _single(tree: Tree, world: World, *, want: bool) -> Iterator[Change]:
    """Yield the nearest value of each field, and the first day, that brings one claim to ``want``."""

    def comes_out(change: Change) -> bool:
        return world.after(change).verdict(tree) is want

    def with_value(path: str) -> Callable[[object], bool]:
        return lambda value: comes_out(Change({path: value}))

    if world.reads_today(tree):
        day = next(days_from(world.today, lambda day: comes_out(Change(on=day))), None)
        if day is not None:
            yield Change(on=day)
    claims = [tree, *(world.lets[name].tree for name in lets_of(tree) if name in world.lets)]
    for path in world.reads(tree):
        if path in world.fields and path not in world.fixed:
            declared, value = world.fields[path], world.values.get(path)
            for other in values_for(declared, value, claims, with_value(path)):
                yield Change({path: other})
