"""The tutorial of those who write items is run as it stands: from an empty folder to scenarios that pass."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from gov_portal.cli.main import main

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "tutorial" / "first-item.md").read_text("utf-8")
BLOCKS = re.findall(r"```(sh|yaml)\n(.*?)```", PAGE, re.DOTALL)
WORDS_A_MINUTE = 200


def run(line: str) -> None:
    """Carry out one line of a shell block."""
    command, _, remark = line.partition("  # ")
    words = shlex.split(command)
    if words[0] == "sed":
        old, new = words[2].split("/")[1:3]
        path = Path(words[3])
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        return
    result = CliRunner().invoke(main, words[1:])
    code = re.search(r"fails with (\w+)", remark)
    if code is None:
        assert result.exit_code == 0, result.output
    else:
        assert result.exit_code == 1
        assert code.group(1) in result.output


def test_what_the_page_says_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for language, block in BLOCKS:
        if language == "yaml":
            assert "…" in Path("my-bench.yaml").read_text("utf-8")
            Path("my-bench.yaml").write_text(block, "utf-8")
            continue
        for line in block.strip().split("\n"):
            run(line)


def test_it_is_read_in_under_ten_minutes() -> None:
    words = re.findall(r"[A-Za-z0-9_.:/-]+|[\u4e00-\u9fff]{2}", PAGE)
    assert len(words) < 10 * WORDS_A_MINUTE
