"""Provide the made-up people who act in scenarios."""

from dataclasses import replace
from uuid import UUID, uuid5

from gov_portal.kernel.ids import CaseId, LicenceId, OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer
from workflows.domain.definition import Definition
from workflows.domain.state import Task

_SPACE = UUID("6f1d5c1e-7d0b-4b43-9c2e-3a2f6b1c4470")
COLLEAGUES = 6
"""How many officers hold each post."""


def case_id(scenario: str) -> CaseId:
    """Return the id of a scenario's case, always the same."""
    return CaseId(uuid5(_SPACE, f"case:{scenario}"))


def applicant(definition: Definition) -> Citizen:
    """Return an applicant with the assurance that the item asks."""
    own = "self" in definition.facts.acting_for
    person = Citizen(PersonId(uuid5(_SPACE, "applicant")), ial=definition.facts.ial, aal=2)
    return person if own else replace(person, acting_for=PersonId(uuid5(_SPACE, "ward")))


def licence_id() -> LicenceId:
    """Return the licence that a scenario's case is about, where its item is about one."""
    return LicenceId(uuid5(_SPACE, "licence"))


def neighbour() -> Citizen:
    """Return somebody else, who may object."""
    return Citizen(PersonId(uuid5(_SPACE, "neighbour")), ial=3, aal=2)


def officer_id(role: str, number: int) -> OfficerId:
    """Return the id of one holder of a post."""
    return OfficerId(uuid5(_SPACE, f"officer:{role}:{number}"))


def colleagues(role: str, near: str | None = None) -> tuple[OfficerId, ...]:
    """Return everybody who holds a post."""
    return tuple(officer_id(role, number) for number in range(1, COLLEAGUES + 1))


def officer(officer_: OfficerId, *, role: str, org: str, rank: str | None, region: str | None) -> Officer:
    """Return an officer at a post."""
    return Officer(officer_, org=org, region=region or "000000", roles=frozenset({role}), rank=rank or "", aal=2)


def candidates(task: Task) -> list[Officer]:
    """Return who may take an officers' task: whoever has it, or all who hold the post."""
    ids = (task.officer,) if task.officer is not None else colleagues(task.role)
    return [officer(one, role=task.role, org=task.org or "", rank=task.rank, region=task.near) for one in ids]


def post_holder(definition: Definition, role: str, region: str | None) -> Officer:
    """Return the first holder of a role of the item."""
    post = definition.roles[role]
    return officer(officer_id(role, 1), role=role, org=post.org, rank=post.rank, region=region)
