"""The tutorial of those who write items is run as it stands: from an empty folder to scenarios that pass."""

import re
from pathlib import Path

import pytest

from tests.factories.shell import blocks_of, run

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "tutorial" / "first-item.md").read_text("utf-8")
BLOCKS = blocks_of(PAGE)
WORDS_A_MINUTE = 200


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
