"""Say which offices a case lies with now (现在在谁手里), as posts that other rows can name."""

from workflows.domain.definition import HumanStep, Role
from workflows.domain.state import Status, Task, TaskKind
from workflows.services.desk import Offices
from workflows.services.receipts import region_of
from workflows.storage.loading import StoredCase

Post = str
"""Department and region of a unit, spelt ``dept.cdpf|470101``."""

_Place = tuple[str, str | None]


def post_of(org: str, region: str) -> Post:
    """Return how the post of a unit is spelt."""
    return f"{org}|{region}"


def holders_of(stored: StoredCase, offices: Offices) -> dict[Post, str]:
    """Return the posts that hold an unfinished case with the names of their offices.

    Where the applicant is to do something it is the office that asked for it, and where only machines work the item's
    own authority; whoever only gives an opinion does not hold it. Asks a port: no connection may be held.
    """
    if stored.state.status not in (Status.OPEN, Status.SUSPENDED):
        return {}
    work = [task for task in stored.state.tasks.values() if task.kind is not TaskKind.CONSULT]
    found = [place for task in work if (place := _place(stored, task)) is not None]
    return {
        post_of(org, offices.unit(org, near) or ""): offices.name(org, near)
        for org, near in found or [_authority(stored)]
    }


def _place(stored: StoredCase, task: Task) -> _Place | None:
    if task.org:
        return task.org, task.near
    step = stored.definition.steps[task.step]
    role = stored.definition.roles.get(step.by) if isinstance(step, HumanStep) else None
    return None if role is None else _place_of(stored, role)


def _place_of(stored: StoredCase, role: Role) -> _Place:
    near = stored.values.get(role.near) if role.near else None
    return role.org, None if near is None else str(near)


def _authority(stored: StoredCase) -> _Place:
    authority = stored.definition.facts.authority
    roles = [role for role in stored.definition.roles.values() if role.org == authority]
    return _place_of(stored, roles[0]) if roles else (authority, region_of(stored))
