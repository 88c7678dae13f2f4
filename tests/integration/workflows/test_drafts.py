"""Drafts: prefilled, saved page by page, refused with every fault at once, submitted once."""

from pathlib import Path

import pytest

from gov_portal.kernel.errors import DomainError, InvalidFields
from gov_portal.kernel.files import NoPicture
from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.principal import Citizen
from gov_portal.sandbox.paper import one_page_pdf
from tests.factories.town import CARD, MINOR, REVIEW, Town, photo
from workflows.definitions import ItemUnknown
from workflows.services.errors import CaseUnknown, ConditionUnmet, OnlyByAppeal, PageUnknown, WardNotAllowed
from workflows.views import DraftView

BASIC = {"claim.kind": "hearing", "claim.cause": "noise at work", "claim.homebound": "false"}


def codes(error: InvalidFields) -> dict[str | None, str]:
    return {fault.field: fault.code for fault in error.faults}


def with_photo(town: Town, case, by: Citizen | None = None, **more: object) -> dict[str, object]:
    file = town.cases.attach(case, "applicant.photo", photo(), claimed_type="image/png", by=by or town.citizen)
    return {**BASIC, "applicant.photo": str(file), **more}


def guardian_of(town: Town) -> Citizen:
    """Return the citizen, acting for a child whose guardian they are."""
    child = town.doubles.people.add("小样", id_no=MINOR)
    town.doubles.people.guardians.add((town.citizen.person, child.person))
    return Citizen(town.citizen.person, ial=4, aal=2, acting_for=child.person)


def test_what_account_and_departments_know_is_not_asked(town: Town) -> None:
    draft = town.cases.draft(town.cases.begin(CARD, by=town.citizen), by=town.citizen)
    given = {view.path: (view.source, view.is_verified) for view in draft.prefilled}
    assert given == {
        "applicant.name": ("account", True),
        "applicant.id_no": ("account", True),
        "applicant.birth": ("police.person", True),
        "applicant.region": ("police.person", True),
    }
    asked = [view.path for page in draft.pages for view in page.fields]
    assert asked == ["applicant.photo", "claim.kind", "claim.cause", "claim.homebound", "delivery.way"]


def test_there_is_one_open_draft_per_person_and_item_unless_another_is_asked_for(town: Town) -> None:
    first = town.cases.begin(CARD, by=town.citizen)
    assert town.cases.begin(CARD, by=town.citizen) == first
    assert town.cases.begin(CARD, by=town.citizen, again=True) != first
    assert town.cases.begin(CARD, by=town.stranger) != first


def test_every_fault_of_a_page_is_reported_at_once_and_nothing_is_kept(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    raw = {"claim.kind": "teeth", "claim.cause": " ", "claim.homebound": "false", "claim.level": "1"}
    with pytest.raises(InvalidFields) as refused:
        town.cases.save_page(case, page="basic", raw=raw, by=town.citizen)
    assert codes(refused.value) == {
        "claim.kind": "type.enum.unknown",
        "claim.level": "case.field-not-asked",
        "applicant.photo": "type.missing",
        "claim.cause": "type.missing",
    }
    page = town.cases.draft(case, by=town.citizen).page("basic")
    assert page is not None
    assert all(view.value is None for view in page.fields)


def test_a_field_that_an_answer_makes_necessary_is_asked_at_the_next_look(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    draft = town.cases.save_page(case, page="delivery", raw={"delivery.way": "post"}, by=town.citizen)
    page = draft.page("delivery")
    assert page is not None
    assert [view.path for view in page.fields] == ["delivery.way", "delivery.address"]
    assert not page.is_complete
    raw = {"delivery.way": "post", "delivery.address": "样例市样例路 1 号"}
    page = town.cases.save_page(case, page="delivery", raw=raw, by=town.citizen).page("delivery")
    assert page is not None
    assert page.is_complete


def test_a_field_that_the_browser_showed_at_once_is_taken_at_once_and_may_not_be_blank(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    with pytest.raises(InvalidFields) as refused:
        raw = {"delivery.way": "post", "delivery.address": ""}
        town.cases.save_page(case, page="delivery", raw=raw, by=town.citizen)
    assert [fault.field for fault in refused.value.faults] == ["delivery.address"]
    raw = {"delivery.way": "post", "delivery.address": "样例市样例路 1 号"}
    page = town.cases.save_page(case, page="delivery", raw=raw, by=town.citizen).page("delivery")
    assert page is not None
    assert page.is_complete
    assert page.live is not None
    assert dict(page.live.rules) == {"delivery.address": ("cmp", "==", ("field", "delivery.way"), ("const", "post"))}


def test_a_file_stays_when_the_page_is_saved_again_without_it(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    town.cases.save_page(case, page="basic", raw=with_photo(town, case), by=town.citizen)
    draft = town.cases.save_page(case, page="basic", raw={**BASIC, "applicant.photo": ""}, by=town.citizen)
    page = draft.page("basic")
    assert page is not None
    assert page.is_complete


def test_a_file_of_another_case_is_refused(town: Town) -> None:
    mine = town.cases.begin(CARD, by=town.citizen)
    theirs = town.cases.begin(CARD, by=town.stranger)
    raw = with_photo(town, theirs, by=town.stranger)
    with pytest.raises(InvalidFields) as refused:
        town.cases.save_page(mine, page="basic", raw=raw, by=town.citizen)
    assert codes(refused.value) == {"applicant.photo": "type.reference.form"}


def test_a_guardian_is_taken_from_the_register_when_one_is_needed(town: Town) -> None:
    by = guardian_of(town)
    draft = town.cases.draft(town.cases.begin(CARD, by=by), by=by)
    given = {view.path: view.source for view in draft.prefilled}
    assert given["guardian.name"] == "civil.guardian"
    assert draft.page("guardian") is None


def test_a_department_that_knows_nothing_makes_us_ask_and_the_value_stays_unverified(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    draft = town.cases.save_page(
        case, page="basic", raw=with_photo(town, case, **{"claim.kind": "mental"}), by=town.citizen
    )
    page = draft.page("guardian")
    assert page is not None
    assert [view.path for view in page.fields] == ["guardian.name", "guardian.id_no"]
    assert [view.path for view in draft.materials if view.state == "wanted"] == ["materials.guard_doc"]
    raw = {"guardian.name": "旁人", "guardian.id_no": "470101199002020030"}
    page = town.cases.save_page(case, page="guardian", raw=raw, by=town.citizen).page("guardian")
    assert page is not None
    assert [(view.source, view.is_verified) for view in page.fields] == [("typed", False), ("typed", False)]


def silent_police(town: Town) -> DraftView:
    town.doubles.exchange.down.add("police.person")
    return town.cases.draft(town.cases.begin(CARD, by=town.citizen), by=town.citizen)


def test_a_department_that_does_not_answer_is_named_and_its_fields_are_asked(town: Town) -> None:
    draft = silent_police(town)
    assert draft.unavailable == ("police.person",)
    page = draft.page("more")
    assert page is not None
    assert [view.path for view in page.fields] == ["applicant.birth", "applicant.region"]


def test_a_department_that_is_back_is_asked_again(town: Town) -> None:
    draft = silent_police(town)
    town.doubles.exchange.down.clear()
    assert town.cases.begin(CARD, by=town.citizen) == draft.case
    after = town.cases.draft(draft.case, by=town.citizen)
    assert after.unavailable == ()
    assert after.page("more") is None


def test_what_is_missing_is_listed_over_all_pages_and_materials(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    town.cases.save_page(case, page="basic", raw=with_photo(town, case, **{"claim.kind": "mental"}), by=town.citizen)
    with pytest.raises(InvalidFields) as refused:
        town.cases.submit(case, by=town.citizen)
    assert codes(refused.value) == {
        "guardian.name": "type.missing",
        "guardian.id_no": "type.missing",
        "delivery.way": "type.missing",
        "materials.guard_doc": "case.material-missing",
    }


def test_an_upload_covers_the_material_that_was_wanted(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    town.cases.save_page(case, page="basic", raw=with_photo(town, case, **{"claim.kind": "mental"}), by=town.citizen)
    path = "materials.guard_doc"
    file = town.cases.attach(case, path, photo(), claimed_type="image/png", by=town.citizen)
    draft = town.cases.save_page(case, page="materials", raw={path: str(file)}, by=town.citizen)
    assert {view.path: view.state for view in draft.materials}[path] == "uploaded"
    assert town.cases.file(case, file, by=town.citizen) == ("image/png", photo())


def test_a_condition_that_does_not_hold_warns_and_never_refuses(town: Town) -> None:
    record = town.doubles.exchange.records["police.person"]
    number = next(iter(record))
    record[number] = {**record[number], "region": "440103"}
    case = town.draft()
    with pytest.raises(ConditionUnmet) as warned:
        town.cases.submit(case, by=town.citizen)
    assert warned.value.texts == ("本省户籍",)
    town.cases.submit(case, by=town.citizen, insist=True)
    assert town.cases.view(case, by=town.citizen).case_number


def test_submitting_twice_with_one_key_is_one_submission(town: Town) -> None:
    case = town.draft()
    town.cases.submit(case, by=town.citizen, key="k1")
    number = town.cases.view(case, by=town.citizen).case_number
    town.cases.submit(case, by=town.citizen, key="k1")
    view = town.cases.view(case, by=town.citizen)
    assert view.case_number == number
    assert [entry.kind for entry in view.timeline].count("submitted") == 1


def test_submitting_again_with_another_key_is_refused(town: Town) -> None:
    case = town.submitted()
    with pytest.raises(DomainError, match="case.not-draft"):
        town.cases.submit(case, by=town.citizen, key="k2")


@pytest.mark.parametrize("key", ["", "   ", "k" * 101, "a\0b", "\n"])
def test_an_unusable_key_is_refused(town: Town, key: str) -> None:
    with pytest.raises(DomainError, match="case.key-invalid"):
        town.cases.submit(town.draft(), by=town.citizen, key=key)


def test_a_paper_is_no_picture(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    paper = one_page_pdf(("Sample",))
    with pytest.raises(NoPicture) as refused:
        town.cases.attach(case, "applicant.photo", paper, claimed_type="application/pdf", by=town.citizen)
    assert refused.value.field == "applicant.photo"


def test_a_paper_stored_for_another_path_is_no_picture_either(town: Town) -> None:
    town.doubles.exchange.records["civil.guardian"].clear()
    case = town.cases.begin(CARD, by=town.citizen)
    paper = town.cases.attach(
        case, "materials.guard_doc", one_page_pdf(("Sample",)), claimed_type="application/pdf", by=town.citizen
    )
    with pytest.raises(InvalidFields) as refused:
        town.cases.save_page(case, page="basic", raw={**BASIC, "applicant.photo": str(paper)}, by=town.citizen)
    assert codes(refused.value) == {"applicant.photo": "file.no-picture"}


def test_an_unknown_page_is_refused(town: Town) -> None:
    case = town.cases.begin(CARD, by=town.citizen)
    with pytest.raises(PageUnknown):
        town.cases.save_page(case, page="guardian", raw={}, by=town.citizen)


def test_nobody_else_sees_a_draft(town: Town) -> None:
    case = town.draft()
    for other in (town.stranger, town.window, town.leader):
        with pytest.raises(CaseUnknown):
            town.cases.view(case, by=other)
    with pytest.raises(CaseUnknown):
        town.cases.save_page(case, page="delivery", raw={"delivery.way": "pickup"}, by=town.stranger)


def test_a_discarded_draft_is_gone_with_everything_in_it(town: Town, tmp_path: Path) -> None:
    case = town.draft()
    town.cases.discard(case, by=town.citizen)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    with pytest.raises(CaseUnknown):
        town.cases.view(case, by=town.citizen)
    assert town.cases.my_cases(town.citizen) == ()
    with town.db.driver() as driver:
        row = driver.execute("SELECT count(*) FROM workflows_case_data WHERE case_id = %s", (case,)).fetchone()
    assert row == (0,)
    assert town.cases.begin(CARD, by=town.citizen) != case


def test_a_ward_needs_a_guardianship_record(town: Town) -> None:
    by = Citizen(town.stranger.person, ial=4, aal=2, acting_for=town.citizen.person)
    with pytest.raises(WardNotAllowed):
        town.cases.begin(CARD, by=by)


def test_a_person_known_too_little_may_not_begin(town: Town) -> None:
    with pytest.raises(DomainError, match="case.assurance"):
        town.cases.begin(CARD, by=Citizen(PersonId(town.citizen.person), ial=2, aal=1))


def test_an_item_about_another_case_is_begun_by_an_appeal_only(town: Town) -> None:
    with pytest.raises(OnlyByAppeal):
        town.cases.begin(REVIEW, by=town.citizen)


def test_an_unknown_item_is_not_found(town: Town) -> None:
    with pytest.raises(ItemUnknown):
        town.cases.begin("no.such.item", by=town.citizen)


def test_another_draft_under_one_key_is_begun_once(town: Town) -> None:
    first = town.cases.begin(CARD, by=town.citizen)
    another = town.cases.begin_another(CARD, by=town.citizen, key="k-1")
    assert another != first
    assert town.cases.begin_another(CARD, by=town.citizen, key="k-1") == another
    assert town.cases.begin_another(CARD, by=town.citizen, key="k-2") not in {first, another}
    assert town.cases.begin_another(CARD, by=town.stranger, key="k-1") != another
