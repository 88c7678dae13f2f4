"""Derive what is certain where a condition holds, and whether that satisfies the condition of a write."""

from workflows.domain.expressions import Tree
from workflows.dsl.scope import Scope


def facts_of(tree: Tree, scope: Scope, *, negated: bool = False) -> frozenset[Tree]:
    """Return every condition that is certain where ``tree`` is true (or false, if ``negated``)."""
    whole: Tree = negation(tree) if negated else tree
    match tree[0]:
        case "not":
            inner = _sub(tree[1])
            return frozenset({whole}) | facts_of(inner, scope, negated=not negated)
        case "and" | "or" if (tree[0] == "or") is negated:
            left, right = _sub(tree[1]), _sub(tree[2])
            return frozenset({whole}) | facts_of(left, scope, negated=negated) | facts_of(right, scope, negated=negated)
        case "let":
            checked = scope.lets.get(str(tree[1]))
            inside = facts_of(checked.expression.tree, scope, negated=negated) if checked else frozenset()
            return frozenset({whole}) | inside
    return frozenset({whole})


def negation(tree: Tree) -> Tree:
    """Return the opposite of a condition, in one normal form."""
    opposites = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    if tree[0] == "not":
        return _sub(tree[1])
    if tree[0] == "cmp":
        return ("cmp", opposites[str(tree[1])], *tree[2:])
    return ("not", tree)


def is_certain(condition: Tree, facts: frozenset[Tree]) -> bool:
    """Return whether the facts make the condition true."""
    if condition in facts:
        return True
    match condition[0]:
        case "and":
            return all(is_certain(_sub(part), facts) for part in condition[1:])
        case "or":
            return any(is_certain(_sub(part), facts) for part in condition[1:])
        case "has":
            present = {path for fact in facts if fact[0] == "has" for path in fact[1:]}
            return set(condition[1:]) <= present
    return False


def _sub(part: object) -> Tree:
    return part if isinstance(part, tuple) else ("const", part)
