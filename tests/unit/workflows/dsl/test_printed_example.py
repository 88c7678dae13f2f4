"""The example that is printed in the design of the language compiles as it stands."""

from pathlib import Path

import pytest

from workflows.domain.definition import (
    AllStep,
    CallStep,
    DecideStep,
    Definition,
    Duration,
    HumanStep,
    IssueStep,
    Phase,
    SendStep,
    Unit,
    WaitStep,
)
from workflows.dsl.lint import compile_text, lint_text

SOURCE = (Path(__file__).parent / "printed_example.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def definition() -> Definition:
    return compile_text(SOURCE, "example.yaml")


def test_it_has_no_errors() -> None:
    assert lint_text(SOURCE, "example.yaml").errors == ()


def test_the_order_of_the_list_is_the_flow(definition: Definition) -> None:
    assert list(definition.steps) == [
        "apply", "accept", "joint", "assess", "verify", "grade", "publicise", "review", "approve", "issue", "deliver",
        "done",
    ]  # fmt: skip
    assert [phase for phase, _ in definition.flow] == list(Phase)


def test_every_step_has_its_kind(definition: Definition) -> None:
    kinds = {name: type(step) for name, step in definition.steps.items()}
    assert kinds["apply"] is HumanStep
    assert kinds["joint"] is AllStep
    assert kinds["verify"] is CallStep
    assert kinds["grade"] is DecideStep
    assert kinds["publicise"] is WaitStep
    assert kinds["issue"] is IssueStep
    assert kinds["deliver"] is SendStep


def test_acts_carry_what_they_lead_to(definition: Definition) -> None:
    accept = definition.steps["accept"]
    assert isinstance(accept, HumanStep)
    supplement, refuse = accept.act("supplement"), accept.act("refuse")
    assert supplement is not None
    assert supplement.ask is not None
    assert (supplement.ask.within, supplement.ask.late) == (Duration(30, Unit.DAY), "lapsed")
    assert refuse is not None
    assert refuse.end == "refused"
    assert accept.deemed == "ok"


def test_branches_know_their_block(definition: Definition) -> None:
    assert definition.steps["assess"].parent == "joint"
    assert definition.steps["review"].parent is None


def test_a_table_keeps_typed_cells(definition: Definition) -> None:
    assert definition.tables["grade"].rows[2] == ((("is", 2),), ("g2",))


def test_expressions_know_what_they_read(definition: Definition) -> None:
    assert definition.lets["minor"].reads == {"applicant.birth"}
    assert definition.lets["guarded"].lets == {"minor"}
    issue = definition.steps["issue"]
    assert isinstance(issue, IssueStep)
    assert issue.given[3].guarded_reads == {"guardian.name"}
    assert issue.given[3].reads == frozenset()


def test_the_province_is_a_division(definition: Definition) -> None:
    assert definition.conditions[0].rule.tree == ("within", ("field", "applicant.region"), ("const", "470000"))


def test_the_hash_depends_on_meaning_only() -> None:
    commented = SOURCE.replace("gov: 1", "# a comment\ngov: 1").replace("name: 本省", "name: 本省")
    assert compile_text(commented, "a.yaml").hash == compile_text(SOURCE, "b.yaml").hash
    changed = SOURCE.replace("limit: 5wd", "limit: 4wd")
    assert compile_text(changed, "a.yaml").hash != compile_text(SOURCE, "a.yaml").hash
