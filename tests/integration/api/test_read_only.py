"""While the database takes no writes one reads on; what would change something is refused and changes nothing."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from flask.testing import FlaskClient

from gov_portal.kernel.ids import CaseId
from identity.domain.values import SessionToken
from tests.factories.province import CARD, Province

SEEN_LONG_AGO = "UPDATE identity_sessions SET seen_at = seen_at - interval '2 minutes'"
EVERYTHING = """SELECT (SELECT count(*) FROM kernel_ledger), (SELECT count(*) FROM workflows_cases),
    (SELECT sum(rev) FROM workflows_cases), (SELECT count(*) FROM kernel_outbox), (SELECT max(seen_at) FROM
    identity_sessions), (SELECT sum(length(requests)) FROM workflows_cases)"""


class Paused:
    """A person with a case, in a province whose database takes no writes."""

    def __init__(self, live: Province, token: SessionToken, case: CaseId) -> None:
        self.live, self.token, self.case = live, token, case

    def browser(self, *, language: str = "zh") -> FlaskClient:
        client = self.live.app.test_client()
        client.set_cookie("gov_language", language)
        with client.session_transaction() as session:
            session["token"] = self.token
        return client

    def stored(self) -> object:
        with self.live.platform.base.db.driver() as driver:
            return driver.execute(EVERYTHING).fetchone()


@pytest.fixture
def paused(live: Province) -> Iterator[Paused]:
    token, citizen = live.citizen()
    case, db, heart = live.accepted(citizen), live.platform.base.db, live.platform.monitor.heart
    with db.driver() as driver:
        driver.execute(SEEN_LONG_AGO)
    _let_write(live, is_on=False)
    assert not heart.is_heard()
    yield Paused(live, token, case)
    _let_write(live, is_on=True)
    assert heart.is_heard()


def _let_write(live: Province, *, is_on: bool) -> None:
    owner, value = live.platform.base.settings.database_owner_url, "off" if is_on else "on"
    with psycopg.connect(owner, autocommit=True, options="-c default_transaction_read_only=off") as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")
    live.platform.base.db.dispose()
    live.platform.monitor.close()


def test_one_reads_on_and_is_told_that_nothing_can_be_sent(paused: Paused) -> None:
    client = paused.browser()
    pages = ["/", f"/items/{CARD}", "/cases", f"/cases/{paused.case}", "/wallet", "/messages", "/verify", "/notices"]
    answers = {path: client.get(path) for path in pages}
    assert {path: one.status_code for path, one in answers.items()} == dict.fromkeys(pages, 200)
    assert all("data-paused" in one.text for one in answers.values())
    assert "data-paused" in paused.live.app.test_client().get("/").text
    assert "nothing can be sent" in paused.browser(language="en").get("/cases").text


def test_programs_read_on_and_are_counted(paused: Paused) -> None:
    client, bearer = paused.live.app.test_client(), {"Authorization": f"Bearer {paused.token}"}
    first, second = (client.get(f"/api/v1/cases/{paused.case}", headers=bearer) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    for one in (first, second):
        whole = int(re.search(r"q=(\d+)", one.headers["RateLimit-Policy"])[1])
        assert int(re.search(r"r=(\d+)", one.headers["RateLimit"])[1]) < whole


@pytest.mark.parametrize(("language", "words"), [("zh", "暂时不能提交"), ("en", "nothing can be sent")])
def test_what_would_change_something_is_refused_in_words_and_changes_nothing(
    paused: Paused, language: str, words: str
) -> None:
    client, before = paused.browser(language=language), paused.stored()
    form = client.get(f"/cases/{paused.case}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    sent = {"csrf_token": token, "reason": "x", "sure": "1", "for_whom": "self", "act": "again"}
    for path in (f"/cases/{paused.case}/urge", f"/cases/{paused.case}/withdraw", f"/items/{CARD}/start"):
        answer = client.post(path, data=sent)
        assert (path, answer.status_code) == (path, 503)
        assert answer.headers["Retry-After"] == "30"
        assert words in answer.text
    assert paused.stored() == before


def test_a_program_that_would_change_something_gets_a_problem(paused: Paused) -> None:
    client, before = paused.live.app.test_client(), paused.stored()
    headers = {"Authorization": f"Bearer {paused.token}", "Idempotency-Key": "k-1", "Accept-Language": "en"}
    answer = client.post(f"/api/v1/cases/{paused.case}/withdrawal", json={"reason": "x"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (503, "writing-paused")
    assert answer.headers["Retry-After"] == "30"
    assert paused.stored() == before


def test_nobody_signs_in_meanwhile_and_the_page_says_why(paused: Paused) -> None:
    client = paused.live.app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
    answer = client.post("/sign-in", data={"csrf_token": token, "login": "12000000001", "password": "x" * 12})
    assert answer.status_code == 503
    assert "已经保存的内容都在" in answer.text


def test_afterwards_everything_goes_on(live: Province) -> None:
    token, citizen = live.citizen()
    live.submitted(citizen)
    client = live.app.test_client()
    assert "data-paused" not in client.get("/").text
    assert client.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"}).status_code == 200
