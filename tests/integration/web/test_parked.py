"""Operators see what is parked and decide about many pieces at once; nobody else does."""

import pytest

from gov_portal.kernel.decisions import Way, WorkMoved
from tests.factories.pages import Pages
from tests.factories.parked import parked_work

LIST, SETTLE = "/officer/parked", "/officer/parked"
REASON = "部门接口已修复"


def test_what_is_parked_is_listed_with_why_in_words_and_counted_in_the_navigation(pages: Pages) -> None:
    html = pages.signed_in("operator").get(LIST).text
    assert html.count("data-parked=") == 2
    assert "向部门核实或查询" in html
    assert "程序没有料到的错误，请技术人员按代码查日志。" in html
    assert "对方没有按时回应。" in html
    assert 'data-parked-count="2"' in html


def test_one_piece_is_shown_with_every_attempt_and_its_code(pages: Pages) -> None:
    html = pages.signed_in("operator").get(f"{LIST}/4711").text
    assert "办理它的进程中断了。" in html
    assert '<code class="muted">ValueError</code>' in html
    assert "case:1:check.1" in html


@pytest.mark.parametrize("number", ["9", str(2**63), "x"])
def test_what_is_not_parked_is_not_found(pages: Pages, number: str) -> None:
    assert pages.signed_in("operator").get(f"{LIST}/{number}").status_code == 404


def test_one_press_resumes_all_that_are_chosen(pages: Pages) -> None:
    visitor = pages.signed_in("operator")
    form = {"work": ["4711", "4712"], "way": "resume", "reason": REASON}
    told = visitor.post(SETTLE, form, form=LIST, follow_redirects=True)
    assert [(number, decision.way, decision.reason) for number, decision in pages.parked.settled] == [
        (4711, Way.RESUME, REASON),
        (4712, Way.RESUME, REASON),
    ]
    assert "2 件已重新办理。" in told.text


@pytest.mark.parametrize("way", ["skip", "abandon"])
def test_what_nothing_undoes_asks_for_a_second_word(pages: Pages, way: str) -> None:
    visitor, form = pages.signed_in("operator"), {"work": "4712", "way": way, "reason": REASON}
    asked = visitor.post(SETTLE, form, form=LIST)
    assert pages.parked.settled == []
    assert "这样处理以后不能撤回。" in asked.text
    visitor.post(SETTLE, {**form, "confirmed": "1"})
    assert [(number, decision.way) for number, decision in pages.parked.settled] == [(4712, Way(way))]


def test_all_of_a_kind_are_settled_without_choosing_each(pages: Pages) -> None:
    pages.parked.works = tuple(parked_work(number) for number in range(1, 40)) + pages.parked.works[1:]
    form = {"every": "1", "topic": "case.call", "way": "resume", "reason": REASON}
    pages.signed_in("operator").post(SETTLE, form, form=LIST)
    assert [number for number, _ in pages.parked.settled] == list(range(1, 40))


def test_all_of_a_kind_that_somebody_else_has_settled_is_nothing_and_not_everything(pages: Pages) -> None:
    form = {"every": "1", "topic": "desk.bulk", "way": "resume", "reason": REASON}
    told = pages.signed_in("operator").post(SETTLE, form, form=LIST)
    assert told.status_code == 422
    assert "请选择要处理的工作" in told.text
    assert told.text.count("data-parked=") == 2
    assert pages.parked.settled == []


def test_what_is_wanting_is_said_and_what_was_chosen_stays(pages: Pages) -> None:
    visitor = pages.signed_in("operator")
    told = visitor.post(SETTLE, {"work": "4712", "reason": " "}, form=LIST)
    assert told.status_code == 422
    assert told.text.count("请选择怎样处理") == 2
    assert 'value="4712" checked' in told.text
    assert "请选择要处理的工作" in visitor.post(SETTLE, {"work": "99", "way": "skip", "reason": REASON}).text
    assert pages.parked.settled == []


def test_what_somebody_else_has_decided_is_named_and_the_others_are_settled(pages: Pages) -> None:
    pages.parked.refuse[4711] = WorkMoved()
    form = {"work": ["4711", "4712"], "way": "resume", "reason": REASON}
    told = pages.signed_in("operator").post(SETTLE, form, form=LIST, follow_redirects=True)
    assert "1 件已重新办理。" in told.text
    assert "第 4711 号没有改动：别人刚刚处理了这件工作" in told.text


def test_nothing_parked_is_said_and_a_long_list_has_pages(pages: Pages) -> None:
    visitor, pages.parked.works = pages.signed_in("operator"), ()
    assert "没有搁置的工作" in visitor.get(LIST).text
    pages.parked.works = tuple(parked_work(number) for number in range(1, 31))
    assert visitor.get(LIST).text.count("data-parked=") == 25
    assert visitor.get(f"{LIST}?after=25").text.count("data-parked=") == 5


@pytest.mark.parametrize("holder", ["leader", "window", "citizen"])
def test_nobody_else_gets_there(pages: Pages, holder: str) -> None:
    visitor = pages.signed_in(holder)
    assert visitor.get(LIST).status_code == 403
    assert "data-parked-count" not in visitor.get("/officer").text
