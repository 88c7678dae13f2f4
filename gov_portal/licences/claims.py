"""State what every signed form of a licence says openly, alike in the seal of the PDF and in the SD-JWT; pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.licences.status_lists import list_of, place_in

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Hold what is stated of one version; nothing of it is the holder's.

    Attributes:
        kind, name: id and name of the kind.
        number: 证照编号.
        status_index: its place in the status lists.
    """

    kind: str
    name: str
    identifier: str
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None
    status_index: int


def open_claims(statement: Statement, *, base_url: str) -> dict[str, object]:
    """Return the claims; times are those of the first and the last day in Shanghai.

    Source: RFC 7519, 4.1; draft-ietf-oauth-sd-jwt-vc, 3.2.2 (``vct``); draft-ietf-oauth-status-list, 6.1.
    """
    until = statement.valid_until
    place = {
        "idx": place_in(statement.status_index),
        "uri": status_list_url(base_url, list_of(statement.status_index)),
    }
    return {
        "iss": base_url,
        "vct": type_url(base_url, statement.kind),
        "nbf": _begin(statement.issued_on),
        **({"exp": _begin(until + _DAY)} if until else {}),
        "status": {"status_list": place},
        "licence": {
            "name": statement.name,
            "identifier": statement.identifier,
            "number": statement.number,
            "issuer": statement.issuer,
            "issued_on": statement.issued_on.isoformat(),
            "valid_until": until.isoformat() if until else None,
        },
    }


def copy_claims(statement: Statement, *, made_on: date, valid_until: date, base_url: str) -> dict[str, object]:
    """Return the claims of an annotated copy (加注件): its licence's within the copy's own days, and that it is one.

    For whom and for what it is stands across its page only: it may name people.
    """
    return {
        **open_claims(statement, base_url=base_url),
        "nbf": _begin(made_on),
        "exp": _begin(valid_until + _DAY),
        "copy": {"made_on": made_on.isoformat(), "valid_until": valid_until.isoformat()},
    }


def status_list_url(base_url: str, number: int) -> str:
    """Return the public address of a status list."""
    return f"{base_url}/status-lists/{number}"


def type_url(base_url: str, kind: str) -> str:
    """Return the public address of a kind, which names it in signed forms (``vct``)."""
    return f"{base_url}/licence-types/{kind}"


def _begin(day: date) -> int:
    return int(datetime.combine(day, time(), SHANGHAI).timestamp())
