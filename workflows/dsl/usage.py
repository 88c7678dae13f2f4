"""Check that every declaration has a writer and a reader."""

from workflows.domain.definition import Location
from workflows.dsl.compiled import Compiled
from workflows.dsl.data import Placed
from workflows.dsl.scope import Checked
from workflows.dsl.written import Known, is_conditional


def never_written(compiled: Compiled) -> frozenset[str]:
    """Return the declared fields that no place writes."""
    written = {path for placed in _writers(compiled) for path in placed.fields}
    return frozenset(compiled.scope.fields) - written


def _writers(compiled: Compiled) -> list[Placed]:
    steps = (placed for places in compiled.notes.writes.values() for placed in places)
    return [*(placed for _, placed in compiled.prefills), *compiled.pages.values(), *steps]


def check_usage(compiled: Compiled, final: Known) -> None:
    """Report fields without a writer, without a reader, and those that may be absent without saying so."""
    reads = _reads(compiled)
    scope = compiled.scope
    if not scope.is_uncertain:
        for path in sorted(scope.never_written):
            _report_never_written(path, reads, compiled)
    for path, declared in scope.fields.items():
        ways = final.get(path)
        if ways is None:
            continue
        if not declared.is_maybe and is_conditional(ways) and not scope.is_uncertain:
            _report_conditional(path, declared.at, compiled)
        if path not in reads and path in _asked(compiled):
            scope.report(
                "W201",
                declared.at,
                f"`{path}` is asked or fetched, but nothing reads or shows it",
                "show it to whoever decides, or stop asking",
            )
    _check_names(compiled)


def _report_never_written(path: str, reads: dict[str, Location], compiled: Compiled) -> None:
    scope = compiled.scope
    declared = scope.fields[path]
    if path not in reads:
        scope.report("E206", declared.at, f"`{path}` is never written and never read", "delete it, or ask for it")
        writer = _only_writer(declared.group, compiled)
        if writer is not None:
            message = f"{writer.what} writes all other fields of `{declared.group}`, but not `{path}`"
            scope.report("E206", writer.at, message, f"add `{path}` here, or delete its declaration")
        return
    scope.report(
        "E201",
        declared.at,
        f"nothing writes `{path}`, which is read in line {reads[path].line}",
        "ask for it on a page, prefill it, fill it in a step or decide it",
    )
    writer = _natural_writer(path, compiled)
    if writer is not None:
        scope.report(
            "E201",
            writer.at,
            f"{writer.what} writes the fields beside `{path}`, which nothing writes",
            f"add `{path}` here",
        )


def _natural_writer(path: str, compiled: Compiled) -> Placed | None:
    """Return the place that most probably forgot the field: a resource that knows it, or where its neighbours are."""
    group, _, name = path.partition(".")
    resources = compiled.scope.directory.resources
    for prefill, placed in compiled.prefills:
        known = compiled.scope.directory.account if prefill.source == "account" else resources.get(prefill.source, {})
        if name in known and any(given.startswith(f"{group}.") for given in placed.fields):
            return placed
    steps = [placed for places in compiled.notes.writes.values() for placed in places]
    forms = [*compiled.pages.values(), *steps]
    counts = [sum(1 for given in placed.fields if given.startswith(f"{group}.")) for placed in forms]
    best = max(counts, default=0)
    if best:
        return forms[counts.index(best)]
    return next(iter(compiled.pages.values()), None)


def _only_writer(group: str, compiled: Compiled) -> Placed | None:
    """Return the one place that writes the other fields of a group, if there is just one."""
    found = [placed for placed in _writers(compiled) if any(path.startswith(f"{group}.") for path in placed.fields)]
    return found[0] if len(found) == 1 else None


def _report_conditional(path: str, at: Location, compiled: Compiled) -> None:
    scope = compiled.scope
    scope.report(
        "E207",
        at,
        f"`{path}` is written only under a condition, so it may be absent",
        "declare the field or its group as `maybe`",
    )
    for placed in _writers(compiled):
        if path in placed.fields:
            for when in (*placed.whens, *([placed.each_when[path]] if path in placed.each_when else [])):
                scope.report(
                    "E207",
                    when.at,
                    f"under this condition `{path}` may be absent, but it is not declared `maybe`",
                    "declare it as `maybe`, or take the condition away",
                )
    for step, places in compiled.notes.writes.items():
        when_step = compiled.notes.whens.get(step)
        if when_step is not None and any(path in placed.fields for placed in places):
            scope.report(
                "E207",
                when_step.at,
                f"under this condition `{path}` may be absent, but it is not declared `maybe`",
                "declare it as `maybe`, or take the condition away",
            )


def _asked(compiled: Compiled) -> set[str]:
    return {p for placed in (*(pl for _, pl in compiled.prefills), *compiled.pages.values()) for p in placed.fields}


def _expressions(compiled: Compiled) -> list[Checked]:
    placed_whens = [when for placed in _writers(compiled) for when in (*placed.whens, *placed.each_when.values())]
    notes = compiled.notes
    return [
        *compiled.scope.lets.values(),
        *(condition.rule for condition in compiled.conditions),
        *compiled.material_conditions,
        *placed_whens,
        *notes.whens.values(),
        *notes.conditions.values(),
        *(checked for group in notes.reads.values() for checked in group),
    ]


def _reads(compiled: Compiled) -> dict[str, Location]:
    """Return every field that something reads or shows, with the first place."""
    found: dict[str, Location] = {}
    for checked in _expressions(compiled):
        for reading in checked.readings:
            found.setdefault(reading.path, reading.at)
        for path in checked.expression.guarded_reads:
            found.setdefault(path, checked.at)
    for named in compiled.notes.named.values():
        for path, at, _ in named:
            found.setdefault(path, at)
    for read in compiled.notes.tables.values():
        for path, at in read.inputs.items():
            found.setdefault(path, at)
    for _, placed in compiled.prefills:
        if placed.key is not None:
            found.setdefault(placed.key[0], placed.key[1])
    for path, at in (*compiled.notes.shows.items(), *compiled.notes.taken.items()):
        found.setdefault(path, at)
    return found


def _check_names(compiled: Compiled) -> None:
    """Warn of lets, roles and tables that nothing uses."""
    scope = compiled.scope
    used_lets = {name for checked in _expressions(compiled) for name, _ in checked.let_readings}
    for name, checked in scope.lets.items():
        if name not in used_lets:
            scope.report("W202", checked.at, f"nothing uses `{name}`", "delete the line")
    used_tables = {key.removeprefix("table.") for key in compiled.notes.places if key.startswith("table.")}
    for name, at in scope.tables.items():
        if name not in used_tables:
            scope.report("W202", at, f"no step decides by the table `{name}`", "delete it, or add a step with `decide`")
