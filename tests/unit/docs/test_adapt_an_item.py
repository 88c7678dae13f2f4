"""The page on overlays is run as it stands: an overlay is written, checked, and carried over to a newer base."""

from pathlib import Path

import pytest

from tests.factories.shell import blocks_of, run

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "how-to" / "adapt-an-item-for-a-city.md").read_text("utf-8")


def test_what_the_page_says_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workflows").symlink_to(ROOT / "workflows")
    overlay = tmp_path / "my-items" / "my-city.yaml"
    overlay.parent.mkdir()
    for language, block in blocks_of(PAGE):
        if language == "yaml":
            overlay.write_text(block, "utf-8")
        else:
            for line in block.strip().split("\n"):
                run(line)
    text = overlay.read_text("utf-8")
    assert "extends: market/food-permit@2" in text
    assert "  # still one day sooner than the province\n  item.limit.promised: 16wd\n" in text
