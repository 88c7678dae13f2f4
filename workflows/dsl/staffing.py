"""Check at publishing that somebody can do the work in every region (W404)."""

from collections.abc import Callable, Iterable, Iterator

from workflows.domain.definition import APPLICANT, Definition, HumanStep, Location, Role
from workflows.dsl.findings import Finding, Findings

Holders = Callable[[Role, str | None], int]
"""How many officers hold the post of a role where a region is served; ``None`` asks for the whole department."""

MOST_NAMED = 3


def check_staffed(definition: Definition, holders: Holders, regions: Iterable[str]) -> tuple[Finding, ...]:
    """Return a warning for every role that too few officers hold in some region.

    Args:
        definition: the version to be published.
        holders: who serves where.
        regions: division codes that the item is offered in.
    """
    findings, every = Findings(), tuple(regions)
    for role, needed, at in _needs(definition):
        places: tuple[str | None, ...] = every if role.near is not None else (None,)
        lacking = [place for place in places if holders(role, place) < needed]
        if lacking:
            named = ", ".join(place or "the department" for place in lacking[:MOST_NAMED])
            more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
            findings.report(
                "W404",
                at=at,
                message=f"the role `{role.name}` of {role.org} needs {needed} officers, but {named}{more} has fewer",
                remedy="enter officers with this post, or publish for other regions",
            )
    return findings.sorted()


def _needs(definition: Definition) -> Iterator[tuple[Role, int, Location]]:
    """Yield every role that works, how many must hold it, and the first step that it does."""
    steps = [step for step in definition.steps.values() if isinstance(step, HumanStep) and step.by != APPLICANT]
    for role in definition.roles.values():
        theirs = [step for step in steps if step.by == role.name]
        if theirs and role.org:
            yield role, max(step.vote.of if step.vote else 1 for step in theirs), theirs[0].at
