"""Enumerate what can happen in an item: every choice of everybody, through the engine itself, up to a bound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heappop, heappush

from gov_portal.kernel.types import Bool, Enum
from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import DecideStep, Definition, HumanStep
from workflows.domain.state import Status
from workflows.dsl.made_up import RunFailed
from workflows.dsl.runs import RunEntry
from workflows.dsl.walking import Walk, filled
from workflows.engine.plan import plan_of

OFTEN = 3
"""How often one choice may be taken on a path, so that a supplement asked again and again comes to an end."""

LONGEST = 60
"""Choices after which a path is given up."""


@dataclass(frozen=True, slots=True)
class Path:
    """Hold one way of a case: what happened, and the outcome; empty where it was given up."""

    entries: tuple[RunEntry, ...]
    outcome: str
    given: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the line that ``gov items paths`` prints."""
        given = "".join(f"[{path} = {_shown(value)}] " for path, value in self.given.items())
        steps = " → ".join(f"{one}{_filled(one)}" for one in self.entries)
        return f"{given}{steps} ⇒ {self.outcome or '…'}"


@dataclass(slots=True)
class Enumeration:
    """Hold the paths that were found; ``is_cut`` where there are more."""

    paths: list[Path] = field(default_factory=list)
    is_cut: bool = False

    @property
    def outcomes(self) -> dict[str, int]:
        """Return outcome -> number of paths."""
        found: dict[str, int] = {}
        for path in self.paths:
            found[path.outcome] = found.get(path.outcome, 0) + 1
        return found


def enumerate_paths(definition: Definition, calendar: Calendar, *, most: int = 1000) -> Enumeration:
    """Return up to ``most`` paths; each application is tried that turns a condition of the item the other way.

    Where branches run side by side the first open step goes first: other orders lead to the same places.
    """
    found, seen = Enumeration(), set[str]()
    applications = list(_applications(definition))
    for given in applications:
        # The usual application first, with most of the bound; of the others only what they do otherwise is told.
        share = most if len(applications) == 1 else most * 3 // 4 if not given else most // 4 // (len(applications) - 1)
        for taken, path in enumerate(_walk(Walk(definition, calendar, given), given)):
            if taken == max(1, share):
                found.is_cut = True
                break
            steps = str(replace(path, given={}))
            if steps not in seen:
                seen.add(steps)
                found.paths.append(path)
    return found


def _walk(start: Walk, given: Mapping[str, object]) -> Iterator[Path]:
    """Yield paths, those that leave the usual way least often first."""
    waiting: list[tuple[int, int, Walk]] = [(0, 0, start)]
    number = 0
    while waiting:
        turns, _, walk = heappop(waiting)
        further = [] if walk.state.status is Status.CLOSED or len(walk.path) >= LONGEST else _branches(walk)
        for place, branch in enumerate(further):
            number += 1
            heappush(waiting, (turns + (place > 0), number, branch))
        if not further:
            yield Path(walk.path, walk.state.outcome or "", given)


def _branches(walk: Walk) -> list[Walk]:
    """Return the case after each thing that may happen next; what the engine refuses cannot."""
    found = []
    for entry in _next(walk):
        if sum(str(one) == str(entry) for one in walk.path) >= OFTEN:
            continue
        branch = walk.branch()
        try:
            branch.play(entry)
        except RunFailed:
            continue
        found.append(branch)
    return found


def _next(walk: Walk) -> Iterator[RunEntry]:
    if not walk.state.visits:
        yield from walk.choices()
        return
    places = plan_of(walk.definition).places
    for active in walk.leaves()[:1]:
        acts = places[active.step].acts
        # What goes on comes before what goes back, so that the first path of all is the usual one.
        choices = sorted(walk.choices_at(active), key=lambda one: one.word in acts and acts[one.word].back is not None)
        for entry in choices:
            yield from _variants(walk.definition, entry)


def _variants(definition: Definition, entry: RunEntry) -> Iterator[RunEntry]:
    """Yield an entry once for every row of a table that it fills an input of."""
    step = definition.steps[entry.step]
    act = step.act(entry.word) if isinstance(step, HumanStep) else None
    fills = {*(step.fill if isinstance(step, HumanStep) else ()), *(act.fill if act else ())}
    variants: list[dict[str, object]] = []
    for decide in definition.steps.values():
        table = definition.tables.get(decide.table) if isinstance(decide, DecideStep) and decide.table else None
        for cells, _ in table.rows if table else ():
            assert table is not None  # noqa: S101 - asked above
            values = {path: _example(cell) for path, cell in zip(table.inputs, cells, strict=True) if path in fills}
            values = {path: value for path, value in values.items() if value is not None}
            if values and values not in variants:
                variants.append(values)
    yield from (filled(entry, values) for values in variants or [{}])


def _example(cell: tuple[object, ...]) -> object:
    match cell:
        case ("is", value):
            return value
        case ("in", tuple(values)):
            return values[0]
        case ("range", low, high):
            return high if low is None else low
    return None


def _applications(definition: Definition) -> Iterator[dict[str, object]]:
    """Yield what applicants may say: the samples, and each answer that a condition reads turned another way."""
    yield {}
    asked = {one.path for page in definition.pages for one in page.fields}
    asked |= {path for prefill in definition.prefills for path in prefill.gives}
    for path in sorted(_read(definition) & asked):
        kind = definition.fields[path].type
        sample = kind.sample()
        others: list[object] = []
        if isinstance(kind, Bool):
            others = [not sample]
        elif isinstance(kind, Enum):
            others = [member for member in kind.members if member != sample]
        elif isinstance(sample, date):
            others = [date(2015, 6, 1) if sample.year < 2000 else date(1960, 1, 1)]
        yield from ({path: other} for other in others)


def _read(definition: Definition) -> set[str]:
    """Return the fields that lets, conditions of steps and tables read."""
    expressions = [*definition.lets.values()]
    for step in definition.steps.values():
        expressions += [one for one in (step.when, getattr(step, "condition", None)) if one is not None]
        expressions += [act.only for act in getattr(step, "acts", ()) if act.only is not None]
    found = {path for one in expressions for path in one.reads | one.guarded_reads}
    return found | {path for table in definition.tables.values() for path in table.inputs if path in definition.fields}


def _filled(entry: RunEntry) -> str:
    said = ", ".join(f"{path}: {_shown(value)}" for path, value in entry.fields.items())
    return f" {{{said}}}" if said else ""


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
