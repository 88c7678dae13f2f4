"""Read how long things take: a duration, or a decision table that gives one; and when people are reminded."""

from workflows.domain.definition import LIMIT, Duration, Unit
from workflows.dsl.findings import did_you_mean
from workflows.dsl.notes import ITEM_LIMIT, FlowNotes
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, duration_of
from workflows.dsl.source import Scalar

SPANS = tuple(Unit)
"""Units of whatever takes time inside the flow."""

REMINDERS = (Unit.DAY, Unit.WEEK, Unit.HOUR)
_ITEM_LIMITS = (Unit.WORKING_DAY, Unit.DAY, Unit.WEEK, Unit.MONTH)
_DAYS = {Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 30.0, Unit.YEAR: 365.0, Unit.WORKING_DAY: 1.4, Unit.HOUR: 1 / 24}


def in_days(duration: Duration) -> float:
    """Return a rough length in natural days, to compare durations of different units."""
    return duration.amount * _DAYS[duration.unit]


def item_limit(reader: Reader, key: str, scope: Scope, *, notes: FlowNotes) -> Duration | None:
    """Return a limit of the item, or the longest that its table gives; the table is read when the clock starts."""
    found = span(reader, key, ITEM_LIMIT, scope, notes=notes)
    wrong = next((one for one in spans_of(found, notes) if one.unit not in _ITEM_LIMITS), None)
    if wrong is not None:
        allowed = ", ".join(_ITEM_LIMITS)
        message = f"`{key}` cannot be counted in `{wrong.unit}`"
        reader.report("E014", reader.location(key), message, f"use one of the units {allowed}")
        return None
    return found


def spans_of(limit: Duration | None, notes: FlowNotes) -> tuple[Duration, ...]:
    """Return every duration that a limit may be: itself, or those of its table's rows."""
    if limit is None or not limit.table:
        return () if limit is None else (limit,)
    rows = notes.tables[limit.table].table.rows
    return tuple(outputs[0] for _, outputs in rows if isinstance(outputs[0], Duration))


def span(reader: Reader, key: str, step: str, scope: Scope, *, notes: FlowNotes) -> Duration | None:
    """Return the duration of a key; one from a table has the longest of its rows, and the table's inputs are read."""
    scalar = reader.scalar(key)
    if scalar is None:
        return None
    if scalar.text in scope.tables:
        return _from_table(scalar, step, scope, notes=notes)
    if not scalar.text[:1].isdigit() and any(read.table.outputs == (LIMIT,) for read in notes.tables.values()):
        limits = [name for name, read in notes.tables.items() if read.table.outputs == (LIMIT,)]
        scope.report("E114", scalar.at, f"there is no table `{scalar.text}`", did_you_mean(scalar.text, limits))
        return None
    return duration_of(scalar, what=f"`{key}`", units=SPANS, findings=scope.findings)


def _from_table(scalar: Scalar, step: str, scope: Scope, *, notes: FlowNotes) -> Duration | None:
    scope.blame.use("table", scalar.text)
    notes.places[f"table.{scalar.text}"] = scalar.at
    read = notes.tables.get(scalar.text)
    if read is None:
        return None
    if read.table.outputs != (LIMIT,):
        scope.report(
            "E114",
            scalar.at,
            f"the table `{scalar.text}` gives values, not a duration",
            f"name a table with `out: {LIMIT}` whose rows end with a duration such as 5wd",
        )
        return None
    for path, at in read.inputs.items():
        if not any(("missing",) in cells for cells, _ in read.table.rows):
            notes.name(step, path, at=at)
    spans = [outputs[0] for _, outputs in read.table.rows if isinstance(outputs[0], Duration)]
    if not spans:
        return None
    longest = max(spans, key=in_days)
    return Duration(longest.amount, longest.unit, scalar.text)


def reminders(reader: Reader, within: Duration | None, scope: Scope) -> tuple[Duration, ...]:
    """Return how long before the end of a period people are reminded, the earliest first."""
    found: list[Duration] = []
    for scalar in reader.scalars("remind", single=True):
        before = duration_of(scalar, what="`remind`", units=REMINDERS, findings=scope.findings)
        if before is None:
            continue
        if within is not None and in_days(before) >= in_days(within):
            scope.report(
                "E014",
                scalar.at,
                f"a reminder {before} before the end comes before the period of {within} begins",
                "remind later, or give more time",
            )
        found.append(before)
    return tuple(sorted(found, key=in_days, reverse=True))
