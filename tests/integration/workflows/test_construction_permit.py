"""Six departments, a laboratory and the payment department work on one permit; a withdrawal takes all of it back."""

import pytest

from gov_portal.kernel.ids import CaseId, ItemId
from gov_portal.kernel.principal import Officer
from tests.factories.town import Town, photo
from workflows.domain.state import Status
from workflows.services.incoming import Incoming, IncomingMessage

ITEM = ItemId("housing.construction-permit")
ROLES = {
    "checker": "dept.housing",
    "inspector": "dept.housing",
    "planner": "dept.planning",
    "fire": "dept.fire",
    "ecologist": "dept.environment",
    "water": "dept.water",
    "defence": "dept.defence",
}
REVIEWS = {
    "structure": "checker",
    "planning": "planner",
    "fire": "fire",
    "ecology": "ecologist",
    "water": "water",
    "defence": "defence",
}


@pytest.fixture
def staff(town: Town) -> dict[str, Officer]:
    add = town.doubles.officers.add
    staff = {role: add(f"permit.{role}", org=org, role=role) for role, org in ROLES.items()}
    staff["window"] = add("permit.window", org="dept.housing", role="window")
    staff["leader"] = add("permit.leader", org="dept.housing", role="leader", rank="leader")
    staff["lab"] = add("permit.lab", org="dept.lab", role="lab")
    return staff


def billed(town: Town, staff: dict[str, Officer]) -> CaseId:
    """Return a case whose applicant has the bill."""
    case = town.cases.begin(ITEM, by=town.citizen)
    site = {"name": "样例楼", "place": "样例路1号", "project": "P-1", "use": "office", "area": "800", "floors": "3"}
    raw = {f"site.{name}": value for name, value in site.items()}
    town.cases.save_page(case, page="site", raw=raw, by=town.citizen)
    town.cases.save_page(case, page="delivery", raw={"delivery.way": "pickup"}, by=town.citizen)
    papers = [f"materials.{material}" for material in ("land", "drawings")]
    files = [town.cases.attach(case, path, photo(), claimed_type="image/png", by=town.citizen) for path in papers]
    raw = {path: str(file) for path, file in zip(papers, files, strict=True)}
    town.cases.save_page(case, page="materials", raw=raw, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    town.act(case, "accept.1", "ok", by=staff["window"])
    for step, role in REVIEWS.items():
        town.act(case, f"{step}.1", "ok", by=staff[role])
    town.deliver_all()
    content = {"passed": True, "report": "R-7", "sample": "C30", "strength": 34}
    Incoming(town.desk).receive(IncomingMessage("R-7", "concrete-test", "p-1", content), by=staff["lab"])
    town.act(case, "inspect.1", "good", by=staff["inspector"], visit__found="合格")
    town.act(case, "consult.1", "skip", by=staff["checker"])
    town.act(case, "review.1", "ok", by=staff["checker"])
    town.act(case, "approve.1", "ok", by=staff["leader"])
    town.deliver_all()
    return case


def test_a_permit_is_registered_tested_paid_for_and_issued(town: Town, staff: dict[str, Officer]) -> None:
    case = billed(town, staff)
    (bill,) = town.cases.view(case, by=town.citizen).bills
    # 800 m² at 15 yuan, and at 3.25 yuan, rounded half up.
    assert [(line.name, line.amount_fen) for line in bill.lines] == [
        ("城市基础设施配套费", 1_200_000),
        ("建筑垃圾处置费", 130_000),
    ]
    (handed,) = [one for one in town.doubles.exchange.asked if one.hands]
    assert (handed.resource, handed.hands["project"], handed.hands["area"]) == ("housing.project", "P-1", 800)


def test_a_withdrawal_gives_the_money_back_and_releases_the_code(town: Town, staff: dict[str, Officer]) -> None:
    case = billed(town, staff)
    town.cases.withdraw(case, by=town.citizen)
    town.deliver_all()
    assert town.cases.view(case, by=town.citizen).status is Status.CLOSED
    assert town.doubles.payments.standings(case)[0].state == "cancelled"
    assert [one.resource for one in town.doubles.exchange.asked if one.hands] == ["housing.project", "housing.release"]
