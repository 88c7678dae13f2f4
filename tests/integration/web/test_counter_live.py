"""A person without a phone comes to the counter twice, over HTTP: real services, a real database, its departments."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.sandbox.people import load_people
from tests.factories.pages import Visitor
from tests.factories.province import Province, province
from tests.factories.town import photo
from workflows.domain.commands import ActOn, Mark

DESK = "/officer/counter"
ELDER = load_people().person("without_phone")
CARD = {"name": ELDER.name, "id_no": ELDER.id_no, "card": "seen"}


@pytest.fixture
def town(postgres, tmp_path: Path) -> Iterator[Province]:
    with postgres.lent() as urls, province(urls, tmp_path) as built:
        yield built


def at_counter(town: Province, *, region: str = "470101") -> Visitor:
    token, _ = town.officer("dept.subdistrict", "counter", region=region)
    client = town.app.test_client()
    with client.session_transaction() as session:
        session["token"] = token
    visitor = Visitor(client)
    visitor.get(f"{DESK}/identify")
    return visitor


def identified(hall: Visitor, purpose: str) -> str:
    response = hall.post(f"{DESK}/identify", {**CARD, "purpose": purpose})
    assert response.status_code == 303, response.text
    return response.location


def entered(hall: Visitor, visit: str) -> str:
    """Enter the application, and return the address of the case at the counter."""
    begun = hall.post(f"{visit}/items/cdpf.disability-card.first", {"consent": "signed", "act": "begin"})
    case = begun.location.removesuffix("/form")
    basic = {"claim.kind": "vision", "claim.cause": "glaucoma", "claim.homebound": "false"}
    picture = {"applicant.photo": (BytesIO(photo()), "photo.png")}
    saved = hall.post(f"{case}/form/basic", {**basic, **picture}, content_type="multipart/form-data")
    assert saved.location == f"{case}/form/delivery", saved.text
    assert hall.post(f"{case}/form/delivery", {"delivery.way": "pickup"}).location == f"{case}/check"
    assert hall.post(f"{case}/check", {"key": "k" * 32, "insist": "1"}).location == f"{case}/receipt"
    return case


def ask_for_cause(town: Province, case: str) -> None:
    _, window = town.officer("dept.subdistrict", "window")
    asked = ActOn(TaskKey("accept.1"), "supplement", marks=(Mark("claim.cause", "since when?"),))
    town.platform.casework.cases.act(CaseId(case.rpartition("/")[2]), asked, by=window)
    town.deliver_all()


def test_a_person_without_a_phone_applies_is_told_and_hands_in_at_a_counter(town: Province) -> None:
    hall = at_counter(town)
    visit = identified(hall, "entry")
    case = entered(hall, visit)
    receipt = hall.get(f"{case}/receipt").text
    number = re.search(r'data-case-number="([^"]+)"', receipt)[1]
    assert "东样区街道政务服务窗口的工作人员代录，申请人书面同意" in receipt
    hall.post(f"{visit}/end")
    assert hall.get(case).status_code == 404
    town.deliver_all()
    assert number not in hall.get(f"{DESK}/tellings").text
    ask_for_cause(town, case)
    listed = hall.get(f"{DESK}/tellings").text
    assert number in listed
    assert 'data-code="case.supplement-asked"' in listed
    assert ELDER.name not in listed
    telling = re.search(r'data-telling="([^"]+)"', listed)[1]
    assert at_counter(town, region="470102").post(f"{DESK}/tellings/{telling}", {"way": "phone"}).status_code == 404
    assert hall.post(f"{DESK}/tellings/{telling}", {"way": "phone"}).status_code == 303
    assert number not in hall.get(f"{DESK}/tellings").text
    again = identified(hall, "supplement")
    assert number in hall.get(again).text
    case = case.replace(visit, again)
    form = hall.get(f"{case}/supplement").text
    fields = dict(re.findall(r'name="(key|task)" value="([^"]+)"', form))
    assert hall.post(f"{case}/supplement", {**fields, "claim.cause": "glaucoma since 2019"}).location == case
    history = hall.get(case).text
    assert history.count("由窗口工作人员代录") == 2
    assert "补正已交回" in history
