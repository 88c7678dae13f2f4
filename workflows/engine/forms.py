"""Say which fields the applicant must give now, by the conditions of pages, fields and prefills."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from workflows.domain.definition import Definition, Page
from workflows.domain.expressions import evaluate_lets, holds
from workflows.engine.run import Run


class Wanted(NamedTuple):
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
    names = set(pages)
    chosen = [page for page in run.plan.definition.pages if page.id in names]
    return wanted_of(run.plan.definition, chosen, run.values, today=run.today, lets=lets)


def settle_lets(run: Run) -> tuple[Mapping[str, object], Wanted]:
    """Work the lets out and take away what was typed before another answer made it needless.

    Return the lets, and what all pages want by them.
    Nobody asked for it in the end, so no step may read it: a guardian of somebody who needs none is not printed.
    """
    definition, asked, values, today = run.plan.definition, run.plan.asked, run.values, run.today
    while True:
        lets = evaluate_lets(definition.lets, values, today=today)
        wanted = wanted_of(definition, definition.pages, values, today=today, lets=lets)
        stray = [path for path in asked.difference(wanted.allowed) if values.get(path) is not None]
        if not stray:
            return lets, wanted
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
    fields = definition.fields
    for page in pages:
        if page.when is not None and not holds(page.when, values, today=today, lets=lets):
            continue
        for page_field in page.fields:
            path, when = page_field.path, page_field.when
            if when is None or holds(when, values, today=today, lets=lets):
                allowed[path] = None
                is_certain = when is not None or page.when is not None or not fields[path].is_maybe
                if is_certain and not page_field.is_optional:
                    needed[path] = None
    for prefill in definition.prefills:
        when = prefill.when
        if when is None or holds(when, values, today=today, lets=lets):
            for path in prefill.gives:
                allowed[path] = None
                if when is not None or not fields[path].is_maybe:
                    needed[path] = None
    missing = tuple([path for path in needed if values.get(path) is None])
    return Wanted(tuple(allowed), tuple(needed), missing)
