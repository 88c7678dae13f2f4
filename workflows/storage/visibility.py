"""Say in one predicate who may see a case; every list and every read of this package uses it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from gov_portal.kernel.principal import Citizen, Officer, Platform, Principal

_CITIZEN = "c.applicant = %s AND c.status <> 'discarded'"

_PARTY = """c.status NOT IN ('draft', 'discarded')
    AND EXISTS (SELECT 1 FROM workflows_parties y WHERE y.case_id = c.id AND y.person = %s)"""
"""A party sees a case from the moment it is first asked; what of it, the services say."""

# An officer sees a case once they have acted in it, where their post may act on it at any time (suspend, extend, hand
# over), and while a task of it lies with the team or with them. Drafts are nobody's business but the applicant's.
# OFFSET 0 has the tasks of this one case read first: a plan that is made while there are few rows would look through
# all open tasks of the team instead, and a prepared statement keeps that plan when there are many.
_OFFICER = """c.status NOT IN ('draft', 'discarded') AND (
    %s = ANY(c.officers) OR c.overseers && %s
    OR EXISTS (SELECT 1 FROM (SELECT * FROM workflows_tasks t WHERE t.case_id = c.id OFFSET 0) v
               WHERE v.org = %s AND v.unit = %s AND v.role = ANY(%s)
                 AND (v.rank IS NULL OR v.rank = %s) AND (v.officer IS NULL OR v.officer = %s)))"""

_REPORTED = "c.status NOT IN ('draft', 'discarded') AND c.item = ANY(%s) AND c.region LIKE %s"

# The same for a task row ``t``: the team's own, not taken by a colleague.
_TASK = """t.org = %s AND t.unit = %s AND t.role = ANY(%s) AND (t.rank IS NULL OR t.rank = %s)
    AND (t.officer IS NULL OR t.officer = %s)"""

_HELD = "{task}.officer = %s)"
_HELD_OR_COVERED = "{task}.officer = %s OR ({task}.officer = ANY(%s::uuid[]) AND {task}.kind <> 'vote'))"
"""Whoever stands in for absent colleagues (代理) sees their tasks too, but for votes, which are nobody else's."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Hold a condition on ``workflows_cases c`` with its parameters, in order."""

    clause: str
    params: tuple[object, ...]


@lru_cache(maxsize=4096)
def visible_to(principal: Principal, *, as_party: bool = False) -> Sight:
    """Return which cases a principal may see; with ``as_party`` those of others that a person takes part in."""
    match principal:
        case Citizen() if as_party:
            return Sight(_PARTY, (principal.subject,))
        case Citizen():
            return Sight(_CITIZEN, (principal.subject,))
        case Officer():
            clause = _covering(_OFFICER, principal, task="v")
            return Sight(clause, (principal.officer, array_of(posts_of(principal)), *_post(principal)))
        case Platform():
            return Sight("true", ())
        case _:
            assert_never(principal)


def reportable_to(items: list[str], *, within: str) -> Sight:
    """Return which cases are reported by who answers for some items where division codes begin so; no drafts."""
    return Sight(_REPORTED, (array_of(items), f"{within}%"))


def tasks_for(officer: Officer) -> Sight:
    """Return which open tasks ``t`` an officer holds or could take."""
    return Sight(_covering(_TASK, officer, task="t"), _post(officer))


def _covering(clause: str, officer: Officer, *, task: str) -> str:
    if not officer.covers:
        return clause
    return clause.replace(_HELD.format(task=task), _HELD_OR_COVERED.format(task=task))


def posts_of(officer: Officer) -> list[str]:
    """Return the posts of an officer as ``overseers`` spells them."""
    posts = [post_name(officer.org, officer.region, role=role) for role in sorted(officer.roles)]
    if officer.rank:
        posts += [f"{post}|{officer.rank}" for post in posts]
    return posts


def post_name(org: str, region: str, *, role: str, rank: str | None = None) -> str:
    """Return how ``overseers`` spells a post."""
    return "|".join((org, region, role) if rank is None else (org, region, role, rank))


def _post(officer: Officer) -> tuple[object, ...]:
    covered = (array_of(sorted(map(str, officer.covers))),) if officer.covers else ()
    return (officer.org, officer.region, array_of(sorted(officer.roles)), officer.rank, officer.officer, *covered)


def array_of(names: list[str]) -> str:
    """Return an array of names as PostgreSQL spells it, which is quicker to send than a list."""
    quoted = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return "{" + ",".join(f'"{name}"' for name in quoted) + "}"
