"""A department reads the reports of its own cases, each at its last change; the person can see that it did."""

import pytest

from gov_portal.kernel.principal import Officer, Platform
from tests.factories.ledger import settle
from tests.factories.town import Town
from workflows.services.errors import CaseUnknown
from workflows.services.reports import CaseReport, Reported, Reports, Wanted

OPERATOR = Platform("operator")


class SettledReports(Reports):
    """Read when no other test holds a transaction that is older than what was done here."""

    def changed(self, by: Officer, wanted: Wanted, *, behind: str = "") -> Reported:
        settle(self._desk.db)
        return super().changed(by, wanted, behind=behind)


@pytest.fixture
def reports(town: Town) -> Reports:
    return SettledReports(town.desk)


def reporter(town: Town, *, org: str = "dept.cdpf", region: str = "470101") -> Officer:
    return town.doubles.officers.add("reporter", org=org, role="reporter", region=region)


def numbers(found: tuple[CaseReport, ...]) -> list[str]:
    return [one.case_number for one in found]


def granted(town: Town) -> str:
    case = town.reviewed()
    town.act(case, "approve.1", "ok", by=town.leader)
    town.deliver_all()
    town.act(case, "deliver.1", "done", by=town.window)
    return town.cases.view(case, by=town.citizen).case_number


def test_a_granted_case_is_reported_with_who_did_what(town: Town, reports: Reports) -> None:
    number = granted(town)
    report = reports.of_number(number, by=OPERATOR)
    (accepted,), (closed,) = report.sets["受理"], report.sets["结果"]
    assert report.is_closed
    assert (accepted["申请者名称"], accepted["申请时间"], accepted["申报来源代码"]) == ("样例", "20260302T090000", "2")
    assert accepted["受理文书编号"] == number
    assert (closed["办结结果代码"], closed["是否快递寄送结果"], closed["是否收费"]) == ("0", "0", "0")
    steps = {row["环节名称"] for row in report.sets["过程"]}
    assert {"受理", "残疾评定", "批准"} <= steps
    assert [row["收取方式"] for row in report.sets["材料"]] == ["数据共享", "数据共享"]


def test_a_reading_is_noted_with_whose_data_they_were(town: Town, reports: Reports) -> None:
    number = granted(town)
    reports.of_number(number, by=OPERATOR)
    (noted,) = town.doubles.readings.noted
    assert (noted.subject, noted.by) == (town.citizen.person, OPERATOR)


def test_a_draft_and_an_unknown_number_have_no_report(town: Town, reports: Reports) -> None:
    town.draft()
    assert reports.changed(reporter(town), Wanted()).reports == ()
    with pytest.raises(CaseUnknown):
        reports.of_number("470101-20260302-9999999-K", by=OPERATOR)
    assert town.doubles.readings.noted == []


def test_every_changed_case_comes_once_and_again_when_it_changes_again(town: Town, reports: Reports) -> None:
    cases = [town.submitted(town.newcomer()) for _ in range(3)]
    by = reporter(town)
    first = reports.changed(by, Wanted(most=2))
    second = reports.changed(by, Wanted(most=2), behind=first.place)
    told = [one.case for one in (*first.reports, *second.reports)]
    assert sorted(told) == sorted(cases)
    assert reports.changed(by, Wanted(), behind=second.place).reports == ()
    town.act(cases[0], "accept.1", "ok", by=town.window)
    (again,) = reports.changed(by, Wanted(), behind=second.place).reports
    assert again.case == cases[0]
    assert again.sets["受理"][0]["受理时间"] != ""


def test_only_closed_cases_come_where_only_those_are_asked_for(town: Town, reports: Reports) -> None:
    town.submitted(town.newcomer())
    number = granted(town)
    by = reporter(town)
    assert numbers(reports.changed(by, Wanted(only_closed=True)).reports) == [number]
    assert reports.changed(by, Wanted(since=town.clock.now().replace(year=2027))).reports == ()


def test_nobody_reports_the_cases_of_another_department_or_region(town: Town, reports: Reports) -> None:
    town.submitted()
    assert reports.changed(reporter(town, org="dept.health"), Wanted()).reports == ()
    assert reports.changed(reporter(town, region="470201"), Wanted()).reports == ()
    assert len(reports.changed(reporter(town, region="470000"), Wanted()).reports) == 1
