"""Bring a labour dispute between two made-up people to the point where the respondent is asked, over real services."""

from gov_portal.kernel.ids import CaseId, ItemId, TaskKey
from gov_portal.sandbox.people import load_people
from tests.factories.province import Province
from workflows.domain.commands import ActOn

ARBITRATION = ItemId("labour.arbitration")
CLAIMANT, RESPONDENT, STRANGER = "adult", "neighbour", "guardian"


def accepted(live: Province) -> CaseId:
    """Return an accepted case that the respondent has not been told of."""
    cases, (_, by) = live.platform.casework.cases, live.citizen(CLAIMANT)
    case = cases.begin(ARBITRATION, by=by, again=True)
    other = load_people().person(RESPONDENT)
    named = {"dispute.respondent_name": other.name, "dispute.respondent_id": other.id_no}
    cases.save_page(case, page="respondent", raw=named, by=by)
    dispute = {"dispute.kind": "wages", "dispute.claim": "补发工资", "dispute.facts": "三个月没有发"}
    cases.save_page(case, page="dispute", raw=dispute, by=by)
    cases.submit(case, by=by, insist=True)
    clerk(live, case, "accept.1", "ok")
    return case


def served(live: Province) -> CaseId:
    """Return a case in which the respondent is asked for an answer."""
    case = accepted(live)
    clerk(live, case, "serve.1", "served")
    return case


def clerk(live: Province, case: CaseId, task: str, act: str) -> None:
    """Let the tribunal's clerk act."""
    _, officer = live.officer("dept.labour", "clerk")
    live.platform.casework.cases.act(case, ActOn(TaskKey(task), act, {}, ""), by=officer)
    live.deliver_all()
