"""Build the small bundle with two parts that cost money, each with a bill of its own."""

from pathlib import Path

from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from tests.factories.bundles import FILES
from tests.factories.town import Town, photo
from workflows.domain.commands import ActOn

WHOLE = ItemId("t.whole")
_DENIED = "  denied: {closing: 退回办结, remedies: [行政复议]}\n"
_WITHDRAW = "anytime:\n  withdraw: {by: applicant, before: done, end: withdrawn}\n"
_SECOND = (
    (_DENIED, _DENIED + "  lapsed: {closing: 办结}\n  withdrawn: {closing: 办结}\n"),
    ("scenarios:", f"{_WITHDRAW}scenarios:"),
)


def _fee(amount: str) -> tuple[tuple[str, str], ...]:
    pay = f"{{lines: [{{name: 工本费, amount: {amount}, basis: 样例收费办法}}], within: 7d, late: lapsed}}"
    return (
        ("fee: nothing", "fee: charged"),
        ("  delivery:\n", f"  issuance:\n  - fee: {{pay: {pay}}}\n  delivery:\n"),
    )


_CHANGES = {
    "second": (*_SECOND, *_fee("8000")),
    "third": _fee("firm.staff * 100"),
    "whole": (("fee: nothing", "fee: charged"),),
}


def charged_bundle(folder: Path) -> list[Path]:
    """Write the bundle's files into a folder: 乙 costs 80 yuan, 丙 one yuan for everybody who works there."""
    written = []
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for old, new in _CHANGES.get(path.stem, ()):
            assert old in text, (path, old)
            text = text.replace(old, new)
        written.append(folder / path.name)
        written[-1].write_text(text, encoding="utf-8")
    return written


def filled(town: Town) -> CaseId:
    """Return a draft of the bundle that lacks nothing: twelve people work there."""
    case = town.cases.begin(WHOLE, by=town.citizen)
    typed = {
        "chosen": {"chosen.second": "true"},
        "firm": {"firm.title": "样例公司", "firm.staff": "12"},
        "bank": {"bank.branch": "东样支行"},
    }
    for page, raw in typed.items():
        town.cases.save_page(case, page=page, raw=raw, by=town.citizen)
    for paper in ("materials.lease", "materials.roll"):
        file = town.cases.attach(case, paper, photo(), claimed_type="image/png", by=town.citizen)
        town.cases.save_page(case, page="materials", raw={paper: str(file)}, by=town.citizen)
    return case


def decided(town: Town) -> CaseId:
    """Return the bundle with everything decided and two bills waiting."""
    case = filled(town)
    town.cases.submit(case, by=town.citizen)
    town.deliver_all()
    for step, fields in (("first", {"company.code": "A1"}), ("second", {}), ("third", {})):
        act = ActOn(TaskKey("approve.1"), "ok", fields, "依规办理")
        town.cases.act(town.cases.part_cases(case, by=town.citizen)[step], act, by=town.checkers[0])
        town.deliver_all()
    return case
