"""The operator keeps the codes of units, and is told where there is nothing to report."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gov_portal.cli.cases import cases
from gov_portal.cli.identity import identity, seed_sandbox
from gov_portal.cli.instance import FONTS
from gov_portal.kernel.db import Database

CODE = "114414000072083734"
TEMPORARY = "TE470101000000000X"


@pytest.fixture
def gov(database: Database, secrets_dir: Path, tmp_path: Path):
    environment = {
        "DATABASE_URL": database.url,
        "GOV_SECRETS_DIR": str(secrets_dir),
        "GOV_FILES_DIR": str(tmp_path),
        "GOV_FONTS_DIR": str(FONTS),
        "GOV_SANDBOX": "1",
    }

    def run(group, *arguments: str) -> Result:
        return CliRunner().invoke(group, arguments, env=environment)

    return run


def code_of(database: Database, unit: str) -> str:
    with database.driver() as driver:
        sql = "SELECT credit_code FROM identity_units WHERE org || '@' || region = %s"
        return driver.execute(sql, (unit,)).fetchone()[0]


def test_a_unit_keeps_its_credit_code_or_a_temporary_one(gov, database, keys) -> None:
    seed_sandbox(database, keys=keys)
    unit = "dept.cdpf@470101"
    assert code_of(database, unit).startswith("G1470101")
    for code in (CODE, TEMPORARY):
        assert gov(identity, "unit-code", unit, code).output == ""
        assert code_of(database, unit) == code


def test_what_is_no_credit_code_and_no_unit_is_refused(gov, database) -> None:
    refused = gov(identity, "unit-code", "dept.cdpf@470101", "114414000072083735")
    assert (refused.exit_code, refused.output) == (1, "Error: 114414000072083735 is no credit code: check\n")
    assert gov(identity, "unit-code", "dept.none@470101", CODE).output.startswith("Error: refused: ")


def test_a_number_without_a_case_is_refused(gov) -> None:
    refused = gov(cases, "report", "470101-20260302-0000001-K")
    assert (refused.exit_code, refused.output) == (1, "Error: refused: case.unknown\n")
