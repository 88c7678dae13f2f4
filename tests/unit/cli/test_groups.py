import click
import pytest
from click.testing import CliRunner

from gov_portal.cli.items import items
from gov_portal.cli.main import main
from tests.factories.gov_commands import subcommands

WIDE = 1_000


@pytest.mark.parametrize("group", [main, items], ids=["gov", "gov items"])
def test_help_says_of_each_command_what_the_command_says_itself(group: click.Group) -> None:
    lines = CliRunner().invoke(group, ["--help"], max_content_width=WIDE, terminal_width=WIDE).output.splitlines()
    told = dict(line.split(maxsplit=1) for line in lines[lines.index("Commands:") + 1 :])
    assert told == {name: one.get_short_help_str(WIDE) for name, one in subcommands(group).items()}


def test_an_unknown_command_is_refused() -> None:
    answer = CliRunner().invoke(items, ["lnit"])
    assert answer.exit_code == 2
    assert "No such command 'lnit'" in answer.output
