"""Inputs keep what was typed, show what is stored, and carry what is wrong."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from gov_portal.kernel.errors import Conflict, Invalid, InvalidFields
from gov_portal.kernel.types import Fault as TypeFault
from gov_portal.kernel.types import ValueRefused, parse_type
from gov_portal.web.base.forms import NO_FAULTS, Faults, anchor, as_uuid, attempt, faults_of, inputs, read, widget_of
from gov_portal.web.base.ways import safe_way_back
from tests.factories.views import FILE, a_field
from workflows.views import FieldView


def birth(value: object = None) -> FieldView:
    return a_field("applicant.birth", value)


@pytest.mark.parametrize(
    ("spelling", "widget"),
    [
        ("text(40)", "text"),
        ("text(200)", "textarea"),
        ("bool", "radios"),
        ("enum(a,b)", "radios"),
        ("list(enum(a,b))", "checkboxes"),
        ("date", "date"),
        ("image", "image"),
        ("file", "file"),
        ("int(0..4)", "number"),
        ("phone", "phone"),
        ("address", "address"),
        ("cn_id", "text"),
        ("money", "text"),
    ],
)
def test_every_type_has_an_input(spelling: str, widget: str) -> None:
    assert widget_of(parse_type(spelling)) == widget


def test_a_stored_date_fills_three_inputs() -> None:
    (shown,) = inputs([birth(date(1980, 5, 1))])
    assert shown.typed == {"year": "1980", "month": "5", "day": "1"}


def test_what_was_typed_goes_before_what_is_stored() -> None:
    typed = {"applicant.birth": {"year": "1980", "month": "13", "day": "1"}}
    faults = Faults.single("applicant.birth", "没有这一天")
    (shown,) = inputs([birth(date(1980, 5, 1))], typed=typed, faults=faults)
    assert shown.typed == typed["applicant.birth"]
    assert shown.error == "没有这一天"


def test_a_stored_file_is_kept_without_another_upload() -> None:
    assert inputs([a_field("applicant.photo", str(FILE))])[0].is_kept
    assert not inputs([a_field("applicant.photo")])[0].is_kept


def test_a_file_stored_by_a_refused_form_is_kept_too() -> None:
    assert inputs([a_field("applicant.photo")], typed={"applicant.photo": str(FILE)})[0].is_kept


def test_the_item_can_give_a_hint_of_its_own() -> None:
    (shown,) = inputs([a_field("claim.cause")], labels={"claim.cause.hint": "例如：先天、疾病、事故。"})
    assert shown.hint == "例如：先天、疾病、事故；最多200个字"


def test_a_date_is_read_from_its_three_inputs() -> None:
    form = MultiDict({"applicant.birth.year": "1980", "applicant.birth.month": "5", "applicant.birth.day": "1"})
    assert read(parse_type("date"), "applicant.birth", form) == {"year": "1980", "month": "5", "day": "1"}


def test_several_choices_are_read_together() -> None:
    assert read(parse_type("list(enum(a,b))"), "x", MultiDict([("x", "a"), ("x", "b")])) == ("a", "b")


def test_an_input_that_did_not_arrive_reads_as_blank() -> None:
    assert read(parse_type("text(40)"), "x", MultiDict()) == ""


def test_every_fault_of_a_request_is_told_at_its_field() -> None:
    collected = InvalidFields([ValueRefused(TypeFault.MISSING, field="a.b"), Invalid(field="c")])
    faults = faults_of(collected)
    assert [(fault.field, fault.anchor) for fault in faults.items] == [("a.b", "f-a-b"), ("c", "f-c")]
    assert faults.of("a.b") == "请填写这一项"
    assert faults.of("elsewhere") == ""


def test_an_error_that_is_no_fault_of_the_input_goes_on_to_the_edge() -> None:
    def act() -> None:
        raise Conflict

    with pytest.raises(Conflict):
        attempt(act)
    assert attempt(act, also=(Conflict,))


def test_what_succeeds_is_returned() -> None:
    assert attempt(lambda: 7) == 7
    assert not NO_FAULTS


def test_faults_can_point_into_one_of_several_forms() -> None:
    assert Faults.single("reason", "x").within("refuse-").items[0].anchor == "f-refuse-reason"


def test_anchors_need_no_escaping() -> None:
    assert anchor("claim.kind_of") == "f-claim-kind-of"


@pytest.mark.parametrize("text", ["", "self", "1234", "../etc", "g" * 36])
def test_only_an_id_is_an_id(text: str) -> None:
    assert as_uuid(text) is None


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        None,
        "/a\r\nSet-Cookie: x",
        "/\t/evil.example",
        "/\t/[",
        "///evil.example",
        " //evil.example",
        "/\0",
    ],
)
def test_a_way_back_never_leaves_the_site(target: str | None) -> None:
    assert safe_way_back(target, otherwise="/") == "/"


def test_a_way_back_keeps_its_query() -> None:
    assert safe_way_back("/cases?x=1", otherwise="/") == "/cases?x=1"
