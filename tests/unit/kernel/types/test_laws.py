"""Every type keeps the same laws."""

import json
import string
from datetime import date
from decimal import Decimal as Number

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_portal.kernel.codes import citizen_id
from gov_portal.kernel.types import Fault, FieldType, Value, ValueRefused, is_blank, parse_type

uuids = st.uuids(version=4).map(str)
plain_text = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
VALUES: dict[str, st.SearchStrategy[object]] = {
    "text(40)": plain_text,
    "int": st.integers(-(2**53) + 1, 2**53 - 1),
    "int(0..4)": st.integers(0, 4),
    "decimal(10,2)": st.decimals(-99999999, 99999999, places=2),
    "money": st.integers(-(2**53) + 1, 2**53 - 1),
    "bool": st.booleans(),
    "date": st.dates(date(1850, 1, 1), date(2199, 12, 31)),
    "date(2000-01-01 .. 2026-12-31)": st.dates(date(2000, 1, 1), date(2026, 12, 31)),
    "enum(a,b)": st.sampled_from("ab"),
    "cn_id": st.builds(citizen_id.build, st.just("470101"), st.dates(date(1900, 1, 1)), sequence=st.integers(0, 999)),
    "credit_code": st.just("11440100007482575H"),
    "phone": st.from_regex(r"1[2-9][0-9]{9}", fullmatch=True),
    "region": st.sampled_from(["470101", "440104", "441900", "470101003", "110105"]),
    "address": st.text(string.ascii_letters + "样例路", min_size=5, max_size=200),
    "image": uuids,
    "file": uuids,
    "officer": uuids,
    "list(enum(a,b,c))": st.sets(st.sampled_from("abc"), min_size=1).map(sorted),
    "licence(id-card)": st.just("1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"),
    "rows {a: text(40), b: int}": st.lists(
        st.fixed_dictionaries({"a": st.just("样例"), "b": st.none() | st.integers(-9, 9)}), min_size=1, max_size=5
    ),
}
KINDS = {spelling: parse_type(spelling) for spelling in VALUES}
every_type = pytest.mark.parametrize("spelling", VALUES)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


def parsed(kind: FieldType, raw: object) -> Value:
    try:
        return kind.parse(raw)
    except ValueRefused as refused:
        return refused.code


@every_type
@given(data=st.data())
def test_what_is_stored_comes_back(spelling: str, data: st.DataObject) -> None:
    kind = parse_type(spelling)
    raw = data.draw(VALUES[spelling].filter(lambda raw: not is_blank(raw)))
    value = parsed(kind, raw)
    if isinstance(value, str) and value.startswith("type."):
        # All that these strategies can meet: a refused character, or only characters that nobody sees.
        assert value in {Fault.TEXT_CHARACTER, Fault.MISSING}
        return
    stored = json.loads(json.dumps(kind.dump(value)))
    assert kind.load(stored) == value
    assert type(kind.load(stored)) is type(value)
    jsonschema.validate(stored, kind.json_schema())
    assert kind.parse(stored) == value or spelling.startswith("rows")


@every_type
def test_a_sample_is_valid_and_always_the_same(spelling: str) -> None:
    kind = parse_type(spelling)
    stored = kind.dump(kind.sample())
    assert kind.parse(stored) == kind.sample() == parse_type(spelling).sample()
    jsonschema.validate(stored, kind.json_schema())


@given(raw=anything)
def test_anything_is_either_a_value_or_refused_by_every_type(raw: object) -> None:
    for spelling, kind in KINDS.items():
        try:
            value = kind.parse(raw)
        except ValueRefused as refused:
            assert refused.code in list(Fault), spelling
            assert refused.status == 422, spelling
        else:
            assert kind.load(kind.dump(value)) == value, spelling
            assert isinstance(kind.show(value), str), spelling
            assert isinstance(kind.mask(value), str), spelling


@every_type
@pytest.mark.parametrize("blank", [None, "", "  ", [], {}, {"year": "", "month": " "}, [None, ""]], ids=repr)
def test_a_blank_is_missing(spelling: str, blank: object) -> None:
    with pytest.raises(ValueRefused) as caught:
        parse_type(spelling).parse(blank)
    assert caught.value.code == "type.missing"


@every_type
def test_an_absent_value_is_kept_and_shown_as_nothing(spelling: str) -> None:
    kind = parse_type(spelling)
    assert kind.dump(None) is None
    assert kind.load(None) is None
    assert kind.show(None) == kind.mask(None) == ""


@every_type
def test_the_sensitivity_is_one_of_four(spelling: str) -> None:
    assert parse_type(spelling).sensitivity in {1, 2, 3, 4}


@every_type
def test_a_refusal_never_tells_the_value(spelling: str) -> None:
    secret = "张三110105194912310020"
    with pytest.raises(ValueRefused) as caught:
        parse_type(spelling).parse(f"{secret}\x00")
    assert "张三" not in repr(caught.value) + str(caught.value) + str(caught.value.params)


@every_type
def test_a_storage_form_of_another_type_is_refused(spelling: str) -> None:
    with pytest.raises(TypeError):
        parse_type(spelling).load({"not": "a storage form"})


@pytest.mark.parametrize("value", [Number("1.5"), 3, "x", date(2026, 3, 2)])
def test_a_wrong_value_is_not_shown_as_a_bool(value: Value) -> None:
    with pytest.raises(TypeError):
        parse_type("bool").show(value)
