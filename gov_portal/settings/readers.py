"""Turn the text of one variable into a value, or raise ``ValueError`` in words that repeat no secret."""

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from gov_portal.kernel.working_days import Calendar

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LIMITED = re.compile(r"(item|system):[a-z0-9][a-z0-9/._-]*")
_HIGHEST_LIMIT = 10_000


def text(value: str) -> str:
    """Take any text."""
    return value


def flag(value: str) -> bool:
    """Read 0 or 1."""
    if value not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return value == "1"


def one_of(*allowed: str) -> Callable[[str], str]:
    """Read one of several words."""

    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return read


def is_simulated(value: str) -> bool:
    """Read which clock gives the business time."""
    return one_of("system", "simulated")(value) == "simulated"


def number(*, least: int = 0, most: int) -> Callable[[str], int]:
    """Read a whole number from ``least`` to ``most``."""

    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return read


def url(*schemes: str) -> Callable[[str], str]:
    """Read an address of one of some schemes."""

    def read(value: str) -> str:
        if value and (urlsplit(value).scheme not in schemes or "://" not in value):
            raise ValueError(f"must be a URL beginning with {' or '.join(f'{one}://' for one in schemes)}")
        return value

    return read


def base_url(value: str) -> str:
    """Read an address to which paths are added."""
    return url("http", "https")(value).rstrip("/")


def database(value: str) -> str:
    """Read an address of PostgreSQL; where it names several hosts, it must ask for the one that takes writes."""
    url("postgresql")(value)
    try:
        parts = conninfo_to_dict(value)
    except psycopg.ProgrammingError:
        raise ValueError("is not an address that PostgreSQL's clients can read") from None
    if "," in str(parts.get("host", "")) and parts.get("target_session_attrs") not in ("read-write", "primary"):
        raise ValueError("names several hosts, so it must end with target_session_attrs=read-write")
    return value


def folder(value: str) -> Path:
    """Read the path of a folder that exists."""
    path = Path(value)
    if not path.is_dir():
        raise ValueError(f"{value} is not a folder")
    return path


def optional_folder(value: str) -> Path | None:
    """Read the path of a folder that exists; empty for none."""
    return folder(value) if value else None


def optional_file(value: str) -> Path | None:
    """Read the path of a file that exists; empty for none."""
    if value and not Path(value).is_file():
        raise ValueError(f"{value} is not a file")
    return Path(value) if value else None


def calendar(value: str) -> Path | None:
    """Read the path of a calendar file that can be read; empty for none."""
    if not value:
        return None
    try:
        Calendar.official(Path(value))
    except (OSError, ValueError) as fault:
        raise ValueError(f"{value} is not a calendar: {fault}") from None
    return Path(value)


def limits(value: str) -> Mapping[str, int]:
    """Read how much of what may be under way at once."""
    found: dict[str, int] = {}
    for key, most in _object(value, of="items or systems and numbers").items():
        if not _LIMITED.fullmatch(key):
            raise ValueError(f"{key} is neither item:NAME nor system:NAME")
        if type(most) is not int or not 1 <= most <= _HIGHEST_LIMIT:
            raise ValueError(f"{key} must be a whole number from 1 to {_HIGHEST_LIMIT}")
        found[key] = most
    return found


def departments(value: str) -> Mapping[str, str]:
    """Read names and addresses of department systems."""
    found = _object(value, of="names and URLs")
    wrong = [key for key, address in found.items() if urlsplit(str(address)).scheme not in ("http", "https")]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} must have an http or https URL")
    return {key: str(address).rstrip("/") for key, address in found.items()}


def mail_address(value: str) -> str:
    """Read an e-mail address; empty for none."""
    user, _, domain = value.rpartition("@")
    if value and not (user and domain and value.isascii() and value.isprintable()):
        raise ValueError("must be an e-mail address")
    return value


def networks(value: str) -> tuple[Network, ...]:
    """Read networks such as ``10.0.0.0/8``, with commas between them."""
    found: list[Network] = []
    for part in filter(None, (part.strip() for part in value.split(","))):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            raise ValueError(f"{part} is not a network such as 10.0.0.0/8") from None
    return tuple(found)


def province(value: str) -> str:
    """Read the division code of a province."""
    if not (len(value) == 6 and value.isascii() and value.isdigit() and value.endswith("0000")):
        raise ValueError("must be a division code of a province, such as 470000")
    return value


def _object(value: str, *, of: str) -> dict[str, object]:
    try:
        found = json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON (column {error.colno})") from None
    if not isinstance(found, dict):
        raise ValueError(f"must be a JSON object of {of}")
    return found
