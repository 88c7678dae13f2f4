"""A bundle lives as one case and its parts, each written alone; doubles, crashes and withdrawals lose nothing."""

from uuid import uuid4

import pytest

from gov_portal.kernel import outbox
from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.kernel.outbox import OutboxMessage
from tests.factories.bundles import FILES
from tests.factories.town import Town, photo
from workflows.domain.commands import ActOn, Mark
from workflows.domain.state import Status
from workflows.services.parts import Parts

WHOLE = ItemId("t.whole")


@pytest.fixture
def bundled(town: Town) -> Town:
    town.desk.definitions.publish(FILES)
    return town


def handed_in(town: Town, *, second: bool = True) -> CaseId:
    case = town.cases.begin(WHOLE, by=town.citizen)
    typed = {
        "chosen": {"chosen.second": "true" if second else "false"},
        "firm": {"firm.title": "样例公司", "firm.staff": "12"},
        **({"bank": {"bank.branch": "东样支行"}} if second else {}),
    }
    for page, raw in typed.items():
        town.cases.save_page(case, page=page, raw=raw, by=town.citizen)
    for paper in ("materials.lease", "materials.roll"):
        file = town.cases.attach(case, paper, photo(), claimed_type="image/png", by=town.citizen)
        town.cases.save_page(case, page="materials", raw={paper: str(file)}, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    town.deliver_all()
    return case


def part(town: Town, case: CaseId, step: str) -> CaseId:
    return town.cases.part_cases(case, by=town.citizen)[step]


def states(town: Town, case: CaseId) -> dict[str, str]:
    return {one.step: one.state for one in town.cases.view(case, by=town.citizen).parts}


def decide(town: Town, case: CaseId, step: str, act: str, **fields: str) -> None:
    command = ActOn(TaskKey("approve.1"), act, {k.replace("__", "."): v for k, v in fields.items()}, "依规办理")
    town.cases.act(part(town, case, step), command, by=town.checkers[0])
    town.deliver_all()


def test_one_application_opens_the_parts_in_their_order_and_an_output_feeds_the_next(bundled: Town) -> None:
    town = bundled
    case = handed_in(town)
    assert states(town, case) == {"first": "open", "second": "waiting", "third": "waiting"}
    decide(town, case, "first", "ok", company__code="A1")
    assert states(town, case) == {"first": "done", "second": "open", "third": "open"}
    second = town.cases.view(part(town, case, "second"), by=town.citizen)
    assert {
        one.path: one.shown for one in second.fields if one.path.partition(".")[0] in ("company", "bank", "firm")
    } == {
        "firm.title": "样例公司",
        "company.code": "A1",
        "bank.branch": "东样支行",
    }
    assert second.whole is not None and (second.whole.case, second.whole.name) == (case, "甲乙丙一件事")
    third = town.cases.view(part(town, case, "third"), by=town.citizen)
    assert [one.state for one in third.materials] == ["uploaded", "uploaded"]
    assert third.materials[0].file is not None
    assert town.cases.file(third.case, third.materials[0].file, by=town.citizen)[0] == "image/png"
    decide(town, case, "second", "ok")
    decide(town, case, "third", "ok")
    view = town.cases.view(case, by=town.citizen)
    assert (view.status, view.outcome, states(town, case)) == (
        Status.CLOSED, "whole", {"first": "done", "second": "done", "third": "done"},
    )  # fmt: skip


def test_every_message_may_come_twice_and_every_worker_may_die_between_two_writes(bundled: Town) -> None:
    town = bundled
    case = handed_in(town, second=False)
    before = town.cases.view(case, by=town.citizen)
    again(town, case, "child", "first")
    assert town.cases.part_cases(case, by=town.citizen).keys() == {"first"}
    decide(town, case, "first", "ok", company__code="A1")
    again(town, case, "part", "first")
    again(town, case, "child", "third")
    assert states(town, case) == {"first": "done", "third": "open"}
    assert len(before.parts) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Parts, "_hand_over_files", _die)
        other = handed_in_until_death(town)
    assert town.cases.view(part(town, other, "first"), by=town.citizen).status is Status.DRAFT
    town.deliver_all()
    assert states(town, other)["first"] == "open"


def _die(*_: object, **__: object) -> None:
    raise ConnectionError("the worker is gone")


def handed_in_until_death(town: Town) -> CaseId:
    with pytest.raises(ConnectionError):
        handed_in(town, second=False)
    with town.db.driver() as driver:
        driver.execute("UPDATE kernel_outbox SET claimed_until = NULL")
        row = driver.execute(
            "SELECT id FROM workflows_cases WHERE item = 't.whole' ORDER BY serial DESC LIMIT 1"
        ).fetchone()
    return CaseId(row[0])


def again(town: Town, case: CaseId, kind: str, step: str) -> None:
    """Deliver a message once more that was delivered before."""
    payload = {"case": str(case), "kind": kind, "step": step, "visit": 1}
    with town.db.begin() as uow:
        outbox.add(uow, OutboxMessage(f"case.{kind}", f"case:{case}:again:{uuid4()}", payload))
    town.deliver_all()


def test_a_refused_part_leaves_out_what_follows_it_and_the_bundle_ends(bundled: Town) -> None:
    town = bundled
    case = handed_in(town)
    decide(town, case, "first", "deny")
    view = town.cases.view(case, by=town.citizen)
    assert (view.outcome, {one.step: one.state for one in view.parts}) == (
        "partly", {"first": "refused", "second": "left_out", "third": "left_out"},
    )  # fmt: skip
    assert town.cases.view(part(town, case, "first"), by=town.citizen).remedies == ("行政复议",)


def test_the_whole_is_withdrawn_with_every_part_that_can_be(bundled: Town) -> None:
    town = bundled
    case = handed_in(town)
    decide(town, case, "first", "ok", company__code="A1")
    town.cases.withdraw(case, by=town.citizen)
    town.deliver_all()
    ended = {
        step: town.cases.view(one, by=town.citizen).outcome
        for step, one in town.cases.part_cases(case, by=town.citizen).items()
    }
    # The second item knows no withdrawal: it goes its own way.
    assert ended == {"first": "granted", "second": None, "third": "withdrawn"}
    decide(town, case, "second", "ok")
    assert town.cases.view(case, by=town.citizen).outcome == "withdrawn"


def test_one_part_is_withdrawn_alone(bundled: Town) -> None:
    town = bundled
    case = handed_in(town, second=False)
    decide(town, case, "first", "ok", company__code="A1")
    town.cases.withdraw(part(town, case, "third"), by=town.citizen)
    town.deliver_all()
    view = town.cases.view(case, by=town.citizen)
    assert (view.outcome, states(town, case)["third"]) == ("partly", "withdrawn")


def test_a_supplement_of_a_part_is_seen_in_the_list_and_on_the_one_page(bundled: Town) -> None:
    town = bundled
    case = handed_in(town, second=False)
    decide(town, case, "first", "ok", company__code="A1")
    mark = ActOn(TaskKey("approve.1"), "ask", marks=(Mark("firm.staff", "请核对人数"),))
    town.cases.act(part(town, case, "third"), mark, by=town.checkers[0])
    rows = town.cases.my_cases(town.citizen)
    assert [(row.case, row.needs_applicant) for row in rows] == [(case, True)]
    assert [one.needs_applicant for one in town.cases.view(case, by=town.citizen).parts] == [False, True]


def test_the_promise_of_a_bundle_stands_while_its_part_waits_for_the_applicant_and_nothing_else_goes_on(
    bundled: Town,
) -> None:
    town = bundled
    case = handed_in(town, second=False)
    decide(town, case, "first", "ok", company__code="A1")
    due_on = town.cases.view(case, by=town.citizen).due_on
    mark = ActOn(TaskKey("approve.1"), "ask", marks=(Mark("firm.staff", "请核对人数"),))
    third = part(town, case, "third")
    town.cases.act(third, mark, by=town.checkers[0])
    town.deliver_all()
    (standstill,) = town.cases.view(case, by=town.citizen).standstills
    assert (standstill.step, standstill.ground) == ("third", "补正")
    town.move("2026-03-04")
    town.cases.return_supplement(third, task=TaskKey("approve.1.s"), raw={"firm.staff": "11"}, by=town.citizen)
    town.deliver_all()
    view = town.cases.view(case, by=town.citizen)
    assert view.standstills == ()
    assert view.clock is not None and due_on is not None and view.due_on is not None
    assert [(line.kind, line.working_days) for line in view.clock.lines if not line.is_counted] == [("part", 1)]
    assert town.desk.calendar.working_days_between(due_on, view.due_on) == 1


def test_nobody_sweeps_a_bundle_that_waits_for_a_part_and_a_stranger_sees_nothing(bundled: Town) -> None:
    town = bundled
    case = handed_in(town)
    assert [one.kind for one in town.cases.sweep() if one.case == case] == []
    assert town.cases.part_cases(case, by=town.stranger) == {}
    seen = town.cases.view(part(town, case, "first"), by=town.checkers[0])
    assert seen.whole is not None
    assert (seen.whole.case, seen.whole.name, seen.whole.parts) == (None, "甲乙丙一件事", ())


def test_the_receipt_of_a_bundle_names_the_office_of_its_authority_and_its_number_the_region(bundled: Town) -> None:
    town = bundled
    case = handed_in(town)
    assert town.cases.view(case, by=town.citizen).case_number.startswith("470101-")
    town.cases.receipt_paper(case, by=town.citizen)
    assert town.doubles.notices.made[-1].authority == "dept.cdpf 470101"
