"""Know the made-up officers and units of the sandbox province; none of them exists."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOfficer:
    """Hold one made-up officer with posts at one unit."""

    login: str
    name: str
    phone: str
    org: str
    region: str
    unit_name: str
    roles: tuple[str, ...]
    rank: str = ""


@cache
def load_officers() -> tuple[SandboxOfficer, ...]:
    """Return the officers of the package's own file."""
    text = files(__package__).joinpath("data/officers.yaml").read_text("utf-8")
    content = YAML(typ="safe", pure=True).load(text)
    names = {(unit["org"], unit["region"]): unit["name"] for unit in content["units"]}
    return tuple(
        SandboxOfficer(**{**entry, "roles": tuple(entry["roles"])}, unit_name=names[entry["org"], entry["region"]])
        for entry in content["officers"]
    )
