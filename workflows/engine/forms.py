"""Say which fields the applicant must give now, by the conditions of pages, fields and prefills."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from workflows.domain.definition import Definition, Page
from workflows.domain.expressions import evaluate_lets, holds
from workflows.engine.run import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold the fields of a form as of now.

    Attributes:
        allowed: fields that may be given.
        needed: fields that must have a value.
        missing: needed ones that have none.
    """

    allowed: tuple[str, ...]
    needed: tuple[str, ...]
    missing: tuple[str, ...]


def wanted_fields(run: Run, *, pages: Iterable[str], lets: Mapping[str, object]) -> Wanted:
    """Return what the given pages, or prefills in their stead, want of the values as they are in this run."""
    chosen = [page for page in run.plan.definition.pages if page.id in set(pages)]
    return wanted_of(run.plan.definition, chosen, run.values, today=run.today, lets=lets)


def settle_lets(run: Run) -> Mapping[str, object]:
    """Work the lets out and take away what was typed before another answer made it needless; return the lets.

    Nobody asked for it in the end, so no step may read it: a guardian of somebody who needs none is not printed.
    """
    definition, asked = run.plan.definition, run.plan.asked
    while True:
        lets = evaluate_lets(definition.lets, run.values, today=run.today)
        allowed = wanted_of(definition, definition.pages, run.values, today=run.today, lets=lets).allowed
        stray = [path for path in asked.difference(allowed) if run.values.get(path) is not None]
        if not stray:
            return lets
        run.writes.update(dict.fromkeys(sorted(stray)))


def wanted_of(
    definition: Definition,
    pages: Iterable[Page],
    values: Mapping[str, object],
    *,
    today: date,
    lets: Mapping[str, object],
) -> Wanted:
    """Return what pages and prefills want of some values.

    A field is needed when its conditions hold; one that may be absent is needed only under a condition of its own or
    of its page, and one that is optional never. What a prefill gives is needed when its condition holds, and may be
    typed where a department could not.
    """
    needed: dict[str, None] = {}
    allowed: dict[str, None] = {}
    for page in pages:
        if not holds(page.when, values, today=today, lets=lets):
            continue
        for page_field in page.fields:
            if holds(page_field.when, values, today=today, lets=lets):
                allowed[page_field.path] = None
                is_certain = page_field.when or page.when or not definition.fields[page_field.path].is_maybe
                if is_certain and not page_field.is_optional:
                    needed[page_field.path] = None
    for prefill in definition.prefills:
        if holds(prefill.when, values, today=today, lets=lets):
            allowed.update(dict.fromkeys(prefill.gives))
            certain = [path for path in prefill.gives if prefill.when or not definition.fields[path].is_maybe]
            needed.update(dict.fromkeys(certain))
    missing = tuple(path for path in needed if values.get(path) is None)
    return Wanted(tuple(allowed), tuple(needed), missing)
