"""Whatever is sent to the API, it answers as its document says; see ``make test-api`` for more of the same.

Three kinds of caller try every endpoint with good and bad data, often about things that exist. What is not asked of the
API: that it accepts whatever fits a schema, for meaning is judged by the services.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance
from schemathesis.specs.openapi.checks import missing_required_header, object_level_authorization

from gov_portal.kernel.principal import Officer
from gov_portal.sandbox.people import load_people
from gov_portal.web.api.blueprint import api_document
from gov_portal.web.api.document import operations
from identity.domain.values import VisitForm
from tests.factories.interfaces import FreeRates
from tests.factories.province import CARD, Province
from tests.integration.api.conftest import a_province
from workflows.services.counter import Entry

HOOK = "https://hooks.example/portal"
OWN_ROLES = ("counter", "designer", "publisher")
"""Roles whose endpoints nobody else reaches."""
ENDS_THE_SESSION = {"sign_out", "end_session"}
OPERATIONS = [one["operationId"] for _path, _method, one in operations(api_document())]
EXAMPLES = int(os.environ.get("GOV_API_EXAMPLES", "3"))
PROVINCES = 3 if EXAMPLES > 10 else 1
"""Among so many workers the endpoints are divided, each with a province of its own."""
ENDPOINTS = [
    pytest.param(name, marks=pytest.mark.xdist_group(f"conformance {place % PROVINCES}"))
    for place, name in enumerate(OPERATIONS)
]
LEFT_OUT = [positive_data_acceptance, missing_required_header, object_level_authorization]


@dataclass
class Caller:
    """Hold one kind of caller and what exists for it."""

    headers: dict[str, str]
    known: dict[str, list[str]]


@pytest.fixture(scope="module")
def live(postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """A province of its own, since what is sent here is remembered, and its rates are free."""
    with a_province(postgres, tmp_path_factory.mktemp("tried")) as built:
        object.__setattr__(built.app.extensions["gov_portal.services"], "rates", FreeRates())
        yield built


@pytest.fixture(scope="module")
def callers(live: Province) -> dict[str, Caller]:
    token, citizen = live.citizen()
    window, _ = live.officer("dept.subdistrict", "window")
    cases = [live.draft(citizen), live.submitted(citizen), live.accepted(citizen), live.accepted(citizen)]
    known = {
        "item": [CARD],
        "case": [str(case) for case in cases],
        "task": ["accept.1", "assess.1"],
        "page": ["basic", "delivery", "materials"],
        "step": ["publicise"],
    }
    hospital = live.system("dept.health", "assessor")
    unit = live.platform.identity.bearer(hospital)
    assert isinstance(unit, Officer)
    hall, officer = live.officer("dept.subdistrict", "counter")
    known["hash"] = [one.hash for one in live.platform.items.versions.versions(CARD)]
    known["visit"] = [str(a_visit(live, officer))]
    webhooks = [live.platform.outgoing.webhooks.subscribe(HOOK, ["case.closed"], by=unit) for _ in range(8)]
    known["webhook"] = [str(one.webhook.id) for one in webhooks]
    known["message"] = [str(one.id) for one in live.platform.messages.inbox(citizen.person)]
    bearer = {
        "citizen": token,
        "officer": window,
        "system": hospital,
        "counter": hall,
        "designer": live.officer("dept.data", "designer", region="470000")[0],
        "publisher": live.officer("dept.data", "publisher", region="470000")[0],
    }
    signed_in = {name: Caller({"Authorization": f"Bearer {one}"}, known) for name, one in bearer.items()}
    return {"anonymous": Caller({}, known), **signed_in}


def a_visit(live: Province, officer: Officer) -> UUID:
    """Let the citizen of the cases show their card at a counter, and agree that their draft is gone on with."""
    person, counter = load_people().person("adult"), live.platform.identity.counter
    visit = counter.identify(VisitForm(name=person.name, id_no=person.id_no, is_card_seen=True), by=officer)
    entry = Entry(visit, officer, "oral")
    live.platform.casework.counter.begin(CARD, entry=entry, by=counter.visit(visit, by=officer).citizen)
    return visit


def whoever(callers: dict[str, Caller], operation) -> dict[str, Caller]:
    """Return who tries an endpoint: officers of its own role where it demands one of these, else the others."""
    wanted = {role for role in operation.definition.raw["x-roles"] if role in OWN_ROLES}
    others = {who: one for who, one in callers.items() if who not in OWN_ROLES}
    if not wanted:
        return others
    return {"anonymous": others["anonymous"], "citizen": others["citizen"], **{who: callers[who] for who in wanted}}


@pytest.fixture(scope="module")
def api_schema(live: Province):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", live.app)
    schema.config.generation.update(with_security_parameters=False)
    # A body that is too large is wrong as well.
    rejection = schema.config.checks.negative_data_rejection
    rejection.expected_statuses = [*rejection.expected_statuses, "413"]
    return {found.ok().definition.raw["operationId"]: found.ok() for found in schema.get_all_operations()}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_answer_to_what_fits_is_a_documented_one(name: str, api_schema, callers) -> None:
    trying = whoever(callers, api_schema[name])
    if name in ENDS_THE_SESSION:
        trying = {"anonymous": trying["anonymous"]}
    ask(api_schema[name], GenerationMode.POSITIVE, st.just(tuple(trying.values())))


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_answer_to_what_does_not_fit_is_a_documented_one(name: str, api_schema, callers) -> None:
    operation = api_schema[name]
    if operation.body or operation.query or "{case}" in operation.path:
        one = st.sampled_from(list(whoever(callers, operation).values()))
        ask(operation, GenerationMode.NEGATIVE, st.tuples(one))


def ask(operation, mode: GenerationMode, callers: st.SearchStrategy[tuple[Caller, ...]]) -> None:
    """Make up so many requests, and send each as every one of some callers."""

    @given(case=operation.as_strategy(generation_mode=mode), trying=callers)
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
    )
    def answered(case, trying: tuple[Caller, ...]) -> None:
        if mode is GenerationMode.POSITIVE:
            point_at_what_exists(case, trying[0])
        for caller in trying:
            case.call_and_validate(headers=caller.headers, excluded_checks=LEFT_OUT)

    answered()


def point_at_what_exists(case, caller: Caller) -> None:
    """Let half of the calls be about things that exist."""
    parameters = dict(case.path_parameters or {})
    for name, value in parameters.items():
        known = caller.known.get(name)
        place = crc32(str(value).encode(errors="replace")) % 8
        if known and place < 6:
            parameters[name] = known[place % len(known)]
    case.path_parameters = parameters
