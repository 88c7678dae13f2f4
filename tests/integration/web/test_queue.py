"""Officers find, sort and keep their queue, take the next task, and order bulk acts that they can watch."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from gov_portal.web.base.queue_filters import filters_in, place_of, query_text, spell
from gov_portal.web.officer.bulk import harmless
from identity.services.absences import AbsenceClash, DeputyWrong
from tests.factories.desk import ABSENCE, FINISHED, JOB, SAVED
from tests.factories.pages import CASE, OFFICER, Pages
from tests.factories.views import COLLEAGUE, NUMBER, a_queue_row
from workflows.domain.state import TaskKind
from workflows.services.jobs import BulkOrder
from workflows.services.preferences import FilterNameWrong, SavedFilter
from workflows.views import Card, QueueFilters, QueueOrder, QueuePlace

PLACE = QueuePlace(datetime(2026, 3, 9, 16, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC), CASE, "accept.1")
USUAL = QueueFilters(is_suspended=False)


def test_the_queue_shows_days_cards_and_urging_in_words(pages: Pages) -> None:
    pages.cases.queue_rows = (
        a_queue_row(remaining_working_days=-2, card=Card.RED, task="accept.1", urged=2, urged_on=date(2026, 3, 5)),
        a_queue_row(remaining_working_days=0, card=Card.YELLOW, task="accept.2", officer=OFFICER),
        a_queue_row(remaining_working_days=3, task="accept.3", officer=COLLEAGUE, kind=TaskKind.OBJECTION),
        a_queue_row(remaining_working_days=None, task="accept.4", is_suspended=True, officer=COLLEAGUE, covers="吴江"),
    )
    html = pages.signed_in("window").get("/officer").text
    for words in (
        "红牌",
        "已超 2 个工作日",
        "黄牌",
        "今天到期",
        "还剩 3 个工作日",
        "不限时",
        "待领取",
        "异议",
        "已挂起",
        "催办 2 次",
        "代 吴江",
    ):
        assert words in html
    assert f'data-case-number="{NUMBER}"' in html
    assert 'data-task="accept.1"' in html


def test_every_page_of_the_desk_names_unit_and_role(pages: Pages) -> None:
    for path in ("/officer", "/officer/figures", "/officer/jobs", "/officer/absences", "/officer/cases"):
        html = pages.signed_in("window").get(path).text
        assert "东样区样例街道办事处" in html
        assert "窗口受理" in html
        assert 'href="/officer/units"' in html


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("all=1", USUAL),
        ("show=mine", replace(USUAL, is_mine=True)),
        ("show=free", replace(USUAL, is_free=True)),
        ("show=suspended", replace(USUAL, is_suspended=True)),
        ("card=red", replace(USUAL, card=Card.RED)),
        ("card=purple", USUAL),
        (f"number=+{NUMBER}+", QueueFilters(case_number=NUMBER)),
        ("item=%00&step=%0A&kind=supplement", USUAL),
        (
            "item=x&step=accept&kind=raised",
            replace(USUAL, item="x", step="accept", kind=TaskKind.RAISED),
        ),
        (
            "from=2026-03-01&to=2026-03-31&order=received",
            replace(
                USUAL,
                received_from=date(2026, 3, 1),
                received_to=date(2026, 3, 31),
                order=QueueOrder.RECEIVED,
            ),
        ),
        (
            "from.year=2026&from.month=3&from.day=1&to.year=2026&to.month=+3&to.day=31",
            replace(USUAL, received_from=date(2026, 3, 1), received_to=date(2026, 3, 31)),
        ),
        ("from=yesterday&to=2026-02-30&order=upwards", USUAL),
        ("from.year=2026&to.year=2026&to.month=2&to.day=30", USUAL),
        ("after=~~~&before=x", USUAL),
    ],
)
def test_the_filters_of_the_queue(pages: Pages, query: str, filters: QueueFilters) -> None:
    assert pages.signed_in("window").get(f"/officer?{query}").status_code == 200
    assert pages.cases.called("queue") == [{"filters": replace(filters, limit=51)}]
    assert filters_in(query_text(filters)) == filters


@pytest.mark.parametrize("place", [PLACE, replace(PLACE, due_at=None)])
def test_a_place_is_spelt_and_read_again(place: QueuePlace) -> None:
    assert place_of(spell(place)) == place
    assert spell(None) == ""


@pytest.mark.parametrize("text", ["", "~", "~x~y~z", f"x~2026-03-02T01:00:00+00:00~{CASE}~a", "~2026-03-02~x~a"])
def test_what_spells_no_place_is_none(text: str) -> None:
    assert place_of(text) is None


def test_days_are_asked_of_officers_as_of_citizens_in_three_parts(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    html = visitor.get("/officer?from=2026-03-09&to.month=2&to.day=30&to.year=2026").text
    assert 'type="date"' not in html + visitor.get("/officer/absences").text
    parts = [re.search(rf'name="from.{part}"[^>]* value="(\d+)"', html)[1] for part in ("year", "month", "day")]
    assert parts == ["2026", "3", "9"]
    assert "没有这一天" in html


def test_a_long_queue_leads_on_from_its_last_row_and_keeps_the_filter(pages: Pages) -> None:
    pages.cases.queue_rows = tuple(
        a_queue_row(task=f"accept.{number}", place=replace(PLACE, task=f"accept.{number}")) for number in range(51)
    )
    html = pages.signed_in("window").get("/officer?card=red").text
    assert html.count('data-task="') == 50
    assert "card=red&amp;after=2026-03-09T16:00:00%2B00:00~" in html
    assert "~accept.49" in html
    assert "上一页" not in html
    assert "tasks/accept.0?card=red" in html


def test_the_desk_opens_with_the_filter_that_was_chosen_for_it(pages: Pages) -> None:
    pages.preferences.saved = (SavedFilter(SAVED, "本周", "card=yellow", is_default=True),)
    visitor = pages.signed_in("window")
    assert visitor.get("/officer").location == "/officer?card=yellow"
    assert visitor.get("/officer?all=1").status_code == 200


def test_filters_and_columns_are_kept(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    visitor.get("/officer")
    assert visitor.post("/officer/filters", {"name": "急件", "card": "red"}).location == "/officer?card=red"
    visitor.post(f"/officer/filters/{SAVED}/first")
    visitor.post(f"/officer/filters/{SAVED}/first", {"off": "1"})
    visitor.post(f"/officer/filters/{SAVED}/delete")
    visitor.post("/officer/columns", {"column": ["urged", "nonsense", "step"]})
    assert [name for name, _ in pages.preferences.calls] == [
        "save",
        "set_default",
        "set_default",
        "delete",
        "choose_columns",
    ]
    assert pages.preferences.called("save") == [{"name": "急件", "query": "card=red"}]
    assert pages.preferences.called("set_default") == [{"which": SAVED}, {"which": None}]
    assert pages.preferences.called("choose_columns") == [{"columns": ("step", "urged")}]
    pages.preferences.refuse["save"] = FilterNameWrong(longest=30)
    visitor.post("/officer/filters", {"name": ""})
    assert "请给筛选起个名字" in visitor.get("/officer").text


def test_chosen_columns_are_shown(pages: Pages) -> None:
    pages.preferences.chosen = ("received",)
    html = pages.signed_in("window").get("/officer").text
    assert '<th scope="col">收件日期</th>' in html
    assert '<th scope="col">申请人</th>' not in html


def test_the_next_task_is_taken_within_the_filter(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    taken = visitor.post("/officer/next", {"card": "red"})
    assert taken.location == f"/officer/cases/{CASE}/tasks/accept.1?card=red"
    assert pages.cases.called("claim_next") == [{"filters": replace(USUAL, card=Card.RED)}]
    pages.cases.queue_rows = ()
    assert visitor.post("/officer/next").location == "/officer?all=1"
    assert "没有可以领取的待办了" in visitor.get("/officer?all=1").text


def test_a_claim_is_given_back(pages: Pages) -> None:
    response = pages.signed_in("window").post(f"/officer/cases/{CASE}/tasks/accept.1/release")
    assert response.location == "/officer"
    assert pages.cases.called("release") == [{"task": "accept.1"}]


def test_any_case_of_the_unit_is_found_by_number(pages: Pages) -> None:
    html = pages.signed_in("leader").get(f"/officer/cases?number={NUMBER}").text
    assert f'href="/officer/cases/{CASE}"' in html
    assert pages.cases.called("cases_of_unit") == [{"number": NUMBER}]
    pages.signed_in("leader").get("/officer/cases")
    assert len(pages.cases.called("cases_of_unit")) == 1


def test_a_bulk_act_is_chosen_confirmed_and_ordered(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    on = "cdpf.disability-card.first|accept"
    assert f"on={on.replace('|', '%7C')}&amp;card=red" in visitor.get("/officer/bulk?card=red").text
    assert "800 件可以" in visitor.get(f"/officer/bulk?card=red&on={on}").text
    confirm = visitor.get(f"/officer/bulk?card=red&on={on}&act=ok").text
    for words in ('data-found="812"', 'data-able="800"', "9 件", "须由另一位同事办理"):
        assert words in confirm
    sent = {"card": "red", "on": on, "act": "ok", "key": str(JOB), "until": "2026-03-02T01:00:00+00:00"}
    assert visitor.post("/officer/bulk", sent).location == f"/officer/jobs/{JOB}?refresh=1"
    (ordered,) = pages.jobs.called("order")
    until = datetime(2026, 3, 2, 1, tzinfo=UTC)
    filters = replace(USUAL, card=Card.RED, opened_until=until)
    assert ordered == {"order": BulkOrder(filters, "cdpf.disability-card.first", "accept", "ok"), "job": JOB}


def test_an_order_for_nothing_changes_nothing(pages: Pages) -> None:
    pages.jobs.view = replace(pages.jobs.view, able=())
    assert pages.signed_in("window").post("/officer/bulk", {"on": "x|y"}).location == "/officer/bulk"


def test_a_running_job_tells_its_progress_and_asks_to_be_loaded_again(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    response = visitor.get(f"/officer/jobs/{JOB}?refresh=1")
    assert response.headers["Refresh"] == "5"
    assert '<progress id="progress" max="800" value="322">' in response.text
    assert "同事刚刚办过" in response.text
    assert "Refresh" not in visitor.get(f"/officer/jobs/{JOB}").headers
    pages.jobs.shown = FINISHED
    assert "Refresh" not in visitor.get(f"/officer/jobs/{JOB}?refresh=1").headers
    assert visitor.get(f"/officer/jobs/{JOB}?after=x&outcome=odd").status_code == 200
    assert visitor.get("/officer/jobs").text.count("件中办成") == 2


def test_a_job_is_stopped(pages: Pages) -> None:
    response = pages.signed_in("window").post(f"/officer/jobs/{JOB}/stop")
    assert response.location == f"/officer/jobs/{JOB}?refresh=1"
    assert pages.jobs.called("stop") == [{"job": JOB}]


def test_results_are_downloaded_as_a_table(pages: Pages) -> None:
    response = pages.signed_in("window").get(f"/officer/jobs/{JOB}/results.csv")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    lines = response.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[0] == "办件编号,环节,办理,结果,原因,时间"
    assert lines[1].startswith(f"{NUMBER},受理,受理,已办,,")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("470101") == "470101"


def test_figures_have_a_picture_and_the_same_numbers_in_a_table(pages: Pages) -> None:
    html = pages.signed_in("window").get("/officer/figures").text
    assert html.count('role="img"') == 2
    assert "最近七天：收到 84 件，办完 70 件" in html
    assert '<th scope="row">09:00</th><td class="number">4</td>' in html
    assert pages.signed_in("window").get("/officer/figures?on=2026-02-30").status_code == 200


def test_a_unit_is_switched(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    assert "样例市东样区残疾人联合会" in visitor.get("/officer/units").text
    assert visitor.post("/officer/units", {"unit": "dept.cdpf|470101"}).location == "/officer?all=1"
    assert pages.identity.ended == [("dept.cdpf", "470101")]


def test_an_absence_is_entered_and_ended(pages: Pages) -> None:
    visitor = pages.signed_in("window")
    assert "吴江" in visitor.get("/officer/absences").text
    refused = visitor.post("/officer/absences", {})
    assert refused.status_code == 422
    assert refused.text.count('class="field-error"') == 3
    first = {"first.year": "2026", "first.month": "3", "first.day": "9"}
    sent = {"deputy": str(COLLEAGUE), **first, "last.year": "2026", "last.month": "3", "last.day": "13"}
    for error, words in ((AbsenceClash(), "其中一位已经不在岗"), (DeputyWrong(), "须是本单位同岗位")):
        pages.identity.absences.refuse["enter"] = error
        refused = visitor.post("/officer/absences", sent)
        assert refused.status_code == 422
        assert words in refused.text
    pages.identity.absences.refuse.clear()
    pages.identity.absences.calls.clear()
    assert visitor.post("/officer/absences", sent).location == "/officer/absences"
    assert pages.identity.absences.called("enter") == [
        {
            "absent": OFFICER,
            "deputy": UUID(str(COLLEAGUE)),
            "first_on": date(2026, 3, 9),
            "last_on": date(2026, 3, 13),
        }
    ]
    assert visitor.post(f"/officer/absences/{ABSENCE}/end").location == "/officer/absences"


@pytest.mark.parametrize(
    "path",
    [
        "/officer?from=0001-01-01&to=9999-12-31&after=%00&number=%00%25",
        "/officer/figures?on=0001-01-01",
        "/officer/figures?on=9999-12-31",
        "/officer/bulk?on=%00%7C%00&act=%00",
        "/officer/cases?number=%00&show=%00",
        f"/officer/jobs/{JOB}?after=%00&outcome=%00",
    ],
)
def test_senseless_addresses_are_answered(pages: Pages, path: str) -> None:
    assert pages.signed_in("window").get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/officer/bulk", {"on": "\0|\0", "act": "\0", "key": "x", "until": "y"}, 303),
        ("/officer/filters", {"name": "\0", "from": "9999-12-31"}, 303),
        ("/officer/next", {"item": "\0", "to": "0001-01-01"}, 303),
        ("/officer/units", {"unit": "\0|\0"}, 303),
        ("/officer/absences", {"absent": "\0", "deputy": "\0", "first.year": "9999", "last.day": "\0"}, 422),
    ],
)
def test_senseless_forms_are_answered(pages: Pages, path: str, sent: dict, status: int) -> None:
    assert pages.signed_in("window").post(path, sent).status_code == status
    assert all("\0" not in str(values) for _, values in pages.jobs.calls)


def test_cases_that_wait_for_their_applicant_are_listed_apart(pages: Pages) -> None:
    assert NUMBER in pages.signed_in("window").get("/officer/cases?show=waiting").text
    pages.cases.rows = ()
    assert "没有在等补正的办件" in pages.signed_in("window").get("/officer/cases?show=waiting").text
