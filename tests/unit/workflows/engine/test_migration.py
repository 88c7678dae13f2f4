"""A running case moves to another version where nothing is lost, and stays, with every reason, where not."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gov_portal.kernel.principal import Platform, Principal
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import ActOn, Command, Due
from workflows.domain.definition import APPLICANT, Definition
from workflows.domain.state import Context, Status, Transition
from workflows.dsl import people
from workflows.dsl.lint import compile_text, item_paths, lint_file, lint_text
from workflows.dsl.simulation import Simulation
from workflows.engine import advance, codec
from workflows.engine.migration import CannotMove, Route, migrate

CALENDAR = Calendar.official()
ITEMS = Path(__file__).resolve().parents[4] / "workflows" / "items"
FIRST = """
gov: 1
item:
  id: test.moving
  version: 1
  name: 样例
  type: 公共服务
  level: 县级
  authority: dept.cdpf
  basis: [样例规定]
  audience: [natural]
  channels: [web]
  mode: promise
  limit: {statutory: 30wd, promised: 20wd}
  visits: 0
  assurance: {ial: 3}
  fee: nothing
outcomes:
  granted: {closing: 办结}
  denied:  {closing: 退回办结, remedies: [行政复议]}
  lapsed:  {closing: 补正不来办结}
data:
  applicant: {name: text(40), region: region}
  request:   {aim: text(100), kind: "enum(a,b,c)"}
  result:    {sum: "int(0..9)"}
let:
  special: request.kind == a
prefill:
  account: {gives: [applicant.name]}
form:
  request: [applicant.region, request.aim, request.kind]
roles:
  checker: {org: dept.cdpf, near: applicant.region}
  expert:  {org: dept.health, near: applicant.region}
  leader:  {org: dept.cdpf, near: applicant.region, rank: leader}
flow:
  receipt:
  - apply: {by: applicant, form: [request]}
  acceptance:
  - accept:
      by: checker
      limit: 5wd
      deemed: ok
      act: {ok: {label: 受理}, supplement: {label: 补正, ask: applicant, within: 30d, late: lapsed}}
  review:
  - joint:
      all:
      - look: {by: expert, limit: 5wd, fill: [result.sum]}
      - read: {by: checker, limit: 5wd, act: {ok: {label: 通过}}}
  - weigh: {by: checker, vote: {of: 3, need: 2, else: ok}, limit: 5wd, act: {ok: {label: 通过}, nay: {label: 不通过}}}
  decision:
  - last:
      by: leader
      limit: 5wd
      act: {ok: {label: 批准, only: result.sum > 0 or special}, deny: {label: 不予批准, end: denied}}
  - done: {end: granted}
scenarios:
  at_accept: {run: [apply], expect: {status: open}}
  at_supplement: {run: [apply, {accept.supplement: {mark: [request.aim]}}], expect: {status: open}}
  at_joint: {run: [apply, accept.ok], expect: {status: open}}
  at_read: {run: [apply, accept.ok, {look: {result.sum: 4}}], expect: {status: open}}
  at_vote: {run: [apply, accept.ok, look, read.ok, weigh.ok], expect: {status: open}}
  at_last: {run: [apply, accept.ok, look, read.ok, weigh.ok, weigh.ok], expect: {status: open}}
"""
OLD = compile_text(FIRST, "old.yaml")


def changed(*edits: tuple[str, str], migrate: str = "") -> Definition:
    text = FIRST.replace("version: 1", "version: 2")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return compile_text(text + (f"migrate: {migrate}\n" if migrate else ""), "new.yaml")


def case_at(scenario: str) -> Simulation:
    """Return a case of the first version that stands where a scenario ends."""
    found = next(one for one in OLD.scenarios if one.id == scenario)
    simulation = Simulation(OLD, found, CALENDAR)
    simulation.run()
    return simulation


def context_of(case: Simulation) -> Context:
    return Context(case.case, case.now, Platform("migration"), CALENDAR, case.values, people.colleagues)


def moved(case: Simulation, to: Definition) -> Transition:
    return migrate(Route(OLD, to), case.state, context_of(case))


def kept(case: Simulation, to: Definition) -> list[str]:
    with pytest.raises(CannotMove) as refused:
        moved(case, to)
    return [str(one) for one in refused.value.obstacles]


@pytest.mark.parametrize("scenario", [one.id for one in OLD.scenarios])
def test_a_case_moved_to_the_same_flow_is_the_same_case(scenario: str) -> None:
    case = case_at(scenario)
    transition = moved(case, changed(("visits: 0", "visits: 1")))
    assert codec.dump(transition.state) == codec.dump(case.state)
    assert [one.kind for one in transition.happenings] == ["migrated"]
    assert (transition.writes, transition.effects) == ({}, ())


class Moving(Simulation):
    """Move the case, after everything that happens, to a version that says the same."""

    moves = 0

    def _try(self, command: Command, actor: Principal, *, standing: str = APPLICANT) -> None:
        super()._try(command, actor, standing=standing)
        route = Route(self.definition, replace(self.definition, hash="f" * 64))
        try:
            transition = migrate(route, self.state, context_of(self))
        except CannotMove as kept_:
            assert {one.code for one in kept_.obstacles} <= {"draft", "closed", "undo-under-way"}
            return
        assert codec.dump(transition.state) == codec.dump(self.state)
        assert transition.writes == {}
        self.moves += 1


def test_every_state_of_the_shipped_items_moves_to_the_same_state() -> None:
    moves = 0
    for definition in (one for path in item_paths(ITEMS) for one in lint_file(path).definitions):
        for scenario in definition.scenarios[::2]:
            case = Moving(definition, scenario, CALENDAR)
            case.run()
            moves += case.moves
    assert moves > 100


def test_a_renamed_step_keeps_visit_holder_votes_and_what_was_done_in_it() -> None:
    case = case_at("at_vote")
    to = changed(
        ("weigh:", "ballot:"),
        ("weigh.", "ballot."),
        ("read:", "study:"),
        ("read.", "study."),
        migrate="{steps: {weigh: ballot, read: study}}",
    )
    transition = moved(case, to)
    state = transition.state
    assert [one.step for one in state.active] == ["ballot"]
    assert [dict(one.votes) for one in state.active] == [dict(one.votes) for one in case.state.active]
    assert state.electors["ballot"] == case.state.electors["weigh"]
    assert sorted(state.tasks) == [key.replace("weigh", "ballot") for key in sorted(case.state.tasks)]
    assert sorted(state.timers) == sorted(key.replace("weigh", "ballot") for key in case.state.timers)
    assert transition.writes["study.act"] == "ok"


def test_the_case_goes_on_by_the_new_version() -> None:
    case = case_at("at_vote")
    to = changed(("weigh:", "ballot:"), ("weigh.", "ballot."), migrate="{steps: {weigh: ballot}}")
    transition = moved(case, to)
    task = next(task for task in transition.state.tasks.values() if task.officer)
    officer = people.candidates(task)[0]
    context = replace(context_of(case), actor=officer, values={**case.values, **transition.writes})
    after = advance(to, transition.state, ActOn(task.key, "ok"), context)
    assert [one.step for one in after.state.active] == ["last"]


def test_a_limit_counts_anew_from_the_day_on_which_the_step_was_entered() -> None:
    case = case_at("at_joint")
    to = changed(
        ("read: {by: checker, limit: 5wd", "read: {by: checker, limit: 8wd"), ("promised: 20wd", "promised: 25wd")
    )
    before, after = case.state.tasks["read.1"], moved(case, to).state.tasks["read.1"]
    days = CALENDAR.add_working_days(before.opened_on, 8).on
    assert after.due_at == CALENDAR.end_of_day(days)
    assert moved(case, to).state.due_at > case.state.due_at
    assert moved(case, to).state.tasks["look.1"] == case.state.tasks["look.1"]


def test_another_post_takes_the_task_over() -> None:
    case = case_at("at_read")
    task = moved(case, changed(("read: {by: checker", "read: {by: leader"))).state.tasks["read.1"]
    assert (task.role, task.rank, task.officer) == ("leader", "leader", None)


def test_a_field_that_is_called_otherwise_keeps_its_value_and_new_lets_are_reckoned() -> None:
    case = case_at("at_last")
    edits = [
        ("request.kind", "request.sort"),
        ('kind: "enum(a,b,c)"', 'sort: "enum(a,b,c,d)"'),
        ("special: ", "special: not "),
    ]
    writes = moved(case, changed(*edits, migrate="{fields: {request.kind: request.sort}}")).writes
    assert writes == {"request.sort": "a", "let.special": False}


PASSES = "act: {ok: {label: 通过}}"
ASKS = "{label: 补正, ask: applicant, within: 30d, late: lapsed}"


@pytest.mark.parametrize(
    ("scenario", "edits", "obstacle"),
    [
        ("at_read", {"read:": "study:", "read.": "study."}, "step-gone: read"),
        (
            "at_read",
            {f"read: {{by: checker, limit: 5wd, {PASSES}}}": "read: {wait: 5wd}", "read.ok": "read.elapses"},
            "step-kind: read",
        ),
        ("at_vote", {"of: 3, need: 2": "of: 5, need: 3"}, "vote-changed: weigh"),
        (
            "at_vote",
            {"else: ok": "else: aye", "ok: {label: 通过}, nay": "aye: {label: 通过}, nay", "weigh.ok": "weigh.aye"},
            "act-gone: weigh.ok",
        ),
        (
            "at_read",
            {"- read:": f"- more: {{by: expert, limit: 5wd, {PASSES}}}\n      - read:"},
            "branch-added: more",
        ),
        ("at_last", {'kind: "enum(a,b,c)"': 'kind: "enum(b,c)"', "== a": "== b"}, "value-unfit: request.kind"),
        (
            "at_last",
            {
                'sum: "': 'extra: bool, sum: "',
                "> 0 or": "> 0 and result.extra or",
                "fill: [result.sum]": "fill: [result.sum, result.extra]",
            },
            "field-missing: result.extra",
        ),
        (
            "at_supplement",
            {f"supplement: {ASKS}": f"more: {ASKS}", "accept.supplement": "accept.more"},
            "act-gone: accept.supplement",
        ),
    ],
    ids=["gone", "kind", "vote", "act", "branch", "unfit", "missing", "supplement"],
)
def test_what_would_be_lost_or_guessed_keeps_the_case(scenario: str, edits: dict[str, str], obstacle: str) -> None:
    assert kept(case_at(scenario), changed(*edits.items())) == [obstacle]


def test_a_limit_that_would_have_passed_keeps_the_case() -> None:
    case = case_at("at_accept")
    case.now += timedelta(days=3)
    assert kept(case, changed(("      limit: 5wd\n      deemed", "      limit: 1wd\n      deemed"))) == [
        "limit-passed: accept"
    ]


def test_what_is_due_now_comes_first_and_a_closed_case_stays() -> None:
    case, same = case_at("at_accept"), changed(("visits: 0", "visits: 1"))
    closed = case_at("at_accept")
    closed.state = closed.state._replace(status=Status.CLOSED)
    case.now += timedelta(days=30)
    assert kept(case, same) == ["due-now"]
    assert kept(closed, same) == ["closed"]
    due = advance(OLD, case.state, Due(), context_of(case))
    case.state = due.state
    case.values.update(due.writes)
    assert moved(case, same).state.visits == due.state.visits


def test_only_the_versions_that_are_named_move() -> None:
    text = FIRST.replace("version: 1", "version: 3") + "migrate: {from: [2]}\n"
    assert kept(case_at("at_last"), compile_text(text, "new.yaml")) == ["not-a-source: 1"]


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ("{steps: {weigh: nowhere}}", "E116"),
        ("{fields: {request.kind: request.knd}}", "E111"),
        ("{steps: {one: last, two: last}}", "E021"),
        ("{from: [2]}", "E014"),
        ("{from: [1, 1]}", "E021"),
        ("{stpes: {weigh: last}}", "E010"),
        ("{steps: [weigh]}", "E013"),
    ],
)
def test_a_fault_of_the_section_is_found_at_its_line(section: str, code: str) -> None:
    text = FIRST.replace("version: 1", "version: 2") + f"migrate: {section}\n"
    (finding,) = lint_text(text, "new.yaml").errors
    assert (finding.code, finding.at.line) == (code, text.count("\n"))
