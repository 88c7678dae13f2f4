"""A new item begins with what is known, and names every parameter that has to be given."""

import pytest

from workflows.dsl.findings import Findings
from workflows.dsl.lint import lint_text
from workflows.dsl.reuse.library import parse_reference, shipped_library
from workflows.dsl.reuse.parameters import read_parameters
from workflows.dsl.reuse.scaffold import scaffold, starters
from workflows.dsl.source import Record, load

LIBRARY = shipped_library()


@pytest.mark.parametrize("name", starters(LIBRARY))
def test_a_new_item_is_yaml_that_only_lacks_what_is_marked(name: str) -> None:
    reference = parse_reference(name)
    assert reference is not None
    shelved = LIBRARY.find(reference)
    assert shelved is not None
    text = scaffold(shelved, "demo.new")
    findings = Findings()
    record = load(text, file="new.yaml", findings=findings)
    assert findings.sorted() == ()
    assert record is not None
    lines = text.split("\n")
    report = lint_text(text, "new.yaml")
    assert report.errors
    assert all("…" in lines[one.at.line - 1] or "use:" in lines[one.at.line - 1] for one in report.errors)
    declared = shelved.record.get("parameters")
    assert isinstance(declared, Record)
    assert all(f"{one}: " in text for one in read_parameters(declared, findings))


def test_only_whole_flows_begin_an_item() -> None:
    assert "std/promise-review@2" in starters(LIBRARY)
    assert "std/publicise@1" not in starters(LIBRARY)
