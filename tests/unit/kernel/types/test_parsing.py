from datetime import date, datetime
from decimal import Decimal as Number

import pytest

from gov_portal.kernel.types import Value, ValueRefused, is_blank, mask_text, parse_type


@pytest.mark.parametrize(
    ("spelling", "raw", "value"),
    [
        ("text(5)", "  样例 \r\n文 ", "样例 \n文"),
        ("text(2)", "𠮷䶮", "𠮷䶮"),
        ("text(1)", "e\u0301", "é"),
        ("int", " 12 ", 12),
        ("int", "－１２", -12),
        ("int(0..4)", 4, 4),
        ("decimal(10,2)", "12.5", Number("12.50")),
        ("decimal(10,2)", 12.5, Number("12.50")),
        ("decimal(10,2)", "１２．５", Number("12.50")),
        ("decimal(3,0)", "7", Number("7")),
        ("decimal(2,2)", "0.25", Number("0.25")),
        ("decimal(10,2)", "-0.00", Number("0.00")),
        ("money", "12.5", 1250),
        ("money", "￥1,234.50 元", 123450),
        ("money", "-0.05", -5),
        ("money", 1250, 1250),
        ("bool", "是", True),
        ("bool", "off", False),
        ("date", "2026-03-02", date(2026, 3, 2)),
        ("date", "2026年3月2日", date(2026, 3, 2)),
        ("date", "2026/3/2", date(2026, 3, 2)),
        ("date", "2026.03.02", date(2026, 3, 2)),
        ("date", "２０２６０３０２", date(2026, 3, 2)),
        ("date", {"year": "2026", "month": " 3", "day": "２"}, date(2026, 3, 2)),
        ("date", {"y": 2024, "m": 2, "d": 29}, date(2024, 2, 29)),
        ("enum(a,b)", " b ", "b"),
        ("list(enum(a,b,c))", ["c", "a"], ("a", "c")),
        ("list(enum(a,b,c))", "b", ("b",)),
        ("cn_id", "110105 19491231 002x", "11010519491231002X"),
        ("cn_id", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("credit_code", "11440100-007482575h", "11440100007482575H"),
        ("phone", "+86 120 0000 0001", "12000000001"),
        ("phone", "120-0000-0001", "12000000001"),
        ("region", "470101", "470101"),
        ("region", 470101, "470101"),
        ("address", "样例省样例市\n样例路1号", "样例省样例市 样例路1号"),
        ("image", "00000000-0000-4000-8000-00000000000A", "00000000-0000-4000-8000-00000000000a"),
        (
            "rows {item: text(10), fee: money}",
            [{"item": "甲", "fee": "1.5"}, {"item": " ", "fee": ""}, {"item": "乙"}],
            (("甲", 150), ("乙", None)),
        ),
    ],
)
def test_what_people_type_is_understood(spelling: str, raw: object, value: Value) -> None:
    found = parse_type(spelling).parse(raw)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("spelling", "raw", "code"),
    [
        ("text(2)", "一二三", "type.text.too-long"),
        pytest.param("text(2)", "x" * 10_000_000, "type.text.too-long", id="huge-text"),
        ("text(9)", "a\x00b", "type.text.character"),
        ("text(9)", "a\u202eb", "type.text.character"),
        ("text(9)", "a\ud800b", "type.text.character"),
        ("text(9)", "\ufffd\ufffd", "type.text.character"),
        ("text(9)", "\u200b \u200d", "type.missing"),
        ("text(9)", "\ufe0f\u0301", "type.missing"),
        ("text(9)", 3, "type.shape"),
        ("int", "1.0", "type.int.form"),
        ("int", "1-2", "type.int.form"),
        ("int", "1 2", "type.int.form"),
        ("int", True, "type.int.form"),
        ("int", 1.0, "type.int.form"),
        pytest.param("int", "9" * 5000, "type.int.form", id="huge-digits"),
        pytest.param("int", 10**5000, "type.int.form", id="huge-int"),
        ("int", 2**53, "type.int.range"),
        ("int(0..4)", "5", "type.int.range"),
        ("decimal(10,2)", "1.234", "type.decimal.places"),
        ("decimal(4,2)", "123", "type.decimal.range"),
        ("decimal(10,2)", "1e5", "type.decimal.form"),
        ("decimal(10,2)", "NaN", "type.decimal.form"),
        ("decimal(10,2)", float("inf"), "type.decimal.form"),
        ("money", "1.234", "type.money.form"),
        ("money", 1.5, "type.money.form"),
        ("money", "十元", "type.money.form"),
        ("money", 2**60, "type.money.range"),
        pytest.param("money", 10**5000, "type.money.range", id="huge-money"),
        ("bool", "maybe", "type.bool.form"),
        ("bool", 1, "type.bool.form"),
        ("date", "2026-02-30", "type.date.impossible"),
        ("date", "2026-13-01", "type.date.impossible"),
        ("date", {"year": "2025", "month": "2", "day": "29"}, "type.date.impossible"),
        ("date", {"year": "2025", "month": "2"}, "type.date.form"),
        ("date", "02/03/2026", "type.date.form"),
        ("date", "26-03-02", "type.date.form"),
        ("date", 20260302, "type.date.form"),
        ("date", datetime(2026, 3, 2), "type.date.form"),  # noqa: DTZ001
        ("date", "0202-03-02", "type.date.range"),
        ("date(2020-01-01 .. 2026-01-01)", "2026-01-02", "type.date.range"),
        ("enum(a,b)", "c", "type.enum.unknown"),
        ("enum(a,b)", ["a"], "type.enum.unknown"),
        ("list(enum(a,b))", ["a", "a"], "type.list.repeated"),
        ("list(enum(a,b))", {"a": "b"}, "type.shape"),
        ("cn_id", "1101051949123100", "type.cn-id.length"),
        ("cn_id", "11010519491231002A", "type.cn-id.form"),
        ("cn_id", "110105194902300021", "type.cn-id.birth"),
        ("cn_id", "110105194912310020", "type.cn-id.check"),
        ("credit_code", "114401000074825", "type.credit-code.length"),
        ("credit_code", "1144010000748257SH", "type.credit-code.form"),
        ("credit_code", "11440100007482575J", "type.credit-code.check"),
        ("phone", "1200000000", "type.phone.length"),
        ("phone", "1200000000a", "type.phone.form"),
        ("phone", "02000000000", "type.phone.form"),
        ("region", "47010", "type.region.form"),
        ("region", "470199", "type.region.unknown"),
        ("address", "路1号", "type.address.too-short"),
        ("file", "../../etc/passwd", "type.reference.form"),
        ("licence(id-card)", "1.2.3", "type.licence.form"),
        ("licence(id-card)", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.8", "type.licence.check"),
        ("rows {a: int}", "a", "type.shape"),
        ("rows {a: int}", [1], "type.shape"),
        ("rows {a: int}", [{"b": 1}], "type.rows.column"),
        pytest.param("rows {a: int}", [{"a": 1}] * 201, "type.rows.too-many", id="many-rows"),
    ],
)
def test_a_slip_is_refused_with_its_code(spelling: str, raw: object, code: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        parse_type(spelling).parse(raw)
    assert caught.value.code == code


def test_a_wrong_length_tells_both_lengths() -> None:
    with pytest.raises(ValueRefused) as caught:
        parse_type("cn_id").parse("1101051949123100 2")
    assert dict(caught.value.params) == {"expected": 18, "length": 17}


def test_a_fault_in_a_row_names_its_cell() -> None:
    with pytest.raises(ValueRefused) as caught:
        parse_type("rows {item: text(10), fee: money}").parse([{}, {"item": "甲", "fee": "1.234"}])
    assert (caught.value.field, caught.value.code) == ("2.fee", "type.money.form")


@pytest.mark.parametrize(
    ("spelling", "value", "shown", "masked"),
    [
        ("text(40)", "张三", "张三", "张*"),
        ("text(40)", "张", "张", "张"),
        ("text(40)", "欧阳小样", "欧阳小样", "欧***"),
        ("text(40)", "一段比较长的说明", "一段比较长的说明", "一**"),
        ("cn_id", "11010519491231002X", "11010519491231002X", "110105********002X"),
        ("phone", "12000000001", "12000000001", "120****0001"),
        ("date", date(1980, 5, 1), "1980年5月1日", "1980年**月**日"),
        ("money", 123450, "1,234.50 元", "1,234.50 元"),
        ("money", -5, "-0.05 元", "-0.05 元"),
        ("bool", False, "否", "否"),
        ("decimal(10,2)", Number("1.50"), "1.50", "1.50"),
        ("region", "470101", "样例省样例市东样区", "样例省样例市东样区"),
        ("address", "样例省样例市样例路1号", "样例省样例市样例路1号", "样例省样例市****"),
        ("list(enum(a,b))", ("a", "b"), "a、b", "a、b"),
        ("file", "00000000-0000-4000-8000-00000000000a", "已提供", "已提供"),
        ("rows {a: text(9), b: int}", (("甲", 1), ("乙", None)), "甲，1；乙，", "2 行"),
    ],
)
def test_a_value_is_shown_and_masked(spelling: str, value: Value, shown: str, masked: str) -> None:
    kind = parse_type(spelling)
    assert (kind.show(value), kind.mask(value)) == (shown, masked)


def test_a_licence_identifier_is_masked_to_its_end() -> None:
    identifier = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"
    assert parse_type("licence(id-card)").mask(identifier) == "…16.001.9"


@pytest.mark.parametrize(
    ("raw", "is_nothing"),
    [(None, True), (" ", True), ({"year": ""}, True), ([], True), (0, False), (False, False), ({"year": "1"}, False)],
)
def test_blankness(raw: object, is_nothing: bool) -> None:
    assert is_blank(raw) is is_nothing


def test_masking_keeps_nothing_of_an_empty_text() -> None:
    assert mask_text("") == ""
