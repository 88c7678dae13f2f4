"""Reasons and changes are said in people's words, Chinese and English, never in ids."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from gov_portal.web.base.english import english
from tests.factories.cases import ASSESSED, SAMPLE, card_item
from tests.factories.phrases import HAN
from workflows.domain import wording
from workflows.domain.definition import HumanStep
from workflows.domain.explaining import World, explain
from workflows.domain.expressions import Expression, Tree
from workflows.domain.wording import Told, Wording
from workflows.services.eligibility import eligibility, known_of, questions_of
from workflows.services.explanations import failed_rules

TODAY = date(2026, 3, 2)
ITEM = card_item()
SAY = Wording(ITEM)


def told(condition: Expression | None, **changed: object) -> Told:
    values = {**SAMPLE, **{path.replace("__", "."): value for path, value in changed.items()}}
    assert condition is not None
    return SAY.explained(explain(condition, World.of(ITEM, values, today=TODAY)))


def test_a_condition_says_which_value_decided() -> None:
    assert told(ITEM.conditions[0].rule, applicant__region="440104").reasons == (
        "户籍所在地不在样例省之内（户籍所在地为广东省广州市越秀区）",
    )


def test_a_let_is_said_by_what_stands_behind_it_with_what_would_change_it() -> None:
    assert told(ITEM.lets["guarded"], claim__kind="mental") == Told(
        ("申报的残疾类别是“智力残疾”或者“精神残疾”（申报的残疾类别为“精神残疾”）",),
        ("申报的残疾类别是“视力残疾”",),
    )
    young = told(ITEM.lets["minor"], applicant__birth=date(2015, 6, 1))
    assert young.reasons == ("出生日期至今的周年数小于 18（出生日期为2015年6月1日）",)
    assert young.changes[0] == "到了2033年6月1日"


def test_what_an_act_needs_is_said_with_what_stands_against_it() -> None:
    approve = ITEM.steps["approve"]
    assert isinstance(approve, HumanStep)
    act = approve.act("ok")
    assert act is not None
    found = told(act.only, verdict__grade="not_graded")
    assert found == Told(("残疾等级是“未评定等级”",), ("残疾等级是“一级”",))
    assert told(act.only).reasons == ("还不知道：残疾等级",)


def test_who_may_not_read_a_value_is_told_the_rule_alone() -> None:
    world = World.of(ITEM, {**SAMPLE, "applicant.region": "440104"}, today=TODAY)
    found = SAY.explained(explain(ITEM.conditions[0].rule, world), may_read=lambda path: False)
    assert found == Told(("户籍所在地不在样例省之内",), ("户籍所在地是样例省",))


def test_a_condition_is_said_as_a_whole() -> None:
    guarded = ITEM.lets["guarded"].tree
    assert SAY.condition(guarded) == "出生日期至今的周年数小于 18，或者申报的残疾类别是“智力残疾”或者“精神残疾”"
    assert SAY.condition(("not", guarded)) == (
        "出生日期至今的周年数至少是 18，并且申报的残疾类别不是“智力残疾”或者“精神残疾”"
    )


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (("cmp", "<=", ("field", "applicant.birth"), ("date", "2000-01-31")), "出生日期不晚于2000年1月31日"),
        (("cmp", "==", ("field", "approve.act"), ("const", "deny")), "“批准”的结果是“不予批准”"),
        (("cmp", ">", ("call", "len", ("field", "claim.cause")), ("const", 5)), "致残原因的字数大于 5"),
        (("has", "guardian.name", "guardian.id_no"), "有监护人姓名、监护人公民身份号码"),
        (("field", "claim.homebound"), "需要上门评定：是"),
        (("cmp", "==", ("default", "delivery.way", ("const", "post")), ("const", "post")), "领取方式是“邮寄到家”"),
        (("cmp", "<", ("call", "sum", ("field", "assess.level"), ("const", 1)), ("const", 3)), "评定级别、1之和小于 3"),
    ],
)
def test_every_form_has_words(tree: Tree, words: str) -> None:
    assert SAY.condition(tree) == words


def test_a_turned_down_application_names_the_rules_that_it_did_not_meet() -> None:
    values = {**SAMPLE, **ASSESSED, "verdict.grade": "not_graded", "applicant.region": "440104"}
    failed = failed_rules(ITEM, values, decided_at="approve", on=TODAY)
    assert [(one.act, one.text) for one in failed] == [("", "本省户籍"), ("批准", "")]
    good = {**values, "verdict.grade": "g1", "applicant.region": "470101"}
    assert failed_rules(ITEM, good, decided_at="approve", on=TODAY) == ()


def test_may_i_apply_asks_only_what_the_conditions_read_and_leaves_open_what_is_not_answered() -> None:
    assert [one.path for one in questions_of(ITEM)] == ["applicant.region"]
    assert known_of(ITEM, {"region": "470101", "name": "张三"}) == {"applicant.region": "470101"}
    assert eligibility(ITEM, {"applicant.region": "470101"}, today=TODAY).holds is True
    assert eligibility(ITEM, {"applicant.region": "440104"}, today=TODAY).holds is False
    assert eligibility(ITEM, {}, today=TODAY).holds is None
    assert eligibility(ITEM, {"applicant.region": "nowhere"}, today=TODAY).faults


def test_every_text_has_english_words() -> None:
    tree = ast.parse(Path(str(wording.__file__)).read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    texts = {node.value for node in strings if id(node) not in docs and HAN.search(node.value)}
    missing = {text for text in texts if not re.fullmatch("[年月日]", text)} - set(english())
    assert sorted(missing) == []
