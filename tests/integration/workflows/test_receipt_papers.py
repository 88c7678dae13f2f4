"""Whoever has applied gets the receipt as a paper; it says what was received and by whom."""

from datetime import date

import pytest

from gov_portal.kernel.ids import CaseId
from tests.factories.ports import PDF
from tests.factories.town import Town
from workflows.services.errors import CaseUnknown


def receipt_of(town: Town, case: CaseId):
    assert town.cases.receipt_paper(case, by=town.citizen) == PDF
    return town.doubles.notices.made[-1]


def test_the_receipt_names_who_receives_what_and_when(town: Town) -> None:
    case = town.submitted()
    order = receipt_of(town, case)
    view = town.cases.view(case, by=town.citizen)
    assert (order.document, order.case_number, order.on) == ("收件回执", view.case_number, date(2026, 3, 2))
    assert (order.authority, order.applicant_name) == ("dept.subdistrict 470101", "样例")
    assert order.facts == {
        "received_on": date(2026, 3, 2),
        "limit": "15个工作日",
        "materials": ("居民身份证", "户口簿"),
    }


def test_what_is_handed_in_on_a_day_off_is_received_on_the_next_working_day(town: Town) -> None:
    town.move("2026-03-07")  # a Saturday
    order = receipt_of(town, town.submitted())
    assert (order.on, order.facts["received_on"]) == (date(2026, 3, 7), date(2026, 3, 9))


def test_the_receipt_says_the_same_later(town: Town) -> None:
    case = town.submitted()
    first = receipt_of(town, case)
    town.act(case, "accept.1", "refuse", by=town.window, reason="不符合条件")
    town.move("2026-04-01")
    assert receipt_of(town, case) == first


def test_nobody_else_and_no_draft_gets_a_receipt(town: Town) -> None:
    for case, by in ((town.submitted(), town.stranger), (town.draft(), town.citizen)):
        with pytest.raises(CaseUnknown):
            town.cases.receipt_paper(case, by=by)
