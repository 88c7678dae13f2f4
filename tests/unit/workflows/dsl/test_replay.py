"""A closed case is run against a draft: alike where the draft says the same, else told in words of the item."""

from pathlib import Path

import pytest

from gov_portal.kernel.principal import Principal
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import Command
from workflows.domain.definition import APPLICANT, Definition
from workflows.dsl.lint import compile_text
from workflows.dsl.replay import Closed, Event, replay
from workflows.dsl.simulation import Simulation
from workflows.engine.routes import Route
from workflows.services.stepping import event_kind

CALENDAR = Calendar.official()
TEXT = (Path(__file__).resolve().parents[4] / "workflows" / "items" / "disability-card.yaml").read_text("utf-8")
CARD = compile_text(TEXT, "card.yaml")


class Recorded(Simulation):
    """Keep the events as the ledger would."""

    events: tuple[Event, ...] = ()

    def _try(self, command: Command, actor: Principal, *, standing: str = APPLICANT) -> None:
        known, before = len(self.happenings), dict(self.values)
        super()._try(command, actor, standing=standing)
        writes = {path: value for path, value in self.values.items() if before.get(path) != value}
        self.events = (*self.events, Event(event_kind(command), self.now, tuple(self.happenings[known:]), writes))


def closed(scenario: str) -> Closed:
    case = Recorded(CARD, next(one for one in CARD.scenarios if one.id == scenario), CALENDAR)
    case.run()
    return Closed(case.state, case.values, case.events)


def draft(*edits: tuple[str, str]) -> Definition:
    text = TEXT[: TEXT.index("\nscenarios:")].replace("version: 3", "version: 4") + "\n"
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return compile_text(text, "draft.yaml")


SAME = draft(("visits: 1", "visits: 0"))


@pytest.mark.parametrize("scenario", [one.id for one in CARD.scenarios])
def test_nothing_differs_where_the_draft_says_the_same(scenario: str) -> None:
    assert replay(Route(CARD, SAME), closed(scenario), CALENDAR) == ()


@pytest.mark.parametrize(
    ("scenario", "edits", "told"),
    [
        ("adult_hearing_loss", [("[2, g2]", "[2, g3]")], ("verdict.grade would be decided otherwise",)),
        ("adult_hearing_loss", [("[2, g2]", "[2, not_graded]")], ("approve.ok: case.act-not-allowed",)),
        (
            "minor_is_not_made_public",
            [("      when: not minor ", "      # ")],
            ("review.ok: there is no such task now",),
        ),
        (
            "objection_is_dismissed",
            [("pause: {ground: 公示, basis: 残疾人证管理办法}\n", "\n"), ("promised: 15wd", "promised: 25wd")],
            ("7 → 12 working days would count",),
        ),
    ],
    ids=["table", "guard", "step", "clock"],
)
def test_what_would_differ_is_said_without_a_value(
    scenario: str, edits: list[tuple[str, str]], told: tuple[str, ...]
) -> None:
    assert replay(Route(CARD, draft(*edits)), closed(scenario), CALENDAR) == told
