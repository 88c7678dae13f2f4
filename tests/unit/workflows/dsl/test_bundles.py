"""A bundle (一件事) is one item made of others: one form, papers once, outputs that feed the next, faults located."""

import pytest

from gov_portal.kernel.working_days import Calendar
from tests.factories.bundles import FOLDER, WHOLE, bundle_item, lint_bundle, part_source
from tests.factories.cases import ITEMS
from workflows.domain.definition import OpenStep
from workflows.dsl.bundles.shelf import Shelf, id_in
from workflows.dsl.compiler import World, expanded, source_hash
from workflows.dsl.directory import default_directory
from workflows.dsl.findings import Findings
from workflows.dsl.lint import compile_file, lint_text
from workflows.dsl.reuse.emit import emit
from workflows.dsl.reuse.library import shipped_library
from workflows.dsl.scenarios import coverage, run_scenarios
from workflows.dsl.source import load

LINES = WHOLE.split("\n")


def test_every_field_is_asked_once_and_an_output_is_not_asked_at_all() -> None:
    pages = {page.id: [one.path for one in page.fields] for page in bundle_item().pages}
    assert pages == {
        "chosen": ["chosen.second"],
        "firm": ["firm.title", "firm.staff"],
        "bank": ["bank.branch", "bank.note"],
    }
    assert bundle_item().fields["company.code"].is_maybe


def test_a_field_of_an_optional_part_is_asked_only_where_the_part_is_chosen() -> None:
    bank = next(page for page in bundle_item().pages if page.id == "bank")
    assert [(one.when and one.when.source, one.is_optional) for one in bank.fields] == [
        ("with_second", False),
        ("with_second", True),
    ]
    assert {name: let.source for name, let in bundle_item().lets.items()} == {
        "large": "firm.staff > 9",
        "with_second": "chosen.second",
        "with_third": "firm.staff > 0",
    }


def test_a_paper_that_three_items_want_is_handed_in_once() -> None:
    assert [one.name for one in bundle_item().materials] == ["租约", "花名册"]
    assert bundle_item().before == {"fields": 8, "paper": 4, "visits": 3, "days": "12wd"}


def test_the_parts_pin_what_they_open_and_know_what_they_get() -> None:
    first, second, third = bundle_item().parts
    assert (first.item, second.after, third.stops) == ("t.first", ("first",), False)
    assert second.takes["company.code"] == "company.code"
    assert (third.papers, str(third.limit)) == ({"lease": "lease", "roll": "roll"}, "4wd")
    report = lint_text(part_source("first"), "first.yaml")
    assert report.definition is not None
    assert first.version == report.definition.hash


def test_the_source_that_is_kept_reads_back_as_the_same_item() -> None:
    findings = Findings()
    record = load(WHOLE, file="whole.yaml", findings=findings)
    assert record is not None
    world = World(default_directory(), Shelf((), (FOLDER,)), shipped_library())
    whole = expanded(record, findings=findings, world=world)
    assert whole is not None
    again = lint_text(emit(whole), "kept.yaml", shelf=Shelf())
    assert again.definition is not None, again.errors
    assert again.definition.hash == source_hash(whole) == bundle_item().hash


def test_the_scenarios_of_a_bundle_reach_every_part() -> None:
    reports = run_scenarios(bundle_item(), Calendar.official())
    assert [report.problems for report in reports] == [(), (), (), ()]
    assert coverage(bundle_item(), reports).is_complete


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("E850", "third:  {item: t.third,", "third:  {item: t.fourth,"),
        ("E851", "third:  {item: t.third,", "third:  {item: t.whole,"),
        ("E852", "third:  {item: t.third, after: first", "third:  {item: t.third, after: fourth"),
        ("E852", "first:  {item: t.first,", "first:  {item: t.first, after: third,"),
        ("E854", "after: first, takes: [company.code], optional", "takes: [company.code], optional"),
        ("E854", "takes: [company.code]", "takes: {company.code: firm.number}"),
        ("E854", "takes: [company.code]", "takes: [company.number]"),
        ("E854", "gives: [company.code]", "gives: [company.code, verdict.grade]"),
        ("E855", "gives: [company.code]", "gives: {company.code: company.code, firm.lease: firm.title}"),
        ("E856", ", takes: [company.code]", ""),
        ("E857", "audience: [natural]", "audience: [natural, legal]"),
        ("E859", "parts: {open: link}", "parts: {wait: 1wd}"),
        ("E014", "on_refused: go_on", "on_refused: perhaps"),
        ("E010", "optional: true}", "optinal: true}"),
        ("E604", "promised: 9wd", "promised: 8wd"),
        ("E102", "required: firm.staff > 0", "required: firm.stuff > 0"),
        ("E102", "when: parts.whole", "when: parts.hole"),
        ("E505", "{end: partly}", "{end: refused}"),
    ],
)
def test_a_fault_of_a_bundle_is_found_where_it_stands(code: str, old: str, new: str) -> None:
    assert WHOLE.count(old) == 1
    refusal = "  refused:   {closing: 退回办结, remedies: [行政复议]}\n" if code == "E505" else ""
    found = lint_bundle(WHOLE.replace(old, new).replace("data: {}", refusal + "data: {}")).errors
    line = next(number for number, line in enumerate(LINES, start=1) if old in line)
    line = LINES.index("link:") + 1 if code == "E859" else line + bool(refusal)
    at = next((one.at for one in found if one.code == code), None)
    assert at is not None, [str(one) for one in found]
    assert (at.file, at.line) == ("whole.yaml", line)


def test_one_data_element_has_one_type_in_all_parts() -> None:
    odd = part_source("third").replace('staff: "int(0..50)"', 'staff: "int(0..60)"')
    found = lint_bundle(WHOLE, (odd, "third.yaml")).errors
    assert [(one.code, one.at.line) for one in found] == [
        ("E853", LINES.index(next(x for x in LINES if "third:" in x)) + 1)
    ]


def test_what_a_name_means_is_the_same_in_all_parts() -> None:
    odd = part_source("second").replace("form:\n", "let:\n  large: len(firm.title) > 9\nform:\n", 1)
    odd = odd.replace("bank: [company.code", "bank: [{field: company.code, when: large}")
    assert "E858" in {
        one.code for one in lint_bundle(WHOLE, (odd.replace("code: text(20)}", "code: maybe text(20)}"), "s")).errors
    }


def test_bundles_that_hold_each_other_are_found_out() -> None:
    other = WHOLE.replace("id: t.whole", "id: t.other").replace("item: t.third", "item: t.whole")
    found = lint_bundle(WHOLE.replace("item: t.third", "item: t.other"), (other, "other.yaml")).errors
    assert {one.code for one in found} == {"E851"}
    assert lint_bundle(other, (WHOLE.replace("item: t.third", "item: t.other"), "whole.yaml")).errors


def test_a_single_step_opens_another_item_with_what_this_case_has() -> None:
    text = part_source("first").replace(
        "  delivery:\n", "  issuance:\n  - further: {open: t.third, wait: false}\n  delivery:\n"
    )
    step = next(iter(s for s in _steps(text) if isinstance(s, OpenStep)))
    assert (step.item, step.waits, set(step.takes)) == (
        "t.third",
        False,
        {"applicant.name", "applicant.id_no", "applicant.region", "firm.title", "firm.staff"},
    )
    lacking = lint_text(text.replace("t.third", "t.second"), "x.yaml", shelf=Shelf((), (FOLDER,))).errors
    assert {one.code for one in lacking} == {"E854"}


def _steps(text: str) -> list[object]:
    report = lint_text(text, "x.yaml", shelf=Shelf((), (FOLDER,)))
    assert report.definition is not None, report.errors
    return list(report.definition.steps.values())


def test_the_id_of_a_source_is_seen_without_reading_it_all() -> None:
    assert id_in("gov: 1\nitem: {version: 1, id: a.b, name: x}\n") == "a.b"
    assert id_in("gov: 1\n# id: no\nitem:\n  # a note\n  version: 1\n  id: c-d\n") == "c-d"
    assert id_in("gov: 1\nitem:\n  version: 1\ndata:\n  id: no\n") is None


def test_a_bundle_with_a_part_that_is_charged_for_says_so() -> None:
    bill = "  issuance:\n  - bill: {pay: {lines: [{name: 工本费, amount: 500}], within: 7d, late: next}}\n  delivery:\n"
    third = part_source("third").replace("fee: nothing", "fee: charged").replace("  delivery:\n", bill)
    assert {one.code for one in lint_bundle(WHOLE, (third, "third.yaml")).errors} == {"E015"}
    charged = lint_bundle(WHOLE.replace("fee: nothing", "fee: charged"), (third, "third.yaml")).definition
    assert charged is not None
    assert [part.is_charged for part in charged.parts] == [False, False, True]


WITH_MEMBER = """gov: 1
item: {id: demo.shop, version: 1, name: 开食品店, type: 公共服务, level: 县级, authority: dept.market, basis: [食品安全法], audience: [natural], channels: [web], mode: promise, limit: {statutory: 60wd, promised: 40wd}, visits: 0, assurance: {ial: 3}, fee: nothing}
outcomes: {opened: {closing: 办结}, partly: {closing: 办结}}
data: {}
link:
  filing: {item: market.filing.prepacked-food}
  permit: {item: market.food-permit, after: filing}
flow:
  receipt:
  - apply: {by: applicant}
  review:
  - parts: {open: link}
  delivery:
  - done: {end: opened, when: parts.whole}
  - rest: {end: partly}
scenarios:
  all: {run: [apply], expect: {outcome: opened}}
"""  # noqa: E501 - as somebody would write it


def test_a_member_of_a_family_may_be_a_part() -> None:
    report = lint_text(WITH_MEMBER, "bundle.yaml")
    assert report.errors == (), "\n".join(map(str, report.errors))
    (filing,) = (part for part in report.definitions[0].parts if part.id == "filing")
    members = compile_file(ITEMS / "filings.yaml")
    (member,) = (one.definition for one in members if one.definition.facts.id == "market.filing.prepacked-food")
    assert (filing.item, filing.version) == (member.facts.id, member.hash)
