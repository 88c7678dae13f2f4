"""Every one-line fault in an item file is reported at its line, under its code, with a remedy."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from workflows.dsl.lint import lint_text

HERE = Path(__file__).resolve().parent
SOURCE = (HERE.parents[3] / "workflows" / "items" / "disability-card.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Fault:
    """Hold one edit of one line: ``find`` stands once in the file and becomes ``replace``."""

    name: str
    find: str
    replace: str
    code: str


def read_faults() -> list[Fault]:
    """Read the faults out of ``faults.txt``."""
    found = []
    for block in (HERE / "faults.txt").read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        if lines:
            code, _, name = lines[0].partition(" ")
            found.append(Fault(name, unescaped(lines[1][1:]), unescaped(lines[2][1:]), code))
    return found


def unescaped(text: str) -> str:
    text = text.replace("\\t", "\t").replace("\\n", "\n")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), text)


FAULTS = read_faults()


def line_of(fault: Fault) -> int:
    """Return the one line that the edit changes; where it spans lines, the first that differs."""
    before = SOURCE[: SOURCE.index(fault.find)].count("\n") + 1
    pairs = zip(fault.find.split("\n"), fault.replace.split("\n"), strict=False)
    return before + next((number for number, (old, new) in enumerate(pairs) if old != new), 0)


def test_the_item_itself_is_clean() -> None:
    assert lint_text(SOURCE, "item.yaml").findings == ()


def test_there_are_more_than_thirty_faults_each_named_once() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) > 30
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_one_line_fault_is_reported_at_its_line(fault: Fault) -> None:
    assert SOURCE.count(fault.find) == 1, "the edit must be unambiguous"
    report = lint_text(SOURCE.replace(fault.find, fault.replace), "item.yaml")
    found = [(finding.at.line, finding.code) for finding in report.errors]
    assert (line_of(fault), fault.code) in found
    assert report.definition is None
    assert all(finding.message and finding.remedy for finding in report.findings)


def test_all_faults_of_a_file_are_reported_at_once() -> None:
    chosen = ["misspelt item key", "unit", "unknown role", "unknown table", "unbounded return", "unknown ground"]
    faults = [fault for fault in FAULTS if fault.name in chosen]
    text = SOURCE
    for fault in faults:
        text = text.replace(fault.find, fault.replace)
    found = {(finding.at.line, finding.code) for finding in lint_text(text, "item.yaml").errors}
    assert {(line_of(fault), fault.code) for fault in faults} <= found


def test_one_misspelt_name_is_not_reported_at_every_use() -> None:
    report = lint_text(SOURCE.replace("  checker:  {org", "  cheker:  {org"), "item.yaml")
    assert [(f.code, f.message.split("`")[1]) for f in report.errors] == [("E112", "cheker")]
