"""Say what each department knows and takes; the answers are those of its own records."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gov_portal.sandbox.paper import one_page_pdf
from gov_portal.sandbox.people import Population, SandboxPerson
from gov_portal.sandbox.store import KeyReused, Store

Json = dict[str, Any]
Record = Mapping[str, Any]

_EIGHTY_YEARS_AGO = "1946-03-02"


class RequestRefused(Exception):
    """Refuse a request; the text names fields, never a value."""

    def __init__(self, status: int, reason: str) -> None:
        """Remember the HTTP status and why."""
        self.status = status
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Archive:
    """Tell the records about a subject: none, one or several."""

    look_up: Callable[[Population, SandboxPerson], tuple[Record, ...]]


@dataclass(frozen=True, slots=True)
class Inbox:
    """Take what has all of ``required``, once per idempotency key."""

    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Department:
    """Hold one department's system: what it tells and what it takes, by resource."""

    id: str
    name: str
    archives: Mapping[str, Archive]
    inboxes: Mapping[str, Inbox]

    def answer(
        self, operation: str, *, resource: str, body: Mapping[str, Any], records: Population, inbox: "Delivery"
    ) -> Json:
        """Return the reply to one request.

        Raises:
            RequestRefused: the resource or operation is not known here, or the body lacks something.
        """
        if operation == "push" and resource in self.inboxes:
            return _take(self.inboxes[resource], body, inbox)
        if operation in {"query", "check"} and resource in self.archives:
            subject = records.find(str(body.get("key", "")))
            found = self.archives[resource].look_up(records, subject) if subject else ()
            return _tell(body, found) if operation == "query" else _compare(body, found)
        raise RequestRefused(404, "no such resource here")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold where a push goes: the store, the resource and the sender's key."""

    store: Store
    resource: str
    idempotency_key: str


def _tell(body: Mapping[str, Any], found: tuple[Record, ...]) -> Json:
    fields = body.get("fields")
    if not isinstance(fields, list) or not fields:
        raise RequestRefused(400, "fields is wanting")
    if not found:
        return {"result": "absent"}
    unknown = [name for name in fields if name not in found[0]]
    if unknown:
        raise RequestRefused(400, "a field is not known here")
    return {"result": "found", "rows": [{name: record[name] for name in fields} for record in found]}


def _compare(body: Mapping[str, Any], found: tuple[Record, ...]) -> Json:
    """Answer whether the values are right, without telling one."""
    expected = body.get("expected")
    if not isinstance(expected, dict) or not expected:
        raise RequestRefused(400, "expected is wanting")
    if not found:
        return {"result": "absent"}
    is_match = any(all(record.get(name) == value for name, value in expected.items()) for record in found)
    return {"result": "found" if is_match else "mismatch"}


def _take(inbox: Inbox, body: Mapping[str, Any], delivery: Delivery) -> Json:
    content = body.get("content")
    if not isinstance(content, dict):
        raise RequestRefused(400, "content is wanting")
    missing = sorted(name for name in inbox.required if not content.get(name))
    if missing:
        raise RequestRefused(422, f"wanting: {', '.join(missing)}")
    try:
        taken = delivery.store.receive(delivery.resource, content, idempotency_key=delivery.idempotency_key)
    except KeyReused:
        raise RequestRefused(422, "the idempotency key was used for something else") from None
    return {"result": "done", "receipt": {"number": f"{taken.number:08d}", "is_repeat": taken.is_repeat}}


def _population_record(_: Population, person: SandboxPerson) -> tuple[Record, ...]:
    return ({name: getattr(person, name) for name in ("name", "id_no", "birth", "sex", "region")},)


def _guardian_record(people: Population, ward: SandboxPerson) -> tuple[Record, ...]:
    if ward.guardian is None:
        return ()
    guardian = people.person(ward.guardian.handle)
    return ({"name": guardian.name, "id_no": guardian.id_no, "relation": ward.guardian.relation},)


def _assessment_record(_: Population, person: SandboxPerson) -> tuple[Record, ...]:
    found = person.assessment
    if found is None:
        return ()
    lines = (
        "SAMPLE - assessment report",
        "Made up for a sandbox; nobody in it exists.",
        f"Subject: {person.id_no[:6]}********{person.id_no[-4:]}",
        f"Kind: {found.kind}",
        f"Level: {found.level}",
        f"Assessed on: {found.on}",
    )
    report = {"media_type": "application/pdf", "content": base64.b64encode(one_page_pdf(lines)).decode()}
    return ({"kind": found.kind, "level": found.level, "assessed_on": found.on, "report": report},)


def _holds(answer: bool) -> tuple[Record, ...]:
    return ({"holds": answer},)


def _aged_80(_: Population, person: SandboxPerson) -> tuple[Record, ...]:
    """Answer as of the day on which the sandbox begins."""
    return _holds(person.birth <= _EIGHTY_YEARS_AGO)


def _draws_allowance(_: Population, person: SandboxPerson) -> tuple[Record, ...]:
    return _holds(person.draws_allowance)


def _draws_pension(_: Population, person: SandboxPerson) -> tuple[Record, ...]:
    return _holds(person.pension is not None)


def _payment_record(_: Population, person: SandboxPerson) -> tuple[Record, ...]:
    return ({"bank": person.pension.bank, "account": person.pension.account},) if person.pension else ()


def _enterprise_record(_: Population, person: SandboxPerson) -> tuple[Record, ...]:
    found = person.enterprise
    return ({"name": found.name, "credit_code": found.credit_code},) if found else ()


DEPARTMENTS: Mapping[str, Department] = {
    department.id: department
    for department in (
        Department(
            "police",
            "人口基础信息库",
            {"police.person": Archive(_population_record), "police.aged_80": Archive(_aged_80)},
            {},
        ),
        Department(
            "civil",
            "监护登记系统",
            {"civil.guardian": Archive(_guardian_record), "civil.draws_allowance": Archive(_draws_allowance)},
            {},
        ),
        Department(
            "cdpf",
            "残疾人人口基础数据库",
            {},
            {"cdpf.register": Inbox(frozenset({"name", "id_no", "licence", "kind", "grade", "status"}))},
        ),
        Department("finance", "政府非税收入缴费系统", {}, {}),
        Department(
            "housing",
            "工程建设项目审批管理系统",
            {},
            {
                "housing.project": Inbox(frozenset({"id_no", "project"})),
                "housing.release": Inbox(frozenset({"id_no", "project"})),
            },
        ),
        Department(
            "hrss",
            "社会保险信息系统",
            {"hrss.payment": Archive(_payment_record), "hrss.draws_pension": Archive(_draws_pension)},
            {},
        ),
        Department("market", "经营主体登记系统", {"market.enterprise": Archive(_enterprise_record)}, {}),
        Department("health", "残疾评定系统", {"health.assessment": Archive(_assessment_record)}, {}),
        Department(
            "post",
            "政务寄递平台",
            {},
            {"post.shipment": Inbox(frozenset({"recipient", "phone", "address", "case_number"}))},
        ),
    )
}
