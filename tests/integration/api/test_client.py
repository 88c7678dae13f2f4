"""The example client undoes what it did, and pauses and rotates what its unit is told by."""

import httpx
import pytest

from examples.python_client import Portal, Problem
from gov_portal.sandbox.people import load_people
from tests.factories.hooks import Hook, listening
from tests.factories.province import CARD, Province
from tests.factories.town import photo


def a_portal(live: Province, token: str) -> Portal:
    return Portal("http://portal.test", token=token, transport=httpx.WSGITransport(app=live.app))


def test_an_act_is_undone_within_its_seconds(live: Province) -> None:
    case = str(live.submitted(live.citizen()[1]))
    with a_portal(live, live.officer("dept.subdistrict", "window")[0]) as window:
        held = window.act_undoably(case, "accept.1", "ok")
        assert held is not None
        window.undo(held)
        with pytest.raises(Problem) as refused:
            window.undo(held)
    assert refused.value.code == "desk.undo-too-late"


def test_a_webhook_is_paused_resumed_and_given_another_secret(live: Province) -> None:
    with listening(Hook()) as hook, a_portal(live, live.system("dept.health", "assessor")) as hospital:
        made = hospital.subscribe(hook.url, ["case.closed"])
        webhook = made["webhook"]["id"]
        assert hospital.pause(webhook)["disabled_because"] == "paused"
        with pytest.raises(Problem) as refused:
            hospital.send_test(webhook)
        assert refused.value.code == "webhook.paused"
        assert hospital.resume(webhook)["disabled_at"] is None
        assert hospital.rotate_secret(webhook)["secret"] != made["secret"]
        asked = hospital.send_test(webhook)
        live.deliver_all()
        (told,) = hospital.deliveries(webhook)
        assert (told["id"], told["status"]) == (asked["id"], "delivered")
        hospital.unsubscribe(webhook)


def test_a_person_without_a_phone_is_helped_at_a_counter(live: Province) -> None:
    elder = load_people().person("without_phone")
    with a_portal(live, live.officer("dept.subdistrict", "counter")[0]) as hall:
        visit = hall.identify(elder.name, elder.id_no)
        with hall.at(visit) as person:
            case = person.begin(CARD, consent="oral")["case"]
            photograph = person.attach(case, "applicant.photo", photo(), "image/png")
            basic = {"claim.kind": "vision", "claim.cause": "glaucoma", "claim.homebound": "false"}
            person.answer(case, "basic", {**basic, "applicant.photo": photograph})
            person.answer(case, "delivery", {"delivery.way": "pickup"})
            assert person.submit(case, insist=True)["status"] == "open"
            assert b"<svg" in person.flow(case)
            person.write(case, "How long does it take?")
            assert person.withdraw(case)["status"] == "closed"
            hall.leave(visit)
            with pytest.raises(Problem) as over:
                person.case(case)
    assert over.value.code == "identity.visit-unknown"


def test_whoever_asks_is_told_whether_they_may_apply(live: Province) -> None:
    with a_portal(live, live.citizen()[0]) as citizen:
        assert citizen.may_apply(CARD, {"applicant.region": "470101"})["holds"] is True
        assert citizen.may_apply(CARD, {"applicant.region": "440104"})["conditions"][0]["changes"]
        assert list(citizen.offers()) == []
