"""Check what is known when the application is submitted: account, prefill, form, and what reads it."""

from collections.abc import Mapping

from workflows.domain.definition import Location
from workflows.domain.expressions import Tree
from workflows.dsl.compiled import Compiled
from workflows.dsl.data import Placed
from workflows.dsl.facts import facts_of
from workflows.dsl.proof import exclude_each_other
from workflows.dsl.scope import Checked, Scope
from workflows.dsl.written import Facts, Known, Way, check_reading

NO_FACTS: Facts = frozenset()


def check_submission(compiled: Compiled) -> Known:
    """Report faults of prefill, form, ``let`` and conditions; return what is written at submission."""
    known: dict[str, tuple[Way, ...]] = dict.fromkeys(compiled.scope.given_facts, (Way(frozenset()),))
    scope = compiled.scope
    for _, placed in compiled.prefills:
        _add(known, placed, scope)
    _check_prefill_sources(compiled)
    asked = dict(known)
    for placed in compiled.pages.values():
        _page(placed, asked, compiled)
        _add(known, placed, scope)
    for _, placed in compiled.prefills:
        _prefill(placed, known, compiled)
    for name, checked in scope.lets.items():
        _check_let(name, checked, known, compiled)
    for condition in compiled.conditions:
        _check_all(condition.rule, known, scope)
    for checked in compiled.material_conditions:
        _check_all(checked, known, scope)
    return known


def _add(known: dict[str, tuple[Way, ...]], placed: Placed, scope: Scope) -> None:
    for path in placed.fields:
        whens = [*placed.whens, *([placed.each_when[path]] if path in placed.each_when else [])]
        guards: frozenset[Tree] = frozenset(when.expression.tree for when in whens)
        known[path] = (*known.get(path, ()), Way(guards))


def _check_all(checked: Checked, known: Known, scope: Scope, facts: Facts = NO_FACTS) -> None:
    for reading in checked.readings:
        check_reading(reading.path, reading.at, known, facts | reading.facts, scope=scope)


def _check_let(name: str, checked: Checked, known: Known, compiled: Compiled) -> None:
    scope = compiled.scope
    later = {p for places in compiled.notes.writes.values() for one in places for p in one.fields}
    for reading in checked.readings:
        if reading.path not in known and (reading.path in later or reading.path not in scope.fields):
            scope.report(
                "E208",
                reading.at,
                f"`{name}` is frozen at submission, but `{reading.path}` is written only later",
                "read the field in the step that needs it",
            )
        else:
            check_reading(reading.path, reading.at, known, reading.facts, scope=scope)


def _check_prefill_sources(compiled: Compiled) -> None:
    scope = compiled.scope
    first: dict[str, str] = {}
    on_pages = {path: at for placed in compiled.pages.values() for path, at in placed.fields.items()}
    for _, placed in compiled.prefills:
        for path, at in placed.fields.items():
            if path in first:
                scope.report("E204", at, f"`{path}` is given by {first[path]} already", "keep one source")
            first.setdefault(path, placed.what)
        if placed.asks_if_absent:
            _check_asked(placed, on_pages, compiled)
        else:
            _check_not_asked(placed, on_pages, compiled)
    seen: dict[str, Placed] = {}
    for placed in compiled.pages.values():
        for path, at in placed.fields.items():
            if path in seen and not _exclude(seen[path], placed, path, scope):
                scope.report("E204", at, f"`{path}` is asked on {seen[path].what} already", "ask it once")
            seen.setdefault(path, placed)


def _exclude(one: Placed, other: Placed, path: str, scope: Scope) -> bool:
    """Return whether two places that write a field never do so in one case."""
    first, second = (
        [
            when.expression.tree
            for when in (*placed.whens, *([placed.each_when[path]] if path in placed.each_when else []))
        ]
        for placed in (one, other)
    )
    return bool(first and second) and exclude_each_other(first, second, scope)


def _check_asked(placed: Placed, on_pages: Mapping[str, Location], compiled: Compiled) -> None:
    """Report what a prefill leaves to the form, but no page asks for."""
    scope = compiled.scope
    if scope.is_uncertain:
        return
    for path, at in placed.fields.items():
        if path not in on_pages:
            scope.report("E210", at, f"`absent: ask`, but no page asks for `{path}`", "place it on a page of the form")
            group = path.partition(".")[0]
            for page in compiled.pages.values():
                if any(other.startswith(f"{group}.") for other in page.fields):
                    message = f"{page.what} does not ask for `{path}`, which {placed.what} leaves to the form"
                    scope.report("E210", page.at, message, f"add `{path}` here")


def _check_not_asked(placed: Placed, on_pages: Mapping[str, Location], compiled: Compiled) -> None:
    """Report what a prefill gives and the form asks for again."""
    scope = compiled.scope
    asking = [(path, page) for page in compiled.pages.values() for path in page.fields if path in placed.fields]
    twice = [path for path, page in asking if not _exclude(placed, page, path, scope)]
    for path in twice:
        scope.report(
            "E204",
            on_pages[path],
            f"the form asks for `{path}`, which {placed.what} gives",
            "take it off the page, or write `absent: ask` at the prefill",
        )
    if twice and len(twice) == len(placed.fields):
        scope.report(
            "E204",
            placed.at,
            f"all that {placed.what} gives is asked by the form as well",
            "write `absent: ask` here, or take the fields off their pages",
        )


def _page(placed: Placed, asked: dict[str, tuple[Way, ...]], compiled: Compiled) -> None:
    """Check that conditions of a page read only what is known before it."""
    scope = compiled.scope
    facts = NO_FACTS
    for when in placed.whens:
        _check_earlier(when, asked, compiled, placed.what)
        facts = facts | facts_of(when.expression.tree, scope)
    for path in placed.fields:
        if path in placed.each_when:
            _check_earlier(placed.each_when[path], asked, compiled, placed.what)
        one = Placed(placed.what, {path: placed.fields[path]}, placed.whens, placed.each_when, placed.at)
        _add(asked, one, scope)


def _check_earlier(checked: Checked, asked: Known, compiled: Compiled, what: str) -> None:
    for path, at in _all_reads(checked, compiled.scope):
        if path not in asked and path in compiled.scope.fields and path not in compiled.scope.never_written:
            compiled.scope.report(
                "E209",
                at,
                f"the condition of {what} reads `{path}`, which is not asked or given before",
                "ask for it on an earlier page, or further up",
            )


def _all_reads(checked: Checked, scope: Scope) -> list[tuple[str, Location]]:
    """Return every field that a condition reads, through ``let`` as well, each at its place in the condition."""
    found = [(reading.path, reading.at) for reading in checked.readings]
    for name, at in checked.let_readings:
        inner = scope.lets.get(name)
        if inner is not None:
            found.extend((path, at) for path, _ in _all_reads(inner, scope))
    return found


def _prefill(placed: Placed, known: Known, compiled: Compiled) -> None:
    scope = compiled.scope
    if placed.key is not None:
        path, at = placed.key
        if path in placed.fields:
            scope.report(
                "E209", at, f"{placed.what} is asked by `{path}`, which it gives itself", "ask by another field"
            )
        else:
            facts = frozenset(f for when in placed.whens for f in facts_of(when.expression.tree, scope))
            check_reading(path, at, known, facts, scope=scope)
    for when in placed.whens:
        for path, at in _all_reads(when, scope):
            if path in placed.fields:
                scope.report(
                    "E209",
                    at,
                    f"the condition of {placed.what} reads `{path}`, which it gives itself",
                    "make it depend on another field",
                )
            elif path not in known:
                check_reading(path, at, known, NO_FACTS, scope=scope)
