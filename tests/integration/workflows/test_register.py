from datetime import date

from gov_portal.kernel.db import Database
from tests.factories.town import Town
from workflows.services.register import CaseRegister


def test_a_month_has_open_cases_until_the_last_of_them_is_closed(town: Town, database: Database) -> None:
    case, register = town.submitted(), CaseRegister(database)
    assert register.has_open(date(2026, 3, 1), date(2026, 4, 1))
    assert not register.has_open(date(2026, 4, 1), date(2026, 5, 1))
    with database.driver() as driver:
        driver.execute("UPDATE workflows_cases SET status = 'closed' WHERE id = %s", (case,))
    assert not register.has_open(date(2026, 3, 1), date(2026, 4, 1))
