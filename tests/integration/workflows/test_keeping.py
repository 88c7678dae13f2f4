"""What is typed is kept as it stands, counts only once its page is saved, and goes over nobody else's answers."""

import pytest

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.ids import CaseId
from tests.factories.town import Town, photo
from workflows.services.errors import CaseUnknown, FileUnknown, PageMoved, PageUnknown, TooMuchTyped
from workflows.views import PageView

HALF = {"claim.kind": "hearing", "claim.cause": " noi", "claim.homebound": ""}


@pytest.fixture
def case(town: Town) -> CaseId:
    return town.draft()


def basic(town: Town, case: CaseId) -> PageView:
    page = town.cases.draft(case, by=town.citizen).page("basic")
    assert page is not None
    return page


def accepted(page: PageView) -> dict[str, object]:
    return {view.path: view.value for view in page.fields}


def test_half_an_answer_is_kept_as_it_was_typed_and_counts_for_nothing(town: Town, case: CaseId) -> None:
    before = accepted(basic(town, case))
    wrong = {"claim.kind": "teeth", "claim.cause": "长" * 300, "claim.homebound": ""}
    town.cases.keep_typed(case, page="basic", raw=wrong, by=town.citizen)
    page = basic(town, case)
    assert page.typed == wrong
    assert accepted(page) == before
    assert not page.is_complete


def test_what_is_typed_is_sealed(town: Town, case: CaseId) -> None:
    town.cases.keep_typed(case, page="basic", raw={"claim.cause": "a secret of mine"}, by=town.citizen)
    with town.db.driver() as driver:
        row = driver.execute("SELECT draft::text, sealed FROM workflows_cases WHERE id = %s", (case,)).fetchone()
    assert "secret" not in row[0]
    assert b"secret" not in row[1]


def test_answers_that_mean_what_was_accepted_leave_nothing_to_save(town: Town, case: CaseId) -> None:
    same = {"claim.kind": "hearing", "claim.cause": "noise at work ", "claim.homebound": "false", "applicant.photo": ""}
    town.cases.keep_typed(case, page="basic", raw={**same, "claim.cause": "noise"}, by=town.citizen)
    town.cases.keep_typed(case, page="basic", raw=same, by=town.citizen)
    page = basic(town, case)
    assert page.typed == {}
    assert page.is_complete


def test_saving_the_page_forgets_what_was_typed_before(town: Town, case: CaseId) -> None:
    town.cases.keep_typed(case, page="basic", raw=HALF, by=town.citizen)
    whole = {"claim.kind": "hearing", "claim.cause": "noise", "claim.homebound": "true"}
    page = town.cases.save_page(case, page="basic", raw=whole, by=town.citizen).page("basic")
    assert page is not None
    assert page.typed == {}
    assert accepted(page)["claim.cause"] == "noise"


def test_a_draft_with_an_answer_that_was_not_saved_waits(town: Town, case: CaseId) -> None:
    town.cases.keep_typed(case, page="basic", raw=HALF, by=town.citizen)
    with pytest.raises(InvalidFields) as refused:
        town.cases.submit(case, by=town.citizen)
    assert {fault.field: fault.code for fault in refused.value.faults} == {
        "claim.cause": "case.answer-unsaved",
        "claim.homebound": "case.answer-unsaved",
    }


def test_the_later_window_is_told_and_goes_over_nothing(town: Town, case: CaseId) -> None:
    opened = basic(town, case).mark
    first = town.cases.keep_typed(case, page="basic", raw=HALF, by=town.citizen, mark=opened)
    assert first != opened
    late = {"claim.kind": "hearing", "claim.cause": "late", "claim.homebound": "false"}
    for act in (town.cases.keep_typed, town.cases.save_page):
        with pytest.raises(PageMoved):
            act(case, page="basic", raw=late, by=town.citizen, mark=opened)
    page = basic(town, case)
    assert page.typed["claim.cause"] == " noi"
    assert page.mark == first
    town.cases.save_page(case, page="basic", raw=late, by=town.citizen, mark=first)
    assert accepted(basic(town, case))["claim.cause"] == "late"


def test_pressing_save_twice_is_no_quarrel_with_oneself(town: Town, case: CaseId) -> None:
    opened = basic(town, case).mark
    whole = {"claim.kind": "hearing", "claim.cause": "noise", "claim.homebound": "true"}
    for _ in range(2):
        town.cases.save_page(case, page="basic", raw=whole, by=town.citizen, mark=opened)
    for _ in range(2):
        town.cases.keep_typed(case, page="basic", raw=HALF, by=town.citizen, mark=basic(town, case).mark)


def test_another_page_of_the_draft_is_no_other_state_of_this_one(town: Town, case: CaseId) -> None:
    opened = basic(town, case).mark
    town.cases.keep_typed(case, page="delivery", raw={"delivery.way": "post"}, by=town.citizen)
    assert basic(town, case).mark == opened


def test_only_what_the_page_asks_is_kept(town: Town, case: CaseId) -> None:
    town.cases.keep_typed(case, page="basic", raw={**HALF, "claim.level": "1", "x\0": "y"}, by=town.citizen)
    assert set(basic(town, case).typed) == {"claim.cause", "claim.homebound"}


def test_a_photo_just_chosen_can_be_looked_at_by_its_owner_only(town: Town, case: CaseId) -> None:
    file = town.cases.attach(case, "applicant.photo", photo(), claimed_type="image/png", by=town.citizen)
    with pytest.raises(FileUnknown):
        town.cases.file(case, file, by=town.citizen)
    town.cases.keep_typed(case, page="basic", raw={"applicant.photo": str(file)}, by=town.citizen)
    assert town.cases.file(case, file, by=town.citizen)[0] == "image/png"
    with pytest.raises(CaseUnknown):
        town.cases.file(case, file, by=town.stranger)


def test_nobody_else_keeps_anything(town: Town, case: CaseId) -> None:
    with pytest.raises(CaseUnknown):
        town.cases.keep_typed(case, page="basic", raw=HALF, by=town.stranger)
    with pytest.raises(PageUnknown):
        town.cases.keep_typed(case, page="nonsense", raw=HALF, by=town.citizen)


def test_a_flood_is_not_kept(town: Town, case: CaseId) -> None:
    with pytest.raises(TooMuchTyped):
        town.cases.keep_typed(case, page="basic", raw={"claim.cause": "长" * 30_000}, by=town.citizen)
