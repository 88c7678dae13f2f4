"""Know the made-up officers and units of the sandbox province; none of them exists."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32

from gov_portal.kernel import yaml_files
from gov_portal.kernel.codes import credit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOfficer:
    """Hold one made-up officer with posts at one unit."""

    login: str
    name: str
    phone: str
    org: str
    region: str
    unit_name: str
    credit_code: str
    roles: tuple[str, ...]
    rank: str = ""


def _credit_code(org: str, region: str) -> str:
    """Return the made-up credit code of a unit, always the same; no register begins one with G."""
    serial = f"{crc32(f'{org}@{region}'.encode()) % 10**8:08d}"
    return credit_code.build("G", "1", division_code=region, serial=serial)


@cache
def load_officers() -> tuple[SandboxOfficer, ...]:
    """Return the officers of the package's own file."""
    text = files(__package__).joinpath("data/officers.yaml").read_text("utf-8")
    content = yaml_files.read(text)
    names = {(unit["org"], unit["region"]): unit["name"] for unit in content["units"]}
    return tuple(
        SandboxOfficer(
            **{**entry, "roles": tuple(entry["roles"])},
            unit_name=names[entry["org"], entry["region"]],
            credit_code=_credit_code(entry["org"], entry["region"]),
        )
        for entry in content["officers"]
    )
