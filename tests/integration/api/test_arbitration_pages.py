"""A labour dispute goes its whole way through the real pages, forms and links only: no script runs anywhere."""

from collections.abc import Mapping
from datetime import timedelta

import httpx
import pytest

from gov_portal.cli.demo.browser import Browser, Page
from gov_portal.cli.demo.people import Officer
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.working_days import local_date
from identity.domain.values import SessionToken
from tests.factories.arbitration import CLAIMANT, RESPONDENT, STRANGER, served
from tests.factories.province import Province


class InProcess(Browser):
    """A browser without eyes that asks the app in this process, signed in already."""

    def __init__(self, live: Province, token: SessionToken) -> None:
        client = live.app.test_client()
        with client.session_transaction() as session:
            session["token"] = str(token)
        cookie = client.get_cookie("gov_session")
        assert cookie is not None
        transport = httpx.WSGITransport(app=live.app)
        self._client = httpx.Client(base_url="http://localhost", transport=transport, follow_redirects=True)
        # As the jar of cookies spells a host without a dot, so that what the portal sets takes its place.
        self._client.cookies.set("gov_session", cookie.value, domain="localhost.local")


@pytest.fixture
def case(live: Province) -> CaseId:
    return served(live)


def citizen(live: Province, handle: str) -> InProcess:
    return InProcess(live, live.citizen(handle)[0])


def office(live: Province, role: str) -> Officer:
    return Officer(role, "", InProcess(live, live.officer("dept.labour", role)[0]))


def take(live: Province, who: InProcess, case: CaseId, act: str, values: Mapping[str, str] | None = None) -> Page:
    done = who.submit(who.open(f"/cases/{case}/part"), f"turn-{act}", values)
    live.deliver_all()
    return done


def heard(live: Province, case: CaseId, number: str) -> None:
    """Name the arbitrator and the day, and hold the hearing.

    It was yesterday, so that nobody has to move the clock of the province, which other tests read.
    """
    leader, arbitrator = office(live, "leader"), office(live, "arbitrator")
    page = leader.task(number, step="panel")
    _, who = live.officer("dept.labour", "arbitrator")
    day = local_date(live.platform.base.clock.now()) - timedelta(days=1)
    named = {"hearing.day.year": f"{day.year}", "hearing.day.month": f"{day.month}", "hearing.day.day": f"{day.day}"}
    leader.browser.submit(page, "act-done", {**named, "hearing.arbitrator": str(who.officer), "act": "done"})
    live.platform.casework.cases.fire_due()
    live.deliver_all()
    values = {"hearing.record": "双方到庭", "hearing.proposal": "十日内付清"}
    arbitrator.act(number, step="hear", act="heard", values=values)
    live.deliver_all()


def test_the_respondent_is_told_answers_is_heard_and_both_sign_a_settlement(live: Province, case: CaseId) -> None:
    claimant, respondent = citizen(live, CLAIMANT), citizen(live, RESPONDENT)
    number = claimant.open(f"/cases/{case}").mark("case-number")
    assert number in respondent.open("/messages").text
    assert f"/cases/{case}/part" in respondent.open("/cases").links
    asked = respondent.open(f"/cases/{case}/part")
    assert asked.mark("turn") == "answer"
    assert "应诉通知书" in asked.marks["document"]
    answered = take(live, respondent, case, "answer", {"answer.text": "已经发放"})
    assert "turn" not in answered.marks
    heard(live, case, number)
    assert "已经发放" in claimant.open(f"/cases/{case}").text
    for who in (respondent, claimant):
        assert who.open(f"/cases/{case}/part").mark("turn") == "settle"
        take(live, who, case, "sign")
    ended = claimant.open(f"/cases/{case}")
    assert (ended.mark("status"), ended.mark("outcome")) == ("closed", "settled")
    assert "调解结案" in respondent.open(f"/cases/{case}/part").text


def test_a_respondent_who_differs_is_given_the_award_and_appeals(live: Province, case: CaseId) -> None:
    respondent = citizen(live, RESPONDENT)
    number = citizen(live, CLAIMANT).open(f"/cases/{case}").mark("case-number")
    take(live, respondent, case, "waive")
    heard(live, case, number)
    take(live, respondent, case, "differ")
    values = {"award.text": "支付三个月工资", "reason": "工资条和流水相符"}
    office(live, "arbitrator").act(number, step="award", act="grant", values=values)
    live.deliver_all()
    closed = respondent.open(f"/cases/{case}/part")
    assert "仲裁裁决书" in closed.marks["document"]
    appeal = respondent.submit(closed, "appeal", {"reason": "证据没有看"})
    live.deliver_all()
    assert appeal.status == 200
    assert f"/cases/{case}" not in appeal.url


def test_a_stranger_is_shown_no_page_of_it(live: Province, case: CaseId) -> None:
    stranger = citizen(live, STRANGER)
    for path in (f"/cases/{case}", f"/cases/{case}/part"):
        assert "劳动" not in stranger.open(path, expect=404).text
    assert str(case) not in " ".join(stranger.open("/cases").links)
