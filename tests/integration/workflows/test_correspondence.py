"""An applicant and the offices that hold a case write to each other inside it, and nobody else reads it."""

from dataclasses import replace

import psycopg
import pytest

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Officer
from tests.factories.town import MINOR, Town
from workflows.domain.letters import MOST_A_DAY
from workflows.services.correspondence import (
    Correspondence,
    LetterLong,
    LetterMissing,
    LettersClosed,
    LettersTooMany,
    NotWithYou,
)
from workflows.services.errors import CaseUnknown

QUESTION = "照片可以用黑白的吗？"
ANSWER = "请用白底彩色照片。"


@pytest.fixture
def post(town: Town) -> Correspondence:
    return Correspondence(town.desk)


def ask(town: Town, post: Correspondence, case: CaseId, text: str = QUESTION, *, key: str = "one") -> None:
    post.write(case, text=text, by=town.citizen, key=key)


def texts(post: Correspondence, case: CaseId, by: Citizen | Officer) -> list[str]:
    return [letter.text for letter in post.letters(case, by=by).letters]


def read_all(post: Correspondence, case: CaseId, by: Citizen | Officer) -> None:
    first, last = post.letters(case, by=by).shown
    post.mark_read(case, first=first, last=last, by=by)


def test_a_question_and_its_answer_stand_in_their_order_with_who_wrote_them(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case)
    post.write(case, text=ANSWER, by=town.window, key="two")
    seen = post.letters(case, by=town.citizen)
    assert [(one.number, one.text, one.organ, one.is_own) for one in seen.letters] == [
        (1, QUESTION, "", True),
        (2, ANSWER, "dept.subdistrict 470101", False),
    ]
    assert seen.readers == ("dept.subdistrict 470101",)
    assert [one.is_own for one in post.letters(case, by=town.window).letters] == [False, True]


def test_a_case_without_letters_shows_none_and_how_many_may_be_written(town: Town, post: Correspondence) -> None:
    seen = post.letters(town.submitted(), by=town.citizen)
    assert (seen.letters, seen.shown, seen.unread, seen.left, seen.may_write) == ((), (0, 0), 0, MOST_A_DAY, True)


@pytest.mark.parametrize("who", ["stranger", "elsewhere"])
def test_whom_the_case_does_not_concern_neither_reads_nor_writes(town: Town, post: Correspondence, who: str) -> None:
    case, by = town.submitted(), getattr(town, who)
    with pytest.raises(CaseUnknown):
        post.letters(case, by=by)
    with pytest.raises(CaseUnknown):
        post.write(case, text=ANSWER, by=by, key="one")
    with pytest.raises(CaseUnknown):
        post.mark_read(case, first=1, last=1, by=by)


def test_an_office_writes_only_while_the_case_lies_with_it(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    assert not post.letters(case, by=town.leader).may_write
    with pytest.raises(NotWithYou):
        post.write(case, text=ANSWER, by=town.leader, key="one")
    town.act(case, "accept.1", "ok", by=town.window)
    assert not post.letters(case, by=town.window).may_write
    with pytest.raises(NotWithYou):
        post.write(case, text=ANSWER, by=town.window, key="two")
    post.write(case, text=ANSWER, by=town.assessor, key="three")
    assert texts(post, case, town.citizen) == [ANSWER]


def test_the_office_that_asked_for_a_supplement_still_holds_the_case(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    town.supplement(case, "claim.cause")
    ask(town, post, case)
    post.write(case, text=ANSWER, by=town.window, key="two")
    assert post.letters(case, by=town.citizen).readers == ("dept.subdistrict 470101",)


def test_a_suspended_case_is_written_in(town: Town, post: Correspondence) -> None:
    case = town.accepted()
    town.cases.suspend(case, ground="听证", reason="要听证", by=town.leader)
    ask(town, post, case)
    assert texts(post, case, town.citizen) == [QUESTION]


def test_another_department_reads_only_what_was_written_to_or_by_it(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case, "给街道的话")
    town.act(case, "accept.1", "ok", by=town.window)
    ask(town, post, case, "给医院的话", key="two")
    post.write(case, text="医院的回信", by=town.assessor, key="three")
    assert texts(post, case, town.assessor) == ["给医院的话", "医院的回信"]
    for by in (town.citizen, town.checkers[0], town.window):
        assert texts(post, case, by) == ["给街道的话", "给医院的话", "医院的回信"]


def test_a_letter_is_read_by_whom_it_was_written_to(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case, "给街道的话")
    town.act(case, "accept.1", "ok", by=town.window)
    ask(town, post, case, "给医院的话", key="two")
    read_all(post, case, town.leader)
    read_all(post, case, town.assessor)
    assert [one.is_read for one in post.letters(case, by=town.citizen).letters] == [False, True]
    read_all(post, case, town.window)
    assert [one.is_read for one in post.letters(case, by=town.citizen).letters] == [True, True]


def test_only_what_was_shown_counts_as_read(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    for number in range(1, 4):
        post.write(case, text=f"第{number}封", by=town.window, key=str(number))
    last = post.letters(case, by=town.citizen, most=2)
    assert ([one.number for one in last.letters], last.before, last.unread) == ([2, 3], 2, 3)
    post.mark_read(case, first=2, last=3, by=town.citizen)
    assert post.letters(case, by=town.citizen).unread == 3
    older = post.letters(case, by=town.citizen, before=last.before, most=2)
    assert ([one.number for one in older.letters], older.before) == ([1], None)
    post.mark_read(case, first=1, last=1, by=town.citizen)
    post.mark_read(case, first=2, last=3, by=town.citizen)
    assert post.letters(case, by=town.citizen).unread == 0


def test_reading_is_never_taken_back_and_never_runs_ahead(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    for number in range(1, 3):
        post.write(case, text=f"第{number}封", by=town.window, key=str(number))
    post.mark_read(case, first=1, last=99, by=town.citizen)
    assert post.letters(case, by=town.citizen).unread == 2
    post.mark_read(case, first=1, last=2, by=town.citizen)
    post.mark_read(case, first=1, last=1, by=town.citizen)
    assert post.letters(case, by=town.citizen).unread == 0


def test_a_unit_finds_the_cases_whose_applicants_wait_for_it(town: Town, post: Correspondence) -> None:
    first, second = town.submitted(), town.submitted(town.stranger)
    ask(town, post, first)
    town.move("2026-03-03")
    post.write(second, text=QUESTION, by=town.stranger, key="one")
    ask(town, post, first, "还有一个问题", key="two")
    assert [(one.case, one.unread) for one in post.waiting(town.window)] == [(first, 2), (second, 1)]
    assert post.count_waiting(town.window) == 2
    for nobody in (town.leader, town.assessor, town.elsewhere):
        assert (post.waiting(nobody), post.count_waiting(nobody)) == ((), 0)
    read_all(post, first, town.window)
    assert [one.case for one in post.waiting(town.window)] == [second]


def test_whoever_answers_has_read_what_stood_above(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case)
    shown = post.letters(case, by=town.window).shown
    ask(town, post, case, "还有一个问题", key="two")
    post.write(case, text=ANSWER, by=town.window, key="three", shown=shown)
    assert post.letters(case, by=town.window).unread == 1
    assert post.count_waiting(town.window) == 1


def test_a_colleague_who_may_not_see_the_case_is_not_led_to_it(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case)
    cleaner = replace(town.window, roles=frozenset({"cleaner"}))
    assert (post.waiting(cleaner), post.count_waiting(cleaner)) == ((), 0)


def test_a_closed_case_is_read_and_not_written_in(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case)
    town.act(case, "accept.1", "refuse", by=town.window, reason="不符合条件")
    for by in (town.citizen, town.window):
        with pytest.raises(LettersClosed):
            post.write(case, text=ANSWER, by=by, key="two")
        seen = post.letters(case, by=by)
        assert (len(seen.letters), seen.may_write, seen.is_closed) == (1, False, True)


def test_a_refused_letter_leaves_nothing_behind(town: Town, post: Correspondence) -> None:
    case = town.draft()
    with pytest.raises(LettersClosed):
        ask(town, post, case)
    with town.db.driver() as driver:
        assert driver.execute("SELECT count(*) FROM workflows_threads").fetchone() == (0,)


@pytest.mark.parametrize(("text", "error"), [(" \n", LetterMissing), ("长" * 1001, LetterLong)])
def test_a_letter_has_a_text_of_at_most_a_thousand_characters(
    town: Town, post: Correspondence, text: str, error: type[Exception]
) -> None:
    case = town.submitted()
    with pytest.raises(error):
        ask(town, post, case, text)
    ask(town, post, case, "长" * 1000)


def test_a_repeated_letter_is_one_and_a_changed_one_is_another(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    for _ in range(2):
        ask(town, post, case)
        post.write(case, text=ANSWER, by=town.window, key="one")
    ask(town, post, case, "改过的话")
    assert texts(post, case, town.citizen) == [QUESTION, ANSWER, "改过的话"]
    assert [topic for topic, _payload in town.outbox()].count("case.tell") == 2  # received, and the one answer


def test_each_side_writes_twenty_letters_a_day(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    for number in range(20):
        ask(town, post, case, f"第{number}封", key=str(number))
    assert post.letters(case, by=town.citizen).left == 0
    with pytest.raises(LettersTooMany):
        ask(town, post, case, key="more")
    post.write(case, text=ANSWER, by=town.window, key="two")
    town.move("2026-03-04")
    ask(town, post, case, key="more")
    assert post.letters(case, by=town.citizen).left == 19


def test_the_applicant_is_told_of_the_offices_letter_without_its_text(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case)
    post.write(case, text=ANSWER, by=town.window, key="two")
    town.deliver_all()
    told = [(person, params) for person, code, params in town.doubles.messages.told.values() if code == "case.letter"]
    (person, params) = told[0]
    assert (len(told), person, ANSWER in str(params)) == (1, town.citizen.person, False)


def test_what_a_guardian_writes_is_said_to_be_theirs(town: Town, post: Correspondence) -> None:
    ward = town.doubles.people.add("小样", id_no=MINOR)
    town.doubles.people.guardians.add((town.citizen.person, ward.person))
    guardian = replace(town.citizen, acting_for=ward.person)
    case = town.submitted(guardian)
    post.write(case, text=QUESTION, by=guardian, key="one")
    assert [one.is_by_delegate for one in post.letters(case, by=town.window).letters] == [True]
    with pytest.raises(CaseUnknown):
        post.letters(case, by=town.citizen)


def test_a_persons_list_says_where_a_letter_waits(town: Town, post: Correspondence) -> None:
    case, quiet = town.submitted(), town.submitted()
    ask(town, post, quiet)
    post.write(case, text=ANSWER, by=town.window, key="one")
    listed = {row.case: row.has_new_letter for row in town.cases.my_cases(town.citizen)}
    assert listed == {case: True, quiet: False}
    read_all(post, case, town.citizen)
    assert not any(row.has_new_letter for row in town.cases.my_cases(town.citizen))


def test_every_letter_is_a_row_of_the_ledger_without_its_text(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    ask(town, post, case)
    hand = replace(town.citizen, hand=town.window.officer)
    post.write(case, text="窗口代写的话", by=hand, key="two")
    with town.db.driver() as driver:
        sql = "SELECT seq, kind, actor, body FROM kernel_ledger WHERE stream = %s ORDER BY seq"
        found = driver.execute(sql, (f"letters:{case}",)).fetchall()
        lying = driver.execute("SELECT l::text FROM workflows_letters l").fetchall()
    assert [(seq, kind, actor) for seq, kind, actor, _body in found] == [
        (1, "written", f"citizen:{town.citizen.person}"),
        (2, "written", f"citizen:{town.citizen.person} by officer:{town.window.officer}"),
    ]
    assert not any(word in str(rows) for rows in (found, lying) for word in (QUESTION, "窗口代写的话"))


@pytest.mark.parametrize("statement", ["UPDATE workflows_letters SET organ = ''", "DELETE FROM workflows_letters"])
def test_a_letter_stays_as_it_was_written(town: Town, post: Correspondence, statement: str) -> None:
    ask(town, post, town.submitted())
    with pytest.raises(psycopg.errors.RaiseException), town.db.driver() as driver:
        driver.execute(statement.encode())


def test_letters_change_nothing_in_the_story_of_the_case(town: Town, post: Correspondence) -> None:
    case = town.submitted()
    before = town.cases.view(case, by=town.citizen)
    ask(town, post, case)
    post.write(case, text=ANSWER, by=town.window, key="two")
    after = town.cases.view(case, by=town.citizen)
    assert (after.timeline, after.holders, after.clock) == (before.timeline, before.holders, before.clock)
