"""Acts: fenced, idempotent, exactly one of two officers, and never half-written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256

import orjson
import psycopg
import pytest

from gov_portal.cli.embedded import APP_ROLE, DatabaseUrls
from gov_portal.kernel.errors import DomainError, InvalidFields
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.kernel.principal import actor_of
from gov_portal.kernel.schema import downgrade, migrate
from tests.factories.town import Town
from workflows.domain.commands import ActOn, Mark
from workflows.domain.state import Status, TaskKind
from workflows.services.errors import CaseUnknown, KeyReused
from workflows.views import Card, QueueFilters, QueueOrder


def kinds(town: Town, case: CaseId) -> list[str]:
    return [entry.kind for entry in town.cases.view(case, by=town.leader).timeline]


def test_the_second_of_two_officers_is_told_that_the_task_is_gone(town: Town) -> None:
    case = town.submitted()
    town.act(case, "accept.1", "ok", by=town.window)
    other = town.doubles.officers.add("window.2", org="dept.subdistrict", role="window")
    with pytest.raises(DomainError) as refused:
        town.act(case, "accept.1", "refuse", by=other, reason="晚了")
    # The task has left the team, so the case is not the second officer's to see any more, or it is stale for overseers.
    assert (refused.value.code, refused.value.status) in {("case.stale-task", 409), ("case.unknown", 404)}


def test_of_many_who_act_at_once_exactly_one_acts(town: Town) -> None:
    case = town.submitted()
    officers = [town.doubles.officers.add(f"w{number}", org="dept.subdistrict", role="window") for number in range(6)]

    def act(number: int) -> str:
        try:
            town.cases.act(case, ActOn(TaskKey("accept.1"), "ok"), by=officers[number], key=f"k{number}")
        except DomainError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(act, range(6)))
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "case.stale-task", "case.unknown"}
    assert kinds(town, case).count("acted") == 1


def test_one_request_sent_many_times_at_once_acts_once_and_succeeds_always(town: Town) -> None:
    case = town.submitted()
    command = ActOn(TaskKey("accept.1"), "ok")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: town.cases.act(case, command, by=town.window, key="same"), range(6)))
    assert kinds(town, case).count("acted") == 1


def test_a_key_with_another_content_is_refused(town: Town) -> None:
    case = town.submitted()
    town.cases.act(case, ActOn(TaskKey("accept.1"), "ok"), by=town.window, key="k")
    with pytest.raises(KeyReused):
        town.cases.act(case, ActOn(TaskKey("accept.1"), "refuse", reason="x"), by=town.window, key="k")


def test_a_request_of_an_earlier_release_is_known_to_this_one(town: Town, database_urls: DatabaseUrls) -> None:
    case, body = town.submitted(), ["act", "accept.1", "ok", {}, "", []]
    town.act(case, "accept.1", "ok", by=town.window)
    downgrade(database_urls.owner, "0028_parked_work")
    with psycopg.connect(database_urls.owner) as connection:
        row = (case, actor_of(town.window), sha256(orjson.dumps(body)).digest())
        connection.execute("INSERT INTO workflows_idempotency VALUES (%s, %s, 'k', %s)", row)
    migrate(database_urls.owner, APP_ROLE)
    town.cases.act(case, ActOn(TaskKey("accept.1"), "ok"), by=town.window, key="k")
    with pytest.raises(KeyReused):
        town.cases.act(case, ActOn(TaskKey("accept.1"), "refuse", reason="x"), by=town.window, key="k")
    assert kinds(town, case).count("acted") == 1


def test_officers_of_other_offices_know_nothing_of_the_case(town: Town) -> None:
    case = town.accepted()
    with pytest.raises(CaseUnknown):
        town.cases.view(case, by=town.elsewhere)
    with pytest.raises(CaseUnknown):
        town.act(case, "assess.1", "done", by=town.elsewhere)


def test_every_unacceptable_field_is_reported_at_once(town: Town) -> None:
    case = town.accepted()
    with pytest.raises(InvalidFields) as refused:
        town.act(case, "assess.1", "done", by=town.assessor, assess__kind="teeth", assess__level="9", claim__cause="x")
    assert {fault.field: fault.code for fault in refused.value.faults} == {
        "assess.kind": "type.enum.unknown",
        "assess.level": "type.int.range",
        "claim.cause": "case.field-not-asked",
    }


def test_what_a_step_must_fill_is_reported_as_missing_fields(town: Town) -> None:
    case = town.accepted()
    with pytest.raises(InvalidFields) as refused:
        town.act(case, "assess.1", "done", by=town.assessor, assess__kind="hearing")
    assert [fault.field for fault in refused.value.faults] == ["assess.level", "assess.report"]


def test_a_refusal_needs_a_reason_and_shows_it_to_the_applicant(town: Town) -> None:
    case = town.submitted()
    with pytest.raises(DomainError, match="case.reason-missing"):
        town.act(case, "accept.1", "refuse", by=town.window)
    town.act(case, "accept.1", "refuse", by=town.window, reason="不属于本机关职权")
    view = town.cases.view(case, by=town.citizen)
    assert (view.outcome, view.closing, view.refusal_reason) == ("refused", "退回办结", "不属于本机关职权")
    assert view.remedies == ("行政复议", "行政诉讼")
    assert view.permitted.appeal


def test_a_supplement_unlocks_the_marked_fields_only(town: Town) -> None:
    case = town.submitted()
    town.supplement(case, "claim.cause")
    asked = town.cases.view(case, by=town.citizen).supplement
    assert asked is not None
    assert [(mark.target, mark.reason) for mark in asked.marks] == [("claim.cause", "unclear claim.cause")]
    with pytest.raises(DomainError, match="case.field-not-here"):
        raw = {"claim.cause": "loud machines", "claim.homebound": "true"}
        town.cases.return_supplement(case, task=asked.task, raw=raw, by=town.citizen)
    town.cases.return_supplement(case, task=asked.task, raw={"claim.cause": "loud machines"}, by=town.citizen)
    work = town.cases.work(case, TaskKey("accept.2"), by=town.window)
    assert {view.path: view.shown for view in work.fields}["claim.cause"] == "loud machines"
    assert [(view.path, view.previous_shown) for view in work.fields if view.previous_shown] == [
        ("claim.cause", "noise at work")
    ]


def test_a_changed_answer_brings_its_own_questions_and_their_prefill(town: Town) -> None:
    case = town.submitted()
    town.supplement(case, "claim.kind")
    asked = town.cases.view(case, by=town.citizen).supplement
    assert asked is not None
    raw = {"claim.kind": "mental"}
    further = town.cases.supplement(case, by=town.citizen, raw=raw)
    assert further is not None
    assert [mark.target for mark in further.marks] == ["claim.kind", "guardian.name", "guardian.id_no"]
    with pytest.raises(InvalidFields) as refused:
        town.cases.return_supplement(case, task=asked.task, raw=raw, by=town.citizen)
    assert [fault.field for fault in refused.value.faults] == ["guardian.name", "guardian.id_no"]
    number = town.doubles.people.facts(town.citizen.person).id_no
    town.doubles.exchange.records["civil.guardian"][number] = {"name": "旁人", "id_no": "470101199002020022"}
    town.cases.return_supplement(case, task=asked.task, raw=raw, by=town.citizen)
    fields = {view.path: view.source for view in town.cases.view(case, by=town.citizen).fields}
    assert fields["guardian.name"] == "civil.guardian"


def test_votes_close_the_step_when_enough_agree(town: Town) -> None:
    case = town.publicised()
    town.move("2026-03-11")
    town.cases.fire_due()
    first = town.holder(case, "review.1.1")
    assert town.cases.work(case, TaskKey("review.1.1"), by=first).vote is not None
    town.vote(case, "ok", "ok")
    assert [row.step for row in town.cases.queue(town.leader)] == ["approve"]
    assert all(town.cases.queue(checker) == () for checker in town.checkers)


def test_the_queue_shows_masked_names_days_left_and_cards(town: Town) -> None:
    case = town.submitted()
    (row,) = town.cases.queue(town.window)
    assert (row.case, row.task, row.applicant_masked, row.remaining_working_days) == (case, "accept.1", "样*", 5)
    assert row.card == "none"
    town.move("2026-03-16")
    (row,) = town.cases.queue(town.window)
    assert (row.remaining_working_days, row.card) == (-5, "red")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (QueueFilters(), 1),
        (QueueFilters(is_mine=True), 0),
        (QueueFilters(card=Card.RED), 0),
        (QueueFilters(card=Card.NONE), 1),
        (QueueFilters(item="cdpf.disability-card.first"), 1),
        (QueueFilters(item="admin-review"), 0),
        (QueueFilters(case_number="470101-2026"), 1),
        (QueueFilters(case_number="470102"), 0),
        (QueueFilters(case_number="%"), 1),
        (QueueFilters(is_free=True), 1),
        (QueueFilters(is_suspended=True), 0),
        (QueueFilters(is_suspended=False), 1),
        (QueueFilters(step="accept"), 1),
        (QueueFilters(step="review"), 0),
        (QueueFilters(kind=TaskKind.WORK), 1),
        (QueueFilters(kind=TaskKind.RAISED), 0),
        (QueueFilters(received_from=date(2026, 3, 2), received_to=date(2026, 3, 2)), 1),
        (QueueFilters(received_from=date(2026, 3, 3)), 0),
        (QueueFilters(received_to=date(2026, 3, 1)), 0),
        (QueueFilters(opened_until=datetime(2026, 3, 1, tzinfo=UTC)), 0),
        (QueueFilters(order=QueueOrder.RECEIVED), 1),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_queue_can_be_narrowed(town: Town, filters: QueueFilters, found: int) -> None:
    town.submitted()
    assert len(town.cases.queue(town.window, filters)) == found


def test_a_task_page_offers_what_the_engine_would_accept(town: Town) -> None:
    case = town.reviewed()
    work = town.cases.work(case, TaskKey("approve.1"), by=town.leader)
    assert {act.id: (act.is_enabled, act.needs_reason) for act in work.acts} == {
        "ok": (True, False),
        "redo": (True, False),
        "deny": (True, True),
    }
    assert {view.path: view.source for view in work.fields}["verdict.grade"] == "step:grade"


def test_an_act_whose_condition_does_not_hold_is_shown_but_not_offered(town: Town) -> None:
    case = town.accepted()
    town.deliver_all()
    town.assess(case, level="0")
    town.move("2026-03-11")
    town.cases.fire_due()
    town.vote(case, "ok", "ok")
    work = town.cases.work(case, TaskKey("approve.1"), by=town.leader)
    assert {act.id: act.why_not for act in work.acts}["ok"] == "case.act-not-allowed"


def test_another_department_reads_only_what_its_step_shows(town: Town) -> None:
    case = town.accepted()
    work = town.cases.work(case, TaskKey("assess.1"), by=town.assessor)
    assert [view.path for view in work.fields] == ["claim.kind", "claim.cause", "claim.homebound"]
    assert [view.path for view in work.fill] == ["assess.kind", "assess.level", "assess.report"]
    assert {view.path for view in work.case.fields} <= {
        "claim.kind",
        "claim.cause",
        "claim.homebound",
        "assess.kind",
        "assess.level",
        "assess.report",
    }


@pytest.mark.parametrize("proven", ["applicant.name", "applicant.id_no", "applicant.birth", "applicant.region"])
def test_what_account_or_department_vouch_for_is_never_opened_to_be_typed_over(town: Town, proven: str) -> None:
    case = town.submitted()
    work = town.cases.work(case, TaskKey("accept.1"), by=town.window)
    assert proven not in dict(work.markable)
    with pytest.raises(DomainError, match="case.mark-unknown"):
        town.supplement(case, proven)


def test_a_guardian_that_nobody_asks_for_cannot_be_marked(town: Town) -> None:
    case = town.submitted()
    work = town.cases.work(case, TaskKey("accept.1"), by=town.window)
    assert not {"guardian.name", "guardian.id_no"} & set(dict(work.markable))
    with pytest.raises(DomainError, match="case.mark-unknown"):
        town.supplement(case, "guardian.name")


def test_marks_without_a_reason_are_refused(town: Town) -> None:
    case = town.submitted()
    with pytest.raises(DomainError, match="case.marks-missing"):
        command = ActOn(TaskKey("accept.1"), "supplement", marks=(Mark("claim.cause", " "),))
        town.cases.act(case, command, by=town.window)
    assert town.cases.view(case, by=town.citizen).status is Status.OPEN
