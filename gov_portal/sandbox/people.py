"""Know the made-up people of the sandbox province; none of them exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gov_portal.kernel import yaml_files


@dataclass(frozen=True, slots=True)
class Guardianship:
    """Say who is a person's guardian (监护人)."""

    handle: str
    relation: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Hold the latest disability assessment (残疾评定); ``on`` is an ISO date."""

    kind: str
    level: int
    on: str


@dataclass(frozen=True, slots=True)
class Pension:
    """Say where somebody's pension (养老金) is paid to."""

    bank: str
    account: str


@dataclass(frozen=True, slots=True)
class Enterprise:
    """Name the company that somebody legally represents (法定代表人)."""

    name: str
    credit_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxPerson:
    """Hold one made-up person.

    Attributes:
        handle: name in tests and commands, such as ``guarded``.
        birth: ISO date.
        region: division code of the household.
        claims_name: what the person types where that differs from the population base.
        is_known: the population base has the person.
    """

    handle: str
    name: str
    id_no: str
    birth: str
    sex: str
    region: str
    note: str
    phone: str | None = None
    claims_name: str | None = None
    guardian: Guardianship | None = None
    assessment: Assessment | None = None
    pension: Pension | None = None
    enterprise: Enterprise | None = None
    draws_allowance: bool = False
    is_known: bool = True


class Population:
    """Find people by handle or number."""

    def __init__(self, people: tuple[SandboxPerson, ...]) -> None:
        """Keep everybody, strangers included."""
        self.everybody = people
        self._by_handle = {person.handle: person for person in people}
        self._by_id = {person.id_no: person for person in people if person.is_known}

    def person(self, handle: str) -> SandboxPerson:
        """Return the person of a handle.

        Raises:
            KeyError: there is none.
        """
        return self._by_handle[handle]

    def find(self, id_no: str) -> SandboxPerson | None:
        """Return the person that departments know by that number."""
        return self._by_id.get(id_no)


@cache
def load_people() -> Population:
    """Return the people of the package's own file."""
    text = files(__package__).joinpath("data/people.yaml").read_text("utf-8")
    content = yaml_files.read(text)
    known = [_person(entry, is_known=True) for entry in content["people"]]
    return Population((*known, *(_person(entry, is_known=False) for entry in content["strangers"])))


def _person(entry: Mapping[str, Any], *, is_known: bool) -> SandboxPerson:
    made = {"guardian": Guardianship, "assessment": Assessment, "pension": Pension, "enterprise": Enterprise}
    plain = {name: value for name, value in entry.items() if name not in made}
    parts = {name: kind(**entry[name]) for name, kind in made.items() if name in entry}
    return SandboxPerson(
        **plain,
        **parts,
        is_known=is_known,
    )
