"""A department's message finds the case that waits for it, waits for one that does not yet, and is taken once."""

from pathlib import Path

import pytest

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.kernel.principal import Officer
from tests.factories.town import Town
from workflows.services.incoming import (
    Fate,
    Incoming,
    IncomingMessage,
    MessageReused,
    MessageTooLate,
    MessageUnknown,
)

PERMIT = Path(__file__).parents[2] / "factories" / "permit.yaml"


@pytest.fixture
def incoming(town: Town) -> Incoming:
    town.desk.definitions.publish([PERMIT])
    return Incoming(town.desk)


def applied(town: Town, *, code: str = "S-1") -> CaseId:
    case = town.cases.begin(ItemId("test.permit"), by=town.citizen)
    raw = {"applicant.region": "470101", "site.area": "400", "site.code": code, "site.tall": "false"}
    town.cases.save_page(case, page="site", raw=raw, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    town.act(case, "accept.1", "ok", by=town.checkers[0])
    return case


def waiting(town: Town) -> CaseId:
    case = applied(town)
    town.act(case, "check.1", "ok", by=town.checkers[0])
    town.deliver_all()
    return case


def lab(town: Town) -> Officer:
    return town.assessor


def a_message(number: str = "R-7", key: str = "s-1", **content: object) -> IncomingMessage:
    return IncomingMessage(number, "lab-result", key, {"passed": True, "kind": "steel", "value": 7, **content})


def rows_of(town: Town, case: CaseId) -> object:
    work = town.cases.work(case, TaskKey("decide.1"), by=town.leader)
    return next(field.value for field in work.fields if field.path == "lab.tests")


def test_a_message_moves_the_case_that_waits_for_its_key(town: Town, incoming: Incoming) -> None:
    case = waiting(town)
    assert incoming.receive(a_message(), by=lab(town)).fate is Fate.TAKEN
    view = town.cases.view(case, by=town.leader)
    assert [holder.step for holder in view.holders] == ["decide"]
    assert rows_of(town, case) == (("steel", 7),)
    # Sent again it is the same message; with another content it is a mistake.
    assert incoming.receive(a_message(), by=lab(town)).fate is Fate.TAKEN
    with pytest.raises(MessageReused):
        incoming.receive(a_message(passed=False), by=lab(town))


def test_a_message_that_comes_early_is_kept_until_its_step_is_there(town: Town, incoming: Incoming) -> None:
    assert incoming.receive(a_message(), by=lab(town)).fate is Fate.KEPT
    assert incoming.receive(a_message("R-8", value=8), by=lab(town)).fate is Fate.KEPT
    case = waiting(town)
    view = town.cases.view(case, by=town.leader)
    assert [holder.step for holder in view.holders] == ["decide"]
    assert rows_of(town, case) == (("steel", 7), ("steel", 8))
    assert incoming.receive(a_message(), by=lab(town)).fate is Fate.TAKEN


def test_a_message_for_a_closed_case_is_answered_so(town: Town, incoming: Incoming) -> None:
    case = waiting(town)
    town.cases.withdraw(case, by=town.citizen)
    with pytest.raises(MessageTooLate):
        incoming.receive(a_message(), by=lab(town))


def test_only_the_named_department_sends_and_says_what_is_declared(town: Town, incoming: Incoming) -> None:
    waiting(town)
    with pytest.raises(MessageUnknown):
        incoming.receive(a_message(), by=town.window)
    with pytest.raises(InvalidFields) as refused:
        incoming.receive(a_message(value="many", colour="red"), by=lab(town))
    assert {fault.field for fault in refused.value.faults} == {"value", "colour"}


def test_what_nobody_waits_for_is_forgotten_after_a_year(town: Town, incoming: Incoming) -> None:
    incoming.receive(a_message(), by=lab(town))
    town.move("2027-04-01")
    incoming.tidy()
    with town.db.driver() as driver:
        assert driver.execute("SELECT count(*) FROM workflows_messages").fetchone() == (0,)


def test_a_department_sees_what_became_of_its_own_messages(town: Town, incoming: Incoming) -> None:
    incoming.receive(a_message("R-8", key="s-9"), by=lab(town))
    waiting(town)
    incoming.receive(a_message(), by=lab(town))
    sent = incoming.sent(lab(town))
    assert [(one.id, one.name, one.fate) for one in sent] == [
        ("R-7", "lab-result", Fate.TAKEN),
        ("R-8", "lab-result", Fate.KEPT),
    ]
    assert [one.id for one in incoming.sent(lab(town), fate=Fate.KEPT)] == ["R-8"]
    assert [one.id for one in incoming.sent(lab(town), after="R-7")] == ["R-8"]
    assert [one.id for one in incoming.sent(lab(town), limit=1)] == ["R-7"]
    assert incoming.sent(town.window) == ()
