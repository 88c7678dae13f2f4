from datetime import date

import pytest

from gov_portal.kernel.types import Value
from gov_portal.licences.card import check_values, facts, last_day, photo_of, validity
from gov_portal.licences.domain import LicenceValuesInvalid
from gov_portal.licences.kinds import KindBook

KIND = KindBook.default().kind("disability-card")
PHOTO = "00000000-0000-4000-8000-000000000001"
GIVEN: tuple[Value, ...] = ("样小禾", "470101198005010028", PHOTO, "", "hearing", "g2")


def changed(place: int, value: Value) -> tuple[Value, ...]:
    return (*GIVEN[:place], value, *GIVEN[place + 1 :])


def test_values_are_named_in_the_order_of_the_kind() -> None:
    values = check_values(KIND, GIVEN)
    assert (values["name"], values["grade"], values["guardian"]) == ("样小禾", "g2", None)
    assert photo_of(KIND, values) == ("photo", PHOTO)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param(GIVEN[:-1], None, id="too-few"),
        pytest.param((*GIVEN, "x"), None, id="too-many"),
        pytest.param(changed(0, None), "name", id="missing-name"),
        pytest.param(changed(1, "470101198005010023"), "id_no", id="wrong-check-character"),
        pytest.param(changed(2, "photo.jpg"), "photo", id="no-file-id"),
        pytest.param(changed(4, "cold"), "kind", id="unknown-member"),
        pytest.param(changed(5, 2), "grade", id="wrong-type"),
    ],
)
def test_values_that_do_not_fit_are_refused_by_field(given: tuple[Value, ...], field: str | None) -> None:
    with pytest.raises(LicenceValuesInvalid) as caught:
        check_values(KIND, given)
    assert caught.value.field == field


def test_the_card_prints_labels_and_what_the_number_tells() -> None:
    lines = facts(KIND, check_values(KIND, GIVEN), issuer="东样区残疾人联合会", validity="长期")
    assert lines == [
        ("姓名", "样小禾"),
        ("性别", "女"),
        ("出生日期", "1980年5月1日"),
        ("公民身份号码", "470101198005010028"),
        ("残疾类别", "听力残疾"),
        ("残疾等级", "二级"),
        ("发证机关", "东样区残疾人联合会"),
        ("有效期", "长期"),
    ]


def test_a_guardian_is_printed_where_there_is_one() -> None:
    lines = dict(facts(KIND, check_values(KIND, changed(3, "样大禾")), issuer="甲", validity="长期"))
    assert lines["监护人"] == "样大禾"


@pytest.mark.parametrize(
    ("issued_on", "years", "until"),
    [
        (date(2026, 4, 1), 10, date(2036, 3, 31)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
        (date(2024, 2, 29), 10, date(2034, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2026, 4, 1), None, None),
    ],
)
def test_a_licence_is_valid_to_the_day_before_its_anniversary(
    issued_on: date, years: int | None, until: date | None
) -> None:
    assert last_day(issued_on, years) == until


def test_validity_is_spelt_out() -> None:
    assert validity(date(2026, 4, 1), date(2036, 3, 31)) == "2026年4月1日 至 2036年3月31日"
    assert validity(date(2026, 4, 1), None) == "2026年4月1日 至 长期"
