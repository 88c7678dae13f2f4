"""A card is applied for, decided and issued, through the real services and database."""

from tests.factories.town import Town
from workflows.domain.state import Status


def test_a_card_goes_from_draft_to_delivery(town: Town) -> None:
    case = town.draft()
    town.cases.submit(case, by=town.citizen, key="k1")
    receipt = town.cases.view(case, by=town.citizen)
    assert receipt.case_number.startswith("470101-20260302-")
    town.act(case, "accept.1", "ok", by=town.window)
    town.deliver_all()
    town.assess(case)
    town.move("2026-03-11")
    assert town.cases.fire_due() == 1
    town.vote(case, "ok", "ok")
    town.act(case, "approve.1", "ok", by=town.leader)
    town.deliver_all()
    assert len(town.doubles.licences.issued) == 1
    town.act(case, "deliver.1", "done", by=town.window)
    view = town.cases.view(case, by=town.citizen)
    assert view.status is Status.CLOSED
    assert view.outcome == "granted"
    assert view.licence is not None
    assert view.licence.is_valid
    assert [document.name for document in view.documents] == ["受理通知书"]
    assert town.cases.sweep() == []
