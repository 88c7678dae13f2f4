"""Two versions are compared by what they mean; a law, a resource or a field is found wherever items mention it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gov_portal.cli.main import main
from workflows.domain.definition import Definition
from workflows.dsl.comparison import compare
from workflows.dsl.lint import compile_text
from workflows.dsl.mentions import mentions

PATH = Path(__file__).resolve().parents[4] / "workflows" / "items" / "disability-card.yaml"
TEXT = PATH.read_text()


@pytest.fixture(scope="module")
def card() -> Definition:
    return compile_text(TEXT, "card.yaml")


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("promised: 15wd", "promised: 14wd", ["~ item: promised 15wd → 14wd"]),
        ("deemed: ok  ", "", ["~ step accept: deemed ok → (nothing)"]),
        ("[4, g4]]", "[4, g3]]", ["~ table grade: row 4 g4 → g3"]),
        ("birth) < 18", "birth) < 16", ["~ let minor: rule years(applicant.birth) < 18 → years(applicant.birth) < 16"]),
        ("back: review, max: 2", "back: review, max: 1", ["~ act approve.redo: max 2 → 1"]),
        ("max: 60d}", "max: 30d}", ["~ anytime suspend: max 60d → 30d"]),
        ("# 承诺件", "# another comment", []),
    ],
)
def test_a_change_is_said_in_the_words_of_the_item(card: Definition, old: str, new: str, lines: list[str]) -> None:
    changed = compile_text(TEXT.replace(old, new), "card.yaml")
    assert [str(one) for one in compare(card, changed)] == lines


def test_a_new_step_is_added_and_the_order_changes_behind_it(card: Definition) -> None:
    text = TEXT.replace(
        "  decision:\n", "  - recheck: {by: checker, limit: 1wd, act: {ok: {label: 同意}}}\n  decision:\n"
    )
    text = text.replace("step.review: 审核\n", "step.review: 审核\n  step.recheck: 复核\n")
    changes = [str(one) for one in compare(card, compile_text(text.replace("15wd", "16wd", 1), "card.yaml"))]
    assert "+ act recheck.ok: label 同意" in changes
    assert "+ step recheck: kind human, phase review, after review, limit 1wd, by checker" in changes
    assert "+ label step.recheck: text 复核" in changes


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("police.person", ["prefill police.person", "material household", "step verify"]),
        ("民法典", ["anytime suspend"]),
        ("guardian.name", ["field guardian.name", "prefill civil.guardian", "page guardian", "step accept"]),
        ("disability-card", ["item", "step issue"]),
    ],
)
def test_what_an_item_mentions_is_found_with_its_place(card: Definition, word: str, places: list[str]) -> None:
    found = [f"{one.section} {one.name}".strip() for one in mentions(card, word)]
    assert [place for place in places if place not in found] == []


def test_a_word_is_found_as_a_whole(card: Definition) -> None:
    assert list(mentions(card, "police.per")) == []
    assert list(mentions(card, "guardian.n")) == []


def test_the_commands_speak_to_people_and_programs(tmp_path: Path) -> None:
    changed = tmp_path / "card.yaml"
    changed.write_text(TEXT.replace("promised: 15wd", "promised: 14wd"))
    told = CliRunner().invoke(main, ["items", "diff", str(PATH), str(changed), "--json"])
    assert json.loads(told.output) == [
        {
            "section": "item",
            "name": "",
            "what": "changed",
            "attribute": "promised",
            "before": "15wd",
            "after": "14wd",
        }
    ]
    assert "cdpf.disability-card.first 3" in CliRunner().invoke(main, ["items", "uses", "police.person"]).output
    assert CliRunner().invoke(main, ["items", "uses", "tax.income"]).exit_code == 1
