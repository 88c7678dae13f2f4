"""What is looked at most costs a known number of statements, the same for three rows as for thirty."""

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen
from tests.factories.province import CARD, Province
from tests.factories.statements import statements_of

FEW, MANY = 3, 30
COMMON = re.compile("kernel_clock|kernel_rates|SET seen_at")
"""The sandbox asks for its clock; limits and signs of life are told for many requests at once, by the clock."""

ROUTES = {
    "guide": (f"/items/{CARD}?region=470101", "visitor", 2),
    "home": ("/?q=", "citizen", 5),
    "own cases": ("/cases", "citizen", 6),
    "case page": ("/cases/{case}", "citizen", 6),
    "messages": ("/messages", "citizen", 3),
    "queue": ("/officer?all=1", "officer", 11),
    "case at the desk": ("/officer/cases/{case}?read=1", "officer", 9),
    "task page": ("/officer/cases/{case}/tasks/accept.1", "officer", 18),
    "api cases": ("/api/v1/cases", "citizen", 2),
    "api case": ("/api/v1/cases/{case}", "citizen", 4),
    "api messages": ("/api/v1/messages", "citizen", 2),
    "api queue": ("/api/v1/desk/tasks", "officer", 3),
}
"""Route -> its address, who looks, and the statements that it costs, that of the session among them."""

COPY_CASES = """
INSERT INTO workflows_cases OVERRIDING USER VALUE
SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'case_number', gen_random_uuid()))).*
FROM workflows_cases c, generate_series(1, %s) n WHERE c.id = %s RETURNING id"""
COPY_TASKS = """
INSERT INTO workflows_tasks
SELECT (jsonb_populate_record(t, jsonb_build_object('case_id', copy.id))).*
FROM workflows_tasks t, unnest(%s) AS copy (id) WHERE t.case_id = %s"""
FORGET = ("DELETE FROM workflows_tasks WHERE case_id = ANY(%s)", "DELETE FROM workflows_cases WHERE id = ANY(%s)")


@dataclass
class Hall:
    """A person and an officer with their sessions, and a case that is the one's and waits with the other."""

    live: Province
    clients: dict[str, FlaskClient]
    tokens: dict[str, str]
    who: Citizen
    case: CaseId

    def ask(self, route: str, way: str, holder: str) -> None:
        path = way.format(case=self.case)
        headers = {"Authorization": f"Bearer {self.tokens[holder]}"} if path.startswith("/api/") else {}
        response = self.clients[holder].get(path, headers=headers)
        assert response.status_code == 200, (route, response.status, response.text[:300])

    def grow(self, rows: int) -> list[CaseId]:
        """Let as many cases wait as one has, and tell as many news."""
        with self.live.base.db.driver() as driver:
            copies = [row[0] for row in driver.execute(COPY_CASES, (rows, self.case)).fetchall()]
            driver.execute(COPY_TASKS, (copies, self.case))
        for _ in range(rows):
            self.live.platform.messages.tell(
                self.who.person, "case.accepted", {"case": str(self.case)}, idempotency_key=uuid4().hex
            )
        return copies


@pytest.fixture
def hall(live: Province) -> Hall:
    token, citizen = live.citizen()
    desk, _ = live.officer("dept.subdistrict", "window")
    tokens = {"citizen": token, "officer": desk}
    clients = {holder: _browser(live, one) for holder, one in tokens.items()}
    return Hall(
        live,
        {**clients, "visitor": live.app.test_client()},
        {**tokens, "visitor": ""},
        citizen,
        live.submitted(citizen),
    )


def _browser(live: Province, token: str) -> FlaskClient:
    client = live.app.test_client()
    with client.session_transaction() as session:
        session["token"] = token
    return client


def test_a_route_costs_the_same_statements_for_three_rows_as_for_thirty(hall: Hall, monkeypatch) -> None:
    def costs() -> dict[str, int]:
        return {route: _cost(hall, route, monkeypatch) for route in ROUTES}

    copies = hall.grow(FEW)
    try:
        few = costs()
        copies += hall.grow(MANY - FEW)
        many = costs()
    finally:
        with hall.live.base.db.driver() as driver:
            for sql in FORGET:
                driver.execute(sql, (copies,))
    assert many == few
    assert few == {route: cost for route, (_way, _holder, cost) in ROUTES.items()}


def _cost(hall: Hall, route: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Count the second and the third look, and take the smaller: what is known for seconds is asked anew in between."""
    way, holder, _cost = ROUTES[route]
    hall.ask(route, way, holder)
    looks = [statements_of(lambda: hall.ask(route, way, holder), monkeypatch) for _ in range(2)]
    return min(len([one for one in sent if COMMON.search(one) is None]) for sent in looks)
