"""Items that are offered, instant, about a licence, or lenient with papers go through the services end to end."""

from datetime import date
from uuid import uuid4

import pytest

from gov_portal.kernel.ids import CaseId, ItemId, LicenceId, OfficerId
from gov_portal.kernel.principal import Citizen, Officer
from tests.factories.town import ITEMS, Town, photo
from workflows.domain.state import Status
from workflows.engine.refusals import MaterialOwed
from workflows.ports import HeldLicence
from workflows.services.offers import EventUnknown, Offers, OfferUnknown
from workflows.services.subjects import RenewalNotOpen, SubjectBusy, SubjectMissing
from workflows.services.versions import Versions

ALLOWANCE, CHECK = ItemId("civil.elderly-allowance"), ItemId("hrss.pension-check")
PERMIT, ENDORSEMENT = ItemId("police.residence-permit"), ItemId("police.residence-endorsement")
BORN_1944 = "470101194403080269"


@pytest.fixture
def offers(town: Town) -> Offers:
    return Offers(town.desk, cases=town.cases)


@pytest.fixture
def elder(town: Town) -> Citizen:
    record = {"name": "何长青", "id_no": BORN_1944, "birth": "1944-03-08", "sex": "female", "region": "470101"}
    exchange = town.doubles.exchange
    exchange.records["police.person"][BORN_1944] = record
    exchange.records["hrss.payment"] = {BORN_1944: {"bank": "样例银行", "account": "6200470000000000018"}}
    elder = town.doubles.people.add("何长青", id_no=BORN_1944)
    exchange.facts[("police.aged_80", elder.person)] = True
    return elder


def test_a_benefit_is_offered_by_yes_and_no_and_granted_by_one_tap(town: Town, offers: Offers, elder: Citizen) -> None:
    assert offers.survey() == 1
    (offer,) = offers.open(by=elder)
    assert (offer.item, offer.reason) == (ALLOWANCE, "fits")
    assert town.doubles.exchange.asked == []
    taken = offers.take(offer.id, by=elder)
    assert taken.is_submitted
    town.deliver_all()
    view = town.cases.view(taken.case, by=elder)
    assert (view.status, view.outcome) == (Status.CLOSED, "granted")
    assert [(one.path, one.shown) for one in view.results][0] == ("award.monthly", "100.00 元")
    assert offers.take(offer.id, by=elder).case == taken.case
    assert offers.open(by=elder) == ()
    assert "offer.made" in town.doubles.messages.codes


def test_nobody_is_asked_about_or_offered_twice(town: Town, offers: Offers, elder: Citizen) -> None:
    offers.survey()
    asked = len(town.doubles.exchange.predicates)
    assert offers.survey() == 0
    assert len(town.doubles.exchange.predicates) == asked
    (offer,) = offers.open(by=elder)
    offers.decline(offer.id, by=elder)
    town.move("2026-05-11")
    assert offers.survey() == 0
    with pytest.raises(OfferUnknown):
        offers.take(offer.id, by=elder)
    with pytest.raises(OfferUnknown):
        offers.offer(offer.id, by=town.stranger)


def test_a_department_that_is_silent_is_asked_again(town: Town, offers: Offers, elder: Citizen) -> None:
    town.doubles.exchange.down.add("civil.draws_allowance")
    assert offers.survey() == 0
    town.doubles.exchange.down.clear()
    assert offers.survey() == 1


def test_a_yearly_check_is_offered_again_after_a_year(town: Town, offers: Offers, elder: Citizen) -> None:
    town.doubles.exchange.facts[("hrss.draws_pension", elder.person)] = True
    offers.survey()
    check = next(one for one in offers.open(by=elder) if one.item == CHECK)
    case = offers.take(check.id, by=elder).case
    town.deliver_all()
    assert town.cases.view(case, by=elder).outcome == "confirmed"
    town.move("2026-12-01")
    assert offers.survey() == 0
    town.move("2027-03-03")
    assert offers.survey() == 1
    assert {one.item: one.reason for one in offers.open(by=elder)}[CHECK] == "cycle"


def held(town: Town, *, valid_until: date) -> LicenceId:
    """Let the citizen hold a residence permit."""
    licence = LicenceId(uuid4())
    values = {"name": "样例", "region": "470101", "place": "东样区一号"}
    town.doubles.licences.wallet.append(
        HeldLicence(
            licence=licence,
            kind="residence-permit",
            number="2026000001",
            issued_on=date(2025, 3, 20),
            valid_until=valid_until,
            is_revoked=False,
            values=values,
        )
    )
    return licence


def test_a_case_about_a_licence_replaces_it_and_no_second_one_is_open(town: Town) -> None:
    station = town.doubles.officers.add("station", org="dept.police", role="station")
    licence = held(town, valid_until=date(2026, 3, 19))
    with pytest.raises(SubjectMissing):
        town.cases.begin(ENDORSEMENT, by=town.citizen)
    with pytest.raises(SubjectMissing):
        town.cases.begin(ENDORSEMENT, by=town.citizen, about=LicenceId(uuid4()))
    case = town.cases.begin(ENDORSEMENT, by=town.citizen, about=licence)
    assert town.cases.begin(ENDORSEMENT, by=town.citizen, about=licence) == case
    town.cases.save_page(case, page="residence", raw={"residence.is_same": "true"}, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    with pytest.raises(SubjectBusy):
        town.cases.begin(ENDORSEMENT, by=town.citizen, about=licence)
    assert town.cases.view(case, by=town.citizen).about_number == "2026000001"
    town.act(case, "endorse.1", "ok", by=station)
    town.deliver_all()
    assert town.cases.view(case, by=town.citizen).outcome == "granted"
    (request,) = [one for one, _ in town.doubles.licences.issued.values()]
    assert (request.replaces, request.given[-1]) == (licence, "东样区一号")


def test_a_licence_is_renewed_by_silence_and_not_before_its_window(town: Town) -> None:
    early = held(town, valid_until=date(2026, 9, 1))
    with pytest.raises(RenewalNotOpen) as refused:
        town.cases.begin(ENDORSEMENT, by=town.citizen, about=early)
    assert refused.value.params["opens_on"] == "2026-08-02"
    licence = held(town, valid_until=date(2026, 3, 4))
    case = town.cases.begin(ENDORSEMENT, by=town.citizen, about=licence)
    town.cases.save_page(case, page="residence", raw={"residence.is_same": "true"}, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    town.move("2026-03-05")
    town.cases.fire_due()
    town.deliver_all()
    view = town.cases.view(case, by=town.citizen)
    assert view.outcome == "granted"
    assert "deemed-renewed" in [entry.kind for entry in view.timeline]


def applied(town: Town, *, choices: dict[str, str], papers: tuple[str, ...]) -> CaseId:
    """Apply for a residence permit, with some papers and choices in place of the others."""
    case = town.cases.begin(PERMIT, by=town.citizen)
    residence = {
        "residence.region": "470101",
        "residence.place": "东样区一号",
        "residence.since": "2024-01-01",
        "residence.ground": "work",
    }
    town.cases.save_page(case, page="residence", raw=residence, by=town.citizen)
    town.cases.save_page(case, page="delivery", raw={"delivery.way": "pickup"}, by=town.citizen)
    raw: dict[str, object] = dict(choices)
    for paper in papers:
        path = f"materials.{paper}"
        raw[path] = str(town.cases.attach(case, path, photo(), claimed_type="image/png", by=town.citizen))
    town.cases.save_page(case, page="materials", raw=raw, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    return case


def decided(town: Town, case: CaseId, station: Officer) -> None:
    """Bring a case to the decision."""
    town.act(case, "accept.1", "ok", by=station)
    town.deliver_all()
    town.act(case, "review.1", "ok", by=station, findings__facts="属实")


def test_papers_are_promised_or_follow(town: Town) -> None:
    station = town.doubles.officers.add("station", org="dept.police", role="station")
    leader = town.doubles.officers.add("head", org="dept.police", role="leader", rank="leader")
    case = applied(town, choices={"job.promised": "true", "lease.deferred": "true"}, papers=())
    asked = town.cases.view(case, by=town.citizen).supplement
    assert asked is not None and asked.is_owed
    assert [mark.target for mark in asked.marks] == ["lease"]
    decided(town, case, station)
    with pytest.raises(MaterialOwed):
        town.act(case, "approve.1", "ok", by=leader)
    lease = town.cases.attach(case, "materials.lease", photo(), claimed_type="image/png", by=town.citizen)
    town.cases.return_supplement(case, task=asked.task, raw={"materials.lease": str(lease)}, by=town.citizen)
    town.act(case, "approve.1", "ok", by=leader)
    town.deliver_all()
    town.act(case, "deliver.1", "done", by=station)
    town.act(case, "inspect.1", "untrue", by=station, reason="单位查无此人")
    town.deliver_all()
    view = town.cases.view(case, by=town.citizen)
    assert view.outcome == "cancelled"
    assert town.doubles.licences.revoked == [one.licence for _, one in town.doubles.licences.issued.values()]


def test_an_event_that_a_department_tells_leads_to_one_offer(town: Town, offers: Offers, elder: Citizen) -> None:
    told = {"id_no": BORN_1944, "reference": "dept.police:17"}
    with pytest.raises(EventUnknown):
        offers.hear("hrss.retired", **told)
    source = (ITEMS / "elderly-allowance.yaml").read_text("utf-8")
    begins = source.replace("version: 1", "version: 2", 1).replace(
        "offer:  ", "start: {upon: hrss.retired}\noffer:  ", 1
    )
    designer, publisher = (
        Officer(OfficerId(uuid4()), org="dept.data", region="470000", roles=frozenset({role}), aal=2)
        for role in ("designer", "publisher")
    )
    versions = Versions(town.db, town.clock, town.desk.definitions)
    versions.publish(versions.draft(begins, "elderly-allowance.yaml", by=designer).hash, by=publisher)
    assert [offers.hear("hrss.retired", **told) for _ in range(2)] == [1, 0]
    (offer,) = offers.open(by=elder)
    assert offer.reason == "event"
    assert offers.hear("hrss.retired", id_no="470101198005010124", reference="dept.police:18") == 0
