"""Whatever becomes of a case, its report fits the standard and says of its time what the legal clock says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gov_portal.kernel.working_days import Calendar
from tests.factories.cases import Story
from tests.factories.effort import tried
from tests.unit.workflows.engine.test_laws import ITEMS as LAW_ITEMS
from tests.unit.workflows.engine.test_laws import Walk as LawWalk
from workflows.domain.definition import Definition
from workflows.domain.ratings import RatingLevel
from workflows.domain.state import Happening, Status, Transition
from workflows.dsl.lint import item_paths, lint_file
from workflows.dsl.simulation import RunFailed, Simulation
from workflows.dsl.walking import Walk
from workflows.engine.clock import explain
from workflows.ports import BillStanding, Office
from workflows.reporting.case_file import CaseFile, Certificate, Moment, Paper, Party
from workflows.reporting.rows import report_of
from workflows.reporting.standard import DataSets, schema, spelt

CALENDAR = Calendar.official()
VALIDATOR = Draft202012Validator(schema())
OFFICER = "officer:1"
DAY = timedelta(days=1)
NUMBER = "470101-20260302-0000001-K"
OFFICE = Office("dept.cdpf", "470101", "东样区残疾人联合会", "G14701010000030174")
ITEMS = item_paths(Path(__file__).resolve().parents[4] / "workflows" / "items")


@lru_cache(maxsize=64)
def definitions(path: Path) -> tuple[Definition, ...]:
    return lint_file(path).definitions


def moment_of(happening: Happening, values: dict[str, object]) -> Moment:
    reason = str(values.get(f"{happening.step}.reason") or "")
    return Moment(happening.kind, happening.at, happening.step, happening.visit, happening.detail, OFFICER, reason)


def file_of(told: Simulation | Story, **more: object) -> CaseFile:
    submitted = [one.at for one in told.happenings if one.kind == "submitted"]
    known: dict[str, object] = {
        "case_number": NUMBER,
        "definition": told.definition,
        "state": told.state,
        "moments": [moment_of(one, told.values) for one in told.happenings],
        "values": told.values,
        "applicant": Party("样例", "47010119800501001X", "12000000001"),
        "calendar": CALENDAR,
        "now": told.now,
        "submitted_at": submitted[0] if submitted else None,
        "region": "470101",
        "office_of": lambda role: OFFICE,
        "authority": OFFICE,
        "officers": {OFFICER: "钱书宁"},
        "papers": [Paper(one.name, "covered", submitted[0]) for one in told.definition.materials if submitted],
    }
    return CaseFile(**{**known, **more})  # type: ignore[arg-type]


def check(told: Simulation | Story) -> DataSets:
    """Return the data sets of a case, which must fit the standard and agree with the clock."""
    sets = spelt(report_of(file_of(told)))
    assert [error.message for error in VALIDATOR.iter_errors(sets)] == []
    for row in sets["过程"]:
        assert row["环节开始时间"] <= row["环节结束时间"], row
    assert paused_days(sets, told) == clock_pauses(told)
    assert bool(sets["结果"]) is (told.state.status is Status.CLOSED)
    return sets


def paused_days(sets: DataSets, told: Simulation | Story) -> int:
    """Return the working days that special procedures keep from counting, read from the report alone."""
    clock = told.state.clock
    if clock.started_on is None:
        return 0
    end = (clock.stopped_on or max(CALENDAR.local_date(told.now), clock.started_on)) + DAY
    total = 0
    for row in sets["特别程序"]:
        if row["特别程序种类代码"] == "2":
            first = max(day_of(row["特别程序开始时间"]), clock.started_on + DAY)
            after = min(day_of(row["特别程序结束时间"]) if row["特别程序结束时间"] else end, end)
            total += CALENDAR.working_days_between(first, after) if first < after else 0
    return total


def clock_pauses(told: Simulation | Story) -> int:
    """Return the working days that the clock itself leaves out, but for those between decision and return."""
    explained = explain(told.definition, told.state, now=told.now, calendar=CALENDAR)
    return sum(line.working_days for line in explained.lines if line.kind not in ("running", "returned"))


def day_of(text: str) -> date:
    return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day


def wander(definition: Definition, seed: int, *, most: int = 40) -> Walk:
    """Let things happen by chance, and look at the report after each of them."""
    told, random = Walk(definition, CALENDAR), Random(seed)
    for _ in range(most):
        choices = told.choices()
        if not choices:
            break
        try:
            told.play(random.choice(choices))
        except RunFailed:
            continue
        check(told)
    return told


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_wherever_a_case_wanders_its_report_fits_the_standard(path: Path) -> None:
    for definition in definitions(path)[:3]:
        for seed in (1, 2):
            wander(definition, seed)


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_scenario_comes_to_a_report(path: Path) -> None:
    for definition in definitions(path)[:2]:
        for scenario in definition.scenarios:
            told = Simulation(definition, scenario, CALENDAR)
            told.run()
            check(told)


@dataclass
class Watched(LawWalk):
    """Wander with suspensions, extensions, objections and nonsense, and look at the report after every command."""

    def check(self, transition: Transition) -> None:
        super().check(transition)
        self.story.happenings.extend(transition.happenings)
        check(self.story)


@pytest.mark.parametrize("item", list(LAW_ITEMS))
@tried(6, database=None)
@given(seed=st.integers(0, 2**32), length=st.integers(5, 40))
def test_what_happens_beside_the_flow_is_reported_as_well(item: str, seed: int, length: int) -> None:
    make, fields = LAW_ITEMS[item]
    wanderer = Watched(Story(make()), dict(fields), Random(seed))
    for _ in range(length):
        wanderer.step()


def scenario(stem: str, name: str) -> Simulation:
    path = next(path for path in ITEMS if path.stem == stem)
    (definition, *_) = definitions(path)
    told = Simulation(definition, next(one for one in definition.scenarios if one.id == name), CALENDAR)
    told.run()
    return told


def told_kinds(sets: DataSets, name: str, item: str) -> list[str]:
    return [row[item] for row in sets[name]]


def some_scenario(*kinds: str) -> tuple[Simulation, Sequence[str]]:
    """Return the first scenario of a shipped item in which all of these happen."""
    for path in ITEMS:
        for one in definitions(path)[0].scenarios:
            told = Simulation(definitions(path)[0], one, CALENDAR)
            told.run()
            happened = [happening.kind for happening in told.happenings]
            if set(kinds) <= set(happened):
                return told, happened
    raise AssertionError(f"nowhere do {kinds} happen")


def test_a_draft_is_reported_to_nobody() -> None:
    told = Walk(definitions(next(path for path in ITEMS if path.stem == "disability-card"))[0], CALENDAR)
    assert set(map(tuple, spelt(report_of(file_of(told))).values())) == {()}


def test_a_granted_card_is_reported_with_its_codes_times_and_licence() -> None:
    told = scenario("disability-card", "adult_hearing_loss")
    certificate = Certificate("残疾人证", "47010119800501001X42", date(2036, 3, 1), OFFICE.name)
    file = file_of(told, certificate=certificate, rating=RatingLevel.VERY_SATISFIED)
    sets = spelt(report_of(file))
    (accepted,), (closed,) = sets["受理"], sets["结果"]
    assert (accepted["基本编码"], accepted["实施编码"]) == ("472100002000", "G147010100000301744472100002000")
    assert (accepted["申请时间"], accepted["申请者证件类型代码"]) == ("20260302T090000", "111")
    assert accepted["受理文书编号"] == NUMBER
    assert (closed["办结结果代码"], closed["结果证照名称"], closed["证照有效期限"]) == ("0", "残疾人证", "20360301")
    assert closed["满意度代码"] == "1"


def test_an_extension_and_a_suspension_are_two_kinds_of_special_procedure() -> None:
    told, _ = some_scenario("extended")
    assert "1" in told_kinds(check(told), "特别程序", "特别程序种类代码")
    told, _ = some_scenario("suspended", "resumed")
    assert "2" in told_kinds(check(told), "特别程序", "特别程序种类代码")


def test_a_withdrawal_ends_as_any_other_and_a_late_supplement_as_such() -> None:
    told, _ = some_scenario("withdrawn")
    assert check(told)["结果"][0]["办结结果代码"] == "6"
    told = next(
        one
        for path in ITEMS
        for case in definitions(path)[0].scenarios
        if (one := ended(definitions(path)[0], case.id)) and closing_of(one) == "补正不来办结"
    )
    assert check(told)["结果"][0]["办结结果代码"] == "5"


def ended(definition: Definition, name: str) -> Simulation:
    told = Simulation(definition, next(one for one in definition.scenarios if one.id == name), CALENDAR)
    told.run()
    return told


def closing_of(told: Simulation) -> str:
    outcome = told.state.outcome
    return told.definition.outcomes[outcome].closing if outcome else ""


def test_a_return_is_reported_as_sent_back_and_what_is_open_as_waiting() -> None:
    told, _ = some_scenario("returned")
    assert "退回" in told_kinds(check(told), "过程", "业务动作")
    path = next(path for path in ITEMS if path.stem == "disability-card")
    walk = Walk(definitions(path)[0], CALENDAR)
    walk.play(walk.choices()[0])
    (row,) = check(walk)["过程"]
    assert (row["环节办理状态代码"], row["环节处理人"]) == ("1", "")
    assert row["环节开始时间"] == row["环节结束时间"]
    assert check(walk)["受理"][0]["受理时间"] == ""


def test_money_is_told_in_yuan_with_what_was_given_back() -> None:
    told = scenario("construction-permit", definitions_of("construction-permit")[0].scenarios[0].id)
    bill = BillStanding("fee", 1, "refunded", 21505, refunded_fen=5, number="b-1", paid_on=date(2026, 3, 9))
    (row,) = spelt(report_of(file_of(told, bills=[bill])))["支付"]
    assert (row["收费金额"], row["退款金额"], row["收费时间"]) == ("215.05", "0.05", "20260309T000000")


def definitions_of(stem: str) -> tuple[Definition, ...]:
    return definitions(next(path for path in ITEMS if path.stem == stem))


@pytest.mark.parametrize(
    ("number", "code"),
    [("47010119800501001X", "111"), ("911156198806152014", "553"), ("810000199408230021", "990"), ("", "")],
)
def test_the_card_of_a_person_is_told_by_the_code_of_its_kind(number: str, code: str) -> None:
    told = scenario("disability-card", "adult_hearing_loss")
    (row,) = spelt(report_of(file_of(told, applicant=Party("样例", number))))["受理"]
    assert row["申请者证件类型代码"] == code


def test_a_text_that_is_too_long_is_cut_and_what_is_no_report_is_found() -> None:
    told = scenario("disability-card", "adult_hearing_loss")
    sets = spelt(report_of(file_of(told, applicant=Party("长" * 300, ""))))
    assert len(sets["受理"][0]["申请者名称"]) == 100
    sets["结果"][0]["办结结果代码"] = "x"  # type: ignore[index]
    assert not VALIDATOR.is_valid(sets)
