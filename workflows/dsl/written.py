"""Say what is written where, and check one reading against it."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.domain.definition import Location
from workflows.domain.expressions import Tree
from workflows.dsl.facts import is_certain
from workflows.dsl.findings import did_you_mean
from workflows.dsl.scope import Scope

Facts = frozenset[Tree]
Guards = frozenset[Tree]


@dataclass(frozen=True, slots=True)
class Way:
    """Hold one way in which a field gets written: under all of these conditions; none means always."""

    guards: Guards


Known = Mapping[str, tuple[Way, ...]]
"""Field -> every way in which it was written so far."""


def is_conditional(ways: tuple[Way, ...]) -> bool:
    """Return whether there is no way that always holds."""
    return all(way.guards for way in ways)


def check_reading(path: str, at: Location, known: Known, facts: Facts, *, scope: Scope) -> None:
    """Report a field that is not certainly written where it is read."""
    if is_certain(("has", path), facts):
        return
    ways = known.get(path)
    if ways is None:
        _never_before(path, at, known, scope)
        return
    for way in ways:
        if way.guards and all(is_certain(guard, facts) for guard in way.guards):
            return
    if is_conditional(ways):
        scope.report(
            "E203",
            at,
            f"`{path}` is written only under a condition that is not certain here",
            f"read it as default({path}, …), ask has({path}) first, or stand under the same `when`",
        )
    elif scope.is_maybe(path):
        scope.report(
            "E203",
            at,
            f"`{path}` may be absent here",
            f"read it as default({path}, …), or ask has({path}) first",
        )
        asked = scope.asked_at.get(path)
        if asked is not None and facts:
            message = f"`{path}` may be left empty here, but line {at.line} needs it"
            scope.report(
                "E203", asked, message, "ask for it under the condition under which it is needed: {field: …, when: …}"
            )


def _never_before(path: str, at: Location, known: Known, scope: Scope) -> None:
    if scope.is_uncertain or path in scope.never_written:
        return
    step, _, fact = path.partition(".")
    if path not in scope.fields:
        scope.report(
            "E202",
            at,
            f"`{path}` is read here, but the step `{step}` is not surely done before",
            "read it in a later step",
        )
        return
    scope.report(
        "E202",
        at,
        f"`{path}` is read here, but it is not written on every path before",
        did_you_mean(path, [p for p in known if p in scope.fields and p.startswith(f"{step}.")])
        if any(p.startswith(f"{step}.") for p in known)
        else "read it in a later step, or write it earlier",
    )
