import pytest

from gov_portal.kernel.types import (
    Choices,
    Decimal,
    Enum,
    Int,
    LicenceRef,
    MoneyFen,
    Rows,
    Text,
    TypeSpellingInvalid,
    parse_type,
    type_names,
)


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("text(40)", Text(40)),
        (" int ( 0..4 ) ", Int(0, 4)),
        ("int(1..)", Int(1, None)),
        ("int(..-3)", Int(None, -3)),
        ("decimal(10, 2)", Decimal(10, 2)),
        ("money", MoneyFen()),
        ("enum(vision, hearing)", Enum(("vision", "hearing"))),
        ("list(enum(a,b))", Choices(Enum(("a", "b")))),
        ("licence(id-card)", LicenceRef("id-card")),
        ("rows {name: text(40), kind: enum(a,b)}", Rows((("name", Text(40)), ("kind", Enum(("a", "b")))))),
    ],
)
def test_a_spelling_gives_its_type(spelling: str, expected: object) -> None:
    assert parse_type(spelling) == expected


@pytest.mark.parametrize(
    "name",
    [
        *("text(40)", "int", "int(0..4)", "int(1..)", "int(..4)", "decimal(10,2)", "money", "bool", "date"),
        *("date(2020-01-01 .. 2026-12-31)", "date(2020-01-01 ..)", "date(.. 2026-12-31)", "enum(a,b)", "cn_id"),
        *("credit_code", "phone", "region", "address", "image", "file", "officer", "list(enum(a,b))"),
        *("licence(id-card)", "rows {a: text(40), b: list(enum(x,y)), c: int(0..3)}"),
    ],
)
def test_a_name_is_the_canonical_spelling(name: str) -> None:
    assert parse_type(name).name == name


@pytest.mark.parametrize(
    ("spelling", "remedy"),
    [
        ("txt(40)", "Did you mean text?"),
        ("string", "Types are"),
        ("text", "text(40)"),
        ("text(0)", "text(40)"),
        ("text(99999)", "text(10000)"),
        ("text(４)", "text(40)"),
        ("int(4..0)", "int(0..4)"),
        ("int(..)", "int(0..4)"),
        ("int(5)", "int(0..4)"),
        ("int(a..4)", "int(0..4)"),
        ("decimal(2,3)", "decimal(10,2)"),
        ("decimal(31,3)", "decimal(10,2)"),
        ("date(2026-02-30 .. 2026-03-01)", "date(1900-01-01"),
        ("date(2026-03-01 .. 2026-02-01)", "date(1900-01-01"),
        ("enum()", "enum(first,second)"),
        ("enum(a,a)", "each once"),
        ("enum(视力)", "ASCII"),
        ("list(int)", "list(enum(first,second))"),
        ("licence(Id Card)", "licence(id-card)"),
        ("money(3)", "Write money."),
        ("rows", "rows {name"),
        ("rows {a: int, a: int}", "rows {name"),
        ("rows {a: rows {b: int}}", "second field"),
        ("rows {a: nope}", "Types are"),
        ("", "text(40)"),
        ("text(40", "text(40)"),
    ],
)
def test_a_wrong_spelling_is_refused_with_a_remedy(spelling: str, remedy: str) -> None:
    with pytest.raises(TypeSpellingInvalid) as caught:
        parse_type(spelling)
    assert remedy in caught.value.remedy
    assert caught.value.reason


def test_the_names_of_types_are_listed() -> None:
    assert {"text", "rows", "cn_id", "licence"} <= set(type_names())
