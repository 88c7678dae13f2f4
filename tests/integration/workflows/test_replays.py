"""Closed cases are read from the ledger and run against a draft; what is told names no value and nobody."""

from tests.factories.town import CARD, ITEMS, Town
from workflows.dsl.lint import compile_text
from workflows.services.replays import Replays

SOURCE = (ITEMS / "disability-card.yaml").read_text()


def test_closed_cases_say_what_a_draft_would_have_changed(town: Town) -> None:
    granted = town.reviewed()
    town.act(granted, "approve.1", "deny", by=town.leader, reason="assess.level")
    refused = town.submitted(town.stranger)
    town.act(refused, "accept.1", "refuse", by=town.window, reason="applicant.region")
    replays = Replays(town.desk)
    same = compile_text(SOURCE.replace("version: 3", "version: 4").replace("visits: 1", "visits: 0"), "card.yaml")
    assert {one.case: one.differences for one in replays.replay(same, most=10)} == {refused: (), granted: ()}
    graded = SOURCE[: SOURCE.index("\nscenarios:")].replace("version: 3", "version: 4").replace("[2, g2]", "[2, g3]")
    told = {one.case: one.differences for one in replays.replay(compile_text(f"{graded}\n", "card.yaml"), most=10)}
    assert told == {refused: (), granted: ("verdict.grade would be decided otherwise",)}
    assert town.cases.item(CARD).facts.version == 3
