"""The example client goes from an application to a verified card, a hospital's own system included."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest

from examples.python_client import Portal, Problem
from examples.webhook_receiver import Receiver
from gov_portal.cli.demo.people import paper, portrait
from gov_portal.cli.demo.story import Stage
from gov_portal.cli.identity import DEMO_PASSWORD
from gov_portal.cli.instance import Instance
from gov_portal.sandbox.officers import load_officers
from gov_portal.sandbox.people import load_people
from gov_portal.wiring.platform import Platform
from identity.domain.values import Unit
from identity.services.systems import NewSystem
from tests.factories.hooks import Hook, listening, with_status

CARD = "cdpf.disability-card.first"
PATIENCE_S = 60


@dataclass
class Crowd:
    """Open a client for whoever is needed, as their own program would."""

    address: str
    platform: Platform
    open: ExitStack

    def signed_in(self, login: str, phone: str, *, kind: str) -> Portal:
        portal = self.open.enter_context(Portal(self.address))
        challenge = portal.begin_sign_in(login, DEMO_PASSWORD, kind=kind)
        newest = next(one for one in self.platform.messages.desk(limit=50) if one.phone == phone)
        portal.finish_sign_in(challenge, re.search(r"\d{6}", newest.text)[0], kind=kind)
        return portal

    def citizen(self, handle: str) -> Portal:
        person = load_people().person(handle)
        return self.signed_in(person.id_no, person.phone, kind="citizen")

    def officer(self, login: str) -> Portal:
        found = next(one for one in load_officers() if one.login == login)
        return self.signed_in(login, found.phone, kind="officer")

    def system(self, org: str, role: str) -> Portal:
        unit = Unit(org, "470101", "")
        secret = self.platform.identity.systems.create(NewSystem("hospital", unit, (role,))).secret
        return self.open.enter_context(Portal(self.address, token=secret))


@pytest.fixture
def crowd(live_portal: Instance, platform: Platform) -> Iterator[Crowd]:
    with ExitStack() as opened:
        yield Crowd(live_portal.base_url, platform, opened)


def until(found: Callable[[], object]):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if one := found():
            return one
        time.sleep(0.2)
    raise AssertionError("it never came to that")


def apply(applicant: Portal) -> str:
    draft = applicant.begin(CARD)
    case = draft["case"]
    photo = applicant.attach(case, "applicant.photo", portrait()[1], "image/png")
    answers = {
        "applicant.photo": photo,
        "claim.kind": "hearing",
        "claim.cause": "noise at work",
        "claim.homebound": False,
    }
    applicant.answer(case, "basic", answers)
    assert applicant.answer(case, "delivery", {"delivery.way": "pickup"})["can_submit"]
    assert applicant.submit(case)["case_number"]
    return case


def assess(hospital: Portal, case: str) -> None:
    task = until(lambda: next((one for one in hospital.fetch(step="assess") if one["case"] == case), None))
    lease = hospital.lease(task)
    assert {one["path"] for one in lease["work"]["fill"]} >= {"assess.kind", "assess.level", "assess.report"}
    report = hospital.attach(case, "assess.report", paper()[1], "image/png", as_system=True)
    hospital.complete(task, "done", {"assess.kind": "hearing", "assess.level": "2", "assess.report": report})


def decide(crowd: Crowd, case: str) -> None:
    def vote(number: int) -> None:
        checker = crowd.officer(f"checker{number}.470101")
        found = [one for one in checker.tasks() if one["case"] == case and one["step"] == "review"]
        if found:
            checker.act(case, found[0]["task"], "ok")

    until(lambda: _is_open(crowd, case, "review"))
    for number in (1, 2):
        vote(number)
    leader = crowd.officer("leader.470101")
    task = until(lambda: next((one for one in leader.tasks() if one["case"] == case), None))
    leader.act(case, task["task"], "ok")


def _is_open(crowd: Crowd, case: str, step: str) -> bool:
    with crowd.platform.base.db.driver() as driver:
        sql = "SELECT 1 FROM workflows_tasks WHERE case_id = %s AND step = %s"
        return driver.execute(sql, (case, step)).fetchone() is not None


def test_a_citizen_applies_a_hospitals_system_assesses_and_the_card_is_valid(crowd: Crowd, stage: Stage) -> None:
    applicant = crowd.citizen("adult")
    case = apply(applicant)
    crowd.officer("window.470101").act(case, "accept.1", "ok")
    assess(crowd.system("dept.health", "assessor"), case)
    until(lambda: _is_open(crowd, case, "review") or _is_public(crowd, case))
    stage.advance("6wd")
    decide(crowd, case)
    issued = until(lambda: applicant.case(case)["licence"])
    assert applicant.licence_pdf(case).startswith(b"%PDF-")
    assert applicant.verify(issued["verify_code"])["status"] == "valid"
    assert case in {row["case"] for row in applicant.cases()}


def test_a_person_finds_the_service_and_reads_who_used_their_data_and_what_they_were_told(crowd: Crowd) -> None:
    applicant = crowd.citizen("adult")
    assert applicant.find("听不见怎么办")[0]["item"] == CARD
    case = apply(applicant)
    assert applicant.receipt(case)["case_number"] == applicant.case(case)["case_number"]
    assert case in {use["case"] for use in applicant.data_uses()}
    until(lambda: applicant.unread() > 0)
    newest = next(applicant.messages())
    assert not newest["is_read"]
    applicant.mark_read()
    assert applicant.unread() == 0
    wanted = {"language": "en", "sms": ["duties"], "email": [], "quiet_from": 22, "quiet_until": 7}
    assert applicant.choose_messages(wanted) == wanted


def test_an_officer_takes_the_next_case_notes_what_is_in_order_and_acts(crowd: Crowd) -> None:
    case = apply(crowd.citizen("adult"))
    window = crowd.officer("window.470101")
    task = until(lambda: next((one for one in _each_next(window) if one["case"] == case), None))["task"]
    note = {"target": "applicant.photo", "verdict": "passed", "reason": "other", "words": ""}
    assert window.note(case, task, [note]) == [note]
    assert window.act_undoably(case, task, "ok") is None
    until(lambda: _is_open(crowd, case, "assess"))


def _each_next(officer: Portal):
    while task := officer.take_next(step="accept"):
        yield task


def test_a_hospitals_system_is_told_by_a_webhook_and_catches_up_after_a_failure(crowd: Crowd) -> None:
    hospital = crowd.system("dept.health", "assessor")
    with listening(Hook(answers=[with_status(410)])) as hook:
        made = hospital.subscribe(hook.url, ["task.opened"], label="registry")
        webhook, receiver = made["webhook"]["id"], Receiver(made["secret"])
        case = apply(crowd.citizen("adult"))
        crowd.officer("window.470101").act(case, "accept.1", "ok")
        until(lambda: hospital.webhook(webhook)["disabled_because"] == "gone")
        assert {one["status"] for one in hospital.deliveries(webhook)} == {"dead"}
        hospital.resume(webhook)
        assert hospital.replay(webhook) >= 1
        until(lambda: case in _told(receiver, hook.requests[1:]))
        hospital.unsubscribe(webhook)


def _told(receiver: Receiver, requests: list[tuple[dict[str, str], bytes]]) -> set[str]:
    """Return the cases that a unit is told of, its own and those of other tests."""
    assert {receiver.take(body, headers) for headers, body in requests} <= {204}
    return {event["data"]["case"] for event in receiver.events}


def _is_public(crowd: Crowd, case: str) -> bool:
    return any(str(one.case) == case for one in crowd.platform.casework.cases.public_notices())


def test_a_refusal_is_told_with_code_and_field(crowd: Crowd) -> None:
    applicant = crowd.citizen("neighbour")
    draft = applicant.begin(CARD)
    with pytest.raises(Problem) as refused:
        applicant.answer(draft["case"], "basic", {"claim.kind": "nonsense"})
    assert refused.value.status == 422
    assert {one["pointer"] for one in refused.value.errors} >= {"#/answers/claim.kind"}


def test_a_key_that_was_revoked_opens_nothing(crowd: Crowd) -> None:
    hospital = crowd.system("dept.health", "assessor")
    assert hospital.me()["kind"] == "system"
    systems = crowd.platform.identity.systems
    newest = systems.list_keys()[0]
    systems.rotate(newest.id, overlap=timedelta())
    with pytest.raises(Problem) as refused:
        hospital.fetch()
    assert refused.value.status == 401
