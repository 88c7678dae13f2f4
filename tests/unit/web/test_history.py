"""The history and the clock of a case are told in sentences, to each reader what concerns them."""

import re
from datetime import UTC, date, datetime

import pytest

from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.labels import standing
from gov_portal.web.base.timeline import tell
from tests.factories.cases import card_item
from tests.factories.views import a_case, a_clock, a_denied_case, a_granted_case
from workflows.domain.definition import Phase
from workflows.domain.state import Status
from workflows.views import TimelineEntry

AT = datetime(2026, 3, 4, 1, tzinfo=UTC)
# The kinds that ``Happening`` lists.
KINDS = re.findall(
    r"[a-z-]+",
    """begun submitted entered acted voted deemed left cancelled returned redrawn supplement-asked supplement-returned
    asked-again answered raised confirmed unavailable available issued delivered undo-asked undone undo-failed dropped
    held objected elapsed yellow-card red-card decided suspended resumed extended claimed handed-over urged withdrawn
    closed appealed part-opened part-closed left-out""",
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_happening_can_be_told_to_an_officer(kind: str) -> None:
    (told,) = tell([TimelineEntry(AT, kind, "accept", "受理")], item=card_item(), is_officer=True)
    assert told.title
    assert told.title != kind


def test_votes_are_not_told_to_the_applicant() -> None:
    assert tell([TimelineEntry(AT, "voted", "review", "同意")], item=card_item()) == ()


def test_reason_ground_and_document_stand_below() -> None:
    detail = {"reason": "材料不清楚", "ground": "鉴定", "basis": "行政许可法", "document": "补正告知书"}
    (told,) = tell([TimelineEntry(AT, "acted", "accept", "补正", "样例街道", detail)], item=card_item())
    assert told.lines == ("理由：材料不清楚", "原因：鉴定", "依据：行政许可法", "出具：补正告知书")
    assert told.organ == "样例街道"


@pytest.mark.parametrize(
    ("step", "label", "detail", "title"),
    [
        ("accept", "受理", {"act": "ok", "act_label": "受理"}, "受理"),
        ("accept", "受理", {"act": "refuse", "act_label": "不予受理"}, "不予受理"),
        ("review", "审核", {"act": "ok", "act_label": "同意"}, "审核：同意"),
        ("assess", "残疾评定", {"act": "done", "act_label": "done"}, "完成：残疾评定"),
    ],
)
def test_an_act_is_told_without_saying_anything_twice(step: str, label: str, detail: dict, title: str) -> None:
    (told,) = tell([TimelineEntry(AT, "acted", step, label, detail=detail)], item=card_item())
    assert told.title == title


@pytest.mark.parametrize("step", ["apply", "joint", "grade", "done"])
def test_form_blocks_rules_and_ends_are_not_told_as_entered(step: str) -> None:
    assert tell([TimelineEntry(AT, "entered", step)], item=card_item(), is_officer=True) == ()


def test_a_return_names_its_target() -> None:
    (told,) = tell([TimelineEntry(AT, "returned", "review", "审核", detail={"to": "joint"})], item=card_item())
    assert told.title == "退回到：评定与核验"


def test_what_a_supplement_asks_for_is_listed() -> None:
    entry = TimelineEntry(AT, "supplement-asked", "accept", "受理", detail={"marks": ["claim.cause", "guard_doc"]})
    assert tell([entry], item=card_item())[0].lines == ("需要补正：致残原因、监护关系证明",)


def test_why_a_human_had_to_look_is_said_in_words() -> None:
    entry = TimelineEntry(AT, "raised", "verify", "身份核验", detail={"reason": "mismatch"})
    assert tell([entry], item=card_item())[0].lines == ("部门的记录与申请内容不一致，请人工核实。",)


def test_the_outcome_has_the_words_of_the_item() -> None:
    (told,) = tell([TimelineEntry(AT, "closed", detail={"outcome": "lapsed"})], item=card_item())
    assert told.lines == ("结果：逾期未补正，已终止",)


def test_a_department_that_is_down_is_named() -> None:
    entry = TimelineEntry(AT, "unavailable", "verify", "身份核验", detail={"resource": "police.person"})
    (told,) = tell([entry], item=card_item())
    assert told.lines == ("部门：公安",)


def test_every_stretch_of_the_clock_says_why() -> None:
    lines = stretches(a_clock(), card_item())
    assert [(line.what, line.why, line.working_days, line.is_counted) for line in lines] == [
        ("计时", "评定与核验", 2, True),
        ("停钟", "残疾评定，鉴定", 5, False),
        ("计时", "审核", 2, True),
    ]
    assert lines[0].first_on == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("case", "words", "tone"),
    [
        (a_case(), "审查中", ""),
        (a_case(is_returned=True, phase=Phase.REVIEW), "审查中（退回）", ""),
        (a_case(status=Status.SUSPENDED), "已挂起", "warn"),
        (a_granted_case(), "已发证", "ok"),
        (a_denied_case(), "不予批准", "error"),
        (a_case(status=Status.CLOSED, outcome="withdrawn"), "已撤回", "still"),
        (a_case(status=Status.DRAFT), "草稿", "still"),
    ],
    ids=["open", "returned", "suspended", "granted", "denied", "withdrawn", "draft"],
)
def test_a_case_says_where_it_stands(case: object, words: str, tone: str) -> None:
    assert standing(case, card_item()) == (words, tone)
