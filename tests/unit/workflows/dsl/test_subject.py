"""What an item says of how its cases begin and what they are about is checked, at the right line."""

import pytest

from tests.factories.cases import ITEMS
from tests.factories.faults import assert_found
from workflows.domain.definition import IssueStep
from workflows.domain.measures import Duration, Unit
from workflows.dsl.lint import compile_text, lint_text

ENDORSEMENT, PERMIT, ALLOWANCE, FILING, CHECK = (
    (ITEMS / f"{stem}.yaml").read_text(encoding="utf-8")
    for stem in ("residence-endorsement", "residence-permit", "elderly-allowance", "investment-filing", "pension-check")
)

FAULTS = [
    ("an unknown licence", ENDORSEMENT, "{licence: residence-permit, one", "{licence: residence-prmit, one", "E119"),
    ("a renewal of nothing", ENDORSEMENT, "about: {licence: residence-permit, one_open: true}\n", "", "E012"),
    ("a renewal that no end is known of", ENDORSEMENT, "permit.place, permit.valid_until]}", "permit.place]}", "E513"),
    ("silence that refuses", ENDORSEMENT, "deemed: granted}", "deemed: denied}", "E505"),
    ("silence that leads nowhere", ENDORSEMENT, "deemed: granted}", "deemed: withdrawn}", "E513"),
    ("silence that needs a decision", ENDORSEMENT, "permit.region, \"default", "endorse.act, \"default", "E119"),
    ("another licence in its place", ENDORSEMENT, "issue: residence-permit, rep", "issue: id-card, rep", "E119"),
    ("a replacement that is undone", ENDORSEMENT, "limit: 3wd, from:", "limit: 3wd, undo: revoke, from:", "E015"),
    ("withdrawal after the replacement", ENDORSEMENT, "before: endorse, end", "before: done, end", "E512"),
    ("an unknown predicate", ALLOWANCE, "from: [police.aged_80,", "from: [police.aged_90,", "E118"),
    ("a predicate that nothing reads", ALLOWANCE, "when: police.aged_80 and not civil", "when: not civil", "E516"),
    ("a field in a predicate", ALLOWANCE, "when: police.aged_80 and", "when: applicant.birth == today and", "E102"),
    ("an offer again to nobody", CHECK, "offer: {when: hrss.draws_pension, from: [hrss.draws_pension]}\n", "", "E516"),
    ("a cycle in hours", CHECK, "every: 1y", "every: 3h", "E014"),
    ("instant with a wait", FILING, "  - file: {decide:", "  - rest: {wait: 1wd}\n  - file: {decide:", "E511"),
    ("instant in a month", FILING, "promised: 1wd}", "promised: 5wd}", "E511"),
    ("a promise for what nobody asks", PERMIT, "materials: [job]", "materials: [id_card]", "E514"),
    ("a promise for an unknown paper", PERMIT, "materials: [job]", "materials: [jop]", "E125"),
    ("a promise that nobody checks", PERMIT, "check: inspect", "check: verify", "E115"),
    ("a broken promise without effect", PERMIT, "broken: untrue", "broken: true_word", "E514"),
    ("a paper that refuses", PERMIT, "late: lapsed, before: approve}", "late: denied, before: approve}", "E505"),
    ("a paper that nothing waits for", PERMIT, "before: approve}", "before: accept}", "E515"),
    ("a result without a name", ALLOWANCE, "result: {name: 高龄津贴核定结果, show", "result: {show", "E012"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "find", "replace", "code"), [pytest.param(*f[1:], id=f[0]) for f in FAULTS])
def test_a_fault_is_found(source: str, find: str, replace: str, code: str) -> None:
    assert_found(code, source, find=find, replace=replace)


def test_an_item_knows_how_it_begins() -> None:
    start = compile_text(ENDORSEMENT, "item.yaml").start
    assert start.about is not None and (start.about.licence, start.about.one_open) == ("residence-permit", True)
    assert start.renew is not None and (start.renew.opens, start.renew.deemed) == (Duration(30, Unit.DAY), "granted")
    yearly = compile_text(CHECK, "item.yaml").start
    assert yearly.every == Duration(1, Unit.YEAR)
    assert yearly.offer is not None and yearly.offer.predicates == ("hrss.draws_pension",)


def test_ending_a_licence_is_a_step() -> None:
    issue = ENDORSEMENT[ENDORSEMENT.index("  - issue: {issue:") : ENDORSEMENT.index("  delivery:\n  - done")]
    ended = ENDORSEMENT.replace(issue, "  - issue: {revoke: about}\n").replace(
        "  result: {licence: residence-permit, media: [electronic]}\n", ""
    )
    report = lint_text(ended[: ended.index("scenarios:")], "item.yaml")
    assert report.definition is not None, "\n".join(map(str, report.errors))
    step = report.definition.steps["issue"]
    assert isinstance(step, IssueStep) and step.is_revoking and step.licence == "residence-permit"
