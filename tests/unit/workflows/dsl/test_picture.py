"""The picture of a flow stands alone, says in words what it shows, and escapes what authors write."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.factories.cases import item_from
from workflows.domain.definition import Definition
from workflows.dsl.endings import other_endings
from workflows.dsl.lint import compile_text
from workflows.dsl.picture import flow_picture

ITEM = Path(__file__).resolve().parents[4] / "workflows" / "items" / "disability-card.yaml"
SOURCE = ITEM.read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def definition() -> Definition:
    return compile_text(SOURCE, "item.yaml")


def texts(picture: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(picture).iter(f"{SVG}text")]


def test_phases_and_steps_stand_in_their_order(definition: Definition) -> None:
    shown = texts(flow_picture(definition))
    wanted = [
        "收件",
        "提交申请",
        "受理",
        "审查",
        "残疾评定",
        "身份核验",
        "公示",
        "审核",
        "决定",
        "批准",
        "制证",
        "送达",
    ]
    places = [shown.index(word) for word in wanted]
    assert places == sorted(places)


def test_parallel_steps_stand_side_by_side(definition: Definition) -> None:
    root = ET.fromstring(flow_picture(definition))
    boxes = {node.text: (node.get("x"), node.get("y")) for node in root.iter(f"{SVG}text")}
    assert boxes["残疾评定"][1] == boxes["身份核验"][1]
    assert boxes["残疾评定"][0] != boxes["身份核验"][0]


def test_it_has_a_title_and_a_description_in_words(definition: Definition) -> None:
    root = ET.fromstring(flow_picture(definition))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "残疾人证首次申办办理流程"
    assert description is not None
    assert "审核（残联审核人员 · 3个工作日）" in (description.text or "")
    assert root.get("role") == "img"


def test_it_needs_nothing_from_elsewhere(definition: Definition) -> None:
    picture = flow_picture(definition)
    for word in ("<style", "<script", "style=", "href", "font-family", "@import"):
        assert word not in picture


def test_labels_are_escaped() -> None:
    odd = compile_text(SOURCE.replace("step.accept: 受理", "step.accept: '<b>&受理'"), "item.yaml")
    assert "<b>&受理" in texts(flow_picture(odd))


def test_a_box_ends_above_the_next(definition: Definition) -> None:
    root = ET.fromstring(flow_picture(definition))
    height = float((root.get("viewBox") or "0 0 0 0").split()[3])
    for box in root.iter(f"{SVG}rect"):
        assert float(box.get("y") or 0) + float(box.get("height") or 0) <= height
        assert float(box.get("x") or 0) + float(box.get("width") or 0) <= 360


def test_every_end_of_a_case_stands_there_in_words(definition: Definition) -> None:
    picture = flow_picture(definition)
    shown = texts(picture)
    places = [
        shown.index(words) for words in ("也可能这样结束", "不予批准", "不予受理", "逾期未补正，已终止", "已撤回")
    ]
    assert places == sorted(places)
    assert "您在制证之前撤回" in picture
    assert "也可能不予受理（受理时）" in picture


def test_a_case_may_end_where_nobody_pays_or_an_officer_stops_waiting() -> None:
    endings = dict(other_endings(item_from("permit.yaml")))
    assert endings["lapsed"] == ("accept", "fee")
    assert "await" in endings["denied"]
