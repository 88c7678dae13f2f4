"""An office corrects a closed case: what follows holds its application, and its result takes the first's place."""

from uuid import UUID

import pytest

from gov_portal.kernel.errors import DomainError, InvalidFields
from gov_portal.kernel.ids import CaseId, FileId, LicenceId, TaskKey
from tests.factories.town import Town
from workflows.domain.commands import ActOn
from workflows.domain.state import Status
from workflows.ports import HeldLicence
from workflows.services.errors import CaseUnknown

CAUSE = {"claim.cause": "virus"}


def refused(town: Town) -> CaseId:
    case = town.submitted()
    town.act(case, "accept.1", "refuse", by=town.window, reason="材料与事实不符")
    return case


def decided(town: Town, case: CaseId, act: str) -> None:
    """Take a case from acceptance to its end."""
    town.act(case, "accept.1", "ok", by=town.window)
    town.deliver_all()
    town.assess(case)
    town.move("2026-03-11" if town.clock.now().month == 3 else "2026-04-10")
    town.cases.fire_due()
    town.vote(case, "ok", "ok")
    town.act(case, "approve.1", act, by=town.leader, reason="依据")
    town.deliver_all()
    if act == "ok":
        town.cases.act(case, ActOn(TaskKey("deliver.1"), "done"), by=town.window)
    town.deliver_all()


def granted(town: Town) -> tuple[CaseId, LicenceId]:
    """Return a case that is closed with a card, which lies in the wallet of its holder."""
    case = town.submitted()
    decided(town, case, "ok")
    (_, issued), *_ = town.doubles.licences.issued.values()
    at = town.clock.now().date()
    town.doubles.licences.wallet.append(
        HeldLicence(
            licence=issued.licence,
            kind="disability-card",
            number="1",
            issued_on=at,
            valid_until=None,
            is_revoked=False,
        )
    )
    town.move("2026-04-01")
    return case, issued.licence


def correct(town: Town, case: CaseId, *, key: str = "k", **raw: object) -> CaseId:
    fields = {path.replace("__", "."): value for path, value in raw.items()}
    return town.cases.correct(case, reason="录入有误", raw=fields or CAUSE, by=town.leader, key=key)


def values(town: Town, case: CaseId) -> dict[str, object]:
    return {view.path: view.value for view in town.cases.view(case, by=town.citizen).fields}


def test_the_case_that_follows_holds_the_application_with_what_was_corrected(town: Town) -> None:
    case = refused(town)
    successor = correct(town, case)
    assert correct(town, case) == successor
    first, second = (town.cases.view(one, by=town.leader) for one in (case, successor))
    assert (first.status, first.outcome, first.corrected_by) == (Status.CLOSED, "refused", successor)
    assert (second.status, second.corrects) == (Status.OPEN, case)
    before, after = values(town, case), values(town, successor)
    photos = [found.pop("applicant.photo") for found in (before, after)]
    assert after == {**before, **CAUSE}
    # Each case keeps its own copy of an upload.
    assert photos[0] != photos[1]
    assert town.cases.file(successor, FileId(UUID(str(photos[1]))), by=town.citizen)[0].startswith("image/")


def test_the_applicant_is_told_why_and_has_nothing_to_do(town: Town) -> None:
    case = refused(town)
    successor = correct(town, case)
    told = [entry for entry in town.cases.view(case, by=town.citizen).timeline if entry.kind == "corrected"]
    assert [entry.detail["reason"] for entry in told] == ["录入有误"]
    mine = town.cases.view(successor, by=town.citizen)
    assert (mine.permitted.withdraw, mine.corrects) == (False, case)
    assert successor in [row.case for row in town.cases.my_cases(town.citizen)]


def test_a_correction_that_a_crash_prevented_is_opened_by_the_outbox(town: Town) -> None:
    case = refused(town)
    town.cases.open_correction = lambda *_: None  # type: ignore[method-assign]
    successor = correct(town, case)
    with pytest.raises(CaseUnknown):
        town.cases.view(successor, by=town.citizen)
    town.deliver_all()
    assert values(town, successor)["claim.cause"] == "virus"


def test_what_is_corrected_must_be_right_and_complete(town: Town) -> None:
    case = refused(town)
    with pytest.raises(InvalidFields):
        correct(town, case, claim__kind="nothing")
    with pytest.raises(InvalidFields):
        # Posting needs an address that nobody gave.
        correct(town, case, delivery__way="post")
    assert town.cases.view(case, by=town.leader).corrected_by is None


def test_others_and_open_cases_are_refused(town: Town) -> None:
    with pytest.raises(DomainError, match="case.not-closed"):
        correct(town, town.accepted())
    case = refused(town)
    with pytest.raises(DomainError, match="case.not-permitted"):
        town.cases.correct(case, reason="x", raw={}, by=town.window)
    correct(town, case)
    with pytest.raises(DomainError, match="case.corrected-already"):
        correct(town, case, key="other")


def test_only_whoever_may_correct_is_offered_the_fields(town: Town) -> None:
    case = refused(town)
    offered = town.cases.view(case, by=town.leader)
    assert offered.permitted.correct
    assert "claim.cause" in [view.path for view in offered.correctable]
    assert not town.cases.view(case, by=town.window).correctable
    assert not town.cases.view(case, by=town.citizen).correctable


def test_a_card_that_is_issued_anew_is_the_next_version_of_the_first(town: Town) -> None:
    case, licence = granted(town)
    decided(town, correct(town, case), "ok")
    requests = [request for request, _ in town.doubles.licences.issued.values()]
    assert [request.replaces for request in requests] == [None, licence]
    assert town.doubles.licences.revoked == []


def test_a_card_ends_where_the_corrected_decision_gives_none(town: Town) -> None:
    case, licence = granted(town)
    decided(town, correct(town, case), "deny")
    assert town.doubles.licences.revoked == [licence]
    shown = town.cases.view(case, by=town.citizen).licence
    assert shown is not None
    assert not shown.is_valid
