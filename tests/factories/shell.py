"""Carry out the lines of the shell blocks on our pages: `gov`, and the few commands of a folder that they need."""

import re
import shlex
from pathlib import Path
from shutil import copyfile

from click.testing import CliRunner

from gov_portal.cli.main import main


def blocks_of(page: str) -> list[tuple[str, str]]:
    """Return language and text of the blocks of a page that are to be carried out or saved."""
    return re.findall(r"```(sh|yaml)\n(.*?)```", page, re.DOTALL)


def run(line: str) -> None:
    """Carry out one line; ``# fails with …`` behind it says that it must fail, and with which words."""
    command, _, remark = line.partition("  # ")
    match shlex.split(command):
        case ["sed", "-i", expression, path]:
            old, new = expression.split("/")[1:3]
            text = Path(path).read_text("utf-8")
            assert old in text
            Path(path).write_text(text.replace(old, new), "utf-8")
        case ["mkdir", "-p", path]:
            Path(path).mkdir(parents=True, exist_ok=True)
        case ["cp", source, path]:
            copyfile(source, path)
        case [_gov, *words]:
            result = CliRunner().invoke(main, words)
            said = re.search(r"fails with (.+)", remark)
            assert result.exit_code == (1 if said else 0), result.output
            assert said is None or said.group(1) in result.output
