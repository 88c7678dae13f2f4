import pytest

from gov_portal.kernel.codes.division import Division, Divisions, contains, is_code

DIVISIONS = Divisions.default()


def test_guangdong_has_21_cities_and_122_counties() -> None:
    cities = DIVISIONS.children("440000")
    assert len(cities) == 21
    assert sum(len(DIVISIONS.children(city.code)) for city in cities) == 122


@pytest.mark.parametrize("code", ["441900", "442000"], ids=["dongguan", "zhongshan"])
def test_a_city_without_counties_has_none(code: str) -> None:
    assert DIVISIONS.children(code) == ()


def test_the_country_has_34_provinces_and_the_table_a_made_up_one() -> None:
    provinces = [division for division in DIVISIONS.by_code.values() if division.level == 1]
    assert len(provinces) == 35
    assert DIVISIONS.name("470000") == "样例省"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("440104", "广东省广州市越秀区"),
        ("470101", "样例省样例市东样区"),
        ("470101001002", "样例省样例市东样区"),
        ("110105", "北京市（110105）"),
        ("990000", "990000"),
    ],
)
def test_a_name_is_spelt_from_the_province_down(code: str, name: str) -> None:
    assert DIVISIONS.name(code) == name


def test_a_parent_is_found() -> None:
    parent = DIVISIONS.parent("470101")
    assert parent is not None
    assert parent.code == "470100"
    assert DIVISIONS.parent("470000") is None


@pytest.mark.parametrize(
    ("outer", "inner", "is_inside"),
    [
        ("470000", "470101", True),
        ("470100", "470101", True),
        ("470101", "470101", True),
        ("470100", "470201", False),
        ("470101", "470100", False),
        ("440000", "470101", False),
        ("000000", "470101", True),
        ("470101", "470101003", True),
        ("470101003000", "470101003004", True),
        ("470101003", "470101004001", False),
        ("441900", "441900110", True),
    ],
)
def test_containment_follows_the_digits(outer: str, inner: str, is_inside: bool) -> None:
    assert contains(outer, inner) is is_inside


@pytest.mark.parametrize("text", ["47010", "4701010", "４70101", "47010a", ""])
def test_a_wrong_form_is_no_code(text: str) -> None:
    assert not is_code(text)
    assert not DIVISIONS.is_plausible(text)


@pytest.mark.parametrize(
    ("code", "is_plausible"),
    [("470101", True), ("470199", False), ("110105", True), ("990101", False), ("470101003", True)],
)
def test_a_code_is_plausible_where_the_table_cannot_say_no(code: str, is_plausible: bool) -> None:
    assert DIVISIONS.is_plausible(code) is is_plausible


def test_a_tree_refuses_a_code_that_stands_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        Divisions.of([Division("470000", "a", None, 1), Division("470000", "b", None, 1)])


def test_a_tree_refuses_a_missing_parent() -> None:
    with pytest.raises(ValueError, match="no parent"):
        Divisions.of([Division("470100", "a", "470000", 2)])
