"""Dates, instants and durations read as people write them."""

from datetime import UTC, date, datetime

import pytest

from gov_portal.web.base.labels import department, desk_source_label, duration, source_label
from gov_portal.web.base.text import day, days_to, machine_time, moment, size, time_of_day, weekday
from workflows.domain.definition import Duration, Unit


def test_an_instant_is_shown_in_shanghai() -> None:
    assert moment(datetime(2026, 3, 1, 17, 30, tzinfo=UTC)) == "2026年3月2日 01:30"
    assert day(datetime(2026, 3, 1, 17, 30, tzinfo=UTC)) == "2026年3月2日"


def test_a_time_of_day_is_that_of_shanghai() -> None:
    assert time_of_day(datetime(2026, 3, 1, 17, 30, tzinfo=UTC)) == "01:30"


def test_a_day_can_tell_its_weekday() -> None:
    assert weekday(date(2026, 3, 2)) == "2026年3月2日（星期一）"


def test_nothing_shows_as_nothing() -> None:
    assert (day(None), weekday(None), moment(None)) == ("", "", "")


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2026, 3, 5), date(2026, 3, 5), "2026年3月5日"),
        (date(2026, 3, 5), date(2026, 3, 13), "2026年3月5日 至 3月13日"),
        (date(2026, 12, 30), date(2027, 1, 4), "2026年12月30日 至 2027年1月4日"),
    ],
)
def test_a_stretch_names_the_year_once(first: date, last: date, shown: str) -> None:
    assert days_to(first, last) == shown


def test_machines_read_iso_times() -> None:
    assert machine_time(date(2026, 3, 2)) == "2026-03-02"
    assert machine_time(datetime(2026, 3, 2, 1, tzinfo=UTC)) == "2026-03-02T01:00:00+00:00"


@pytest.mark.parametrize(("count", "shown"), [(10 * 1024 * 1024, "10 MB"), (300 * 1024, "300 KB"), (10, "1 KB")])
def test_sizes_are_round(count: int, shown: str) -> None:
    assert size(count) == shown


@pytest.mark.parametrize(
    ("spelled", "shown"),
    [
        (Duration(15, Unit.WORKING_DAY), "15个工作日"),
        (Duration(60, Unit.DAY), "60日"),
        (Duration(2, Unit.MONTH), "2个月"),
    ],
)
def test_durations_carry_their_unit(spelled: Duration, shown: str) -> None:
    assert duration(spelled) == shown


@pytest.mark.parametrize(
    ("source", "citizen", "officer"),
    [
        ("police.person", "已从公安取得", "公安提供"),
        ("civil.guardian", "已从民政取得", "民政提供"),
        ("account", "已从您的账号取得", "申请人的实名账号"),
        ("licence(id-card)", "已从电子证照取得", "电子证照"),
        ("step:assess", "由工作人员填写", "工作人员填写"),
        ("somebody.else", "已从有关部门取得", "有关部门提供"),
    ],
)
def test_a_source_is_named_for_its_reader(source: str, citizen: str, officer: str) -> None:
    assert (source_label(source), desk_source_label(source)) == (citizen, officer)


def test_a_department_has_a_short_name() -> None:
    assert department("dept.cdpf") == "残联"
