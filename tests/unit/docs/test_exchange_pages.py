"""The pages on the exchange name every code and every resource, and their commands run."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from gov_portal.cli.sandbox import sandbox
from gov_portal.exchange.directory import read_directory
from gov_portal.exchange.domain import Failure, Refusal

DOCS = Path(__file__).resolve().parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "exchange.md").read_text("utf-8")
HOW_TO = (DOCS / "how-to" / "department-down.md").read_text("utf-8")
COMMANDS = re.findall(r"^ *gov sandbox (.+)$", HOW_TO, re.MULTILINE)


@pytest.mark.parametrize("code", [*Refusal, *Failure])
def test_every_code_is_explained(code: str) -> None:
    assert f"`{code}`" in REFERENCE


def test_every_code_of_the_page_exists() -> None:
    assert set(re.findall(r"DX-[A-Z-]+", REFERENCE)) == {*Refusal, *Failure}


@pytest.mark.parametrize("resource", read_directory().resources, ids=lambda resource: resource.id)
def test_every_resource_is_listed_with_its_fields(resource) -> None:
    (line,) = [line for line in REFERENCE.splitlines() if line.startswith(f"| `{resource.id}`")]
    assert set(resource.fields) <= set(re.findall(r"`([a-z_]+)`", line))


def test_the_order_of_the_page_is_that_of_the_decision() -> None:
    listed = re.findall(r"`(DX-[A-Z-]+)`", REFERENCE.partition("## The order")[2].partition("An answer")[0])
    assert listed == [
        "DX-RESOURCE",
        "DX-OPERATION",
        "DX-WITHHELD",
        "DX-KEY",
        "DX-SYSTEM",
        "DX-GRANT-ITEM",
        "DX-GRANT-ACCOUNT",
        "DX-GRANT-ENDED",
        "DX-PURPOSE",
        "DX-PROGRAMME",
        "DX-CASE-UNKNOWN",
        "DX-CASE-ITEM",
        "DX-CASE-CLOSED",
        "DX-CASE-PARTY",
        "DX-FIELD",
        "DX-VALUE",
    ]


def test_there_are_commands_to_run() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_runs(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(sandbox, shlex.split(command), env={"GOV_SANDBOX_DIR": str(tmp_path)})
    assert result.exit_code == 0, result.output
