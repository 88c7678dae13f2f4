import io
import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from gov_portal.documents.seal_marks import SealState
from gov_portal.kernel import outbox
from gov_portal.kernel.cipher import KeyShredded
from gov_portal.kernel.codes import licence_id
from gov_portal.kernel.ids import LicenceId, OfficerId, PersonId
from gov_portal.kernel.outbox import ClaimLost, OutboxMessage
from gov_portal.kernel.principal import Citizen, Officer, Platform
from gov_portal.licences.domain import (
    IssuerUnknown,
    LicenceKindUnknown,
    LicenceNotFound,
    LicenceRevoked,
    LicenceStatus,
    LicenceValuesInvalid,
    Verification,
)
from gov_portal.licences.ports import RegisterUnavailable
from tests.factories.effort import TIMES
from tests.integration.licences.conftest import Desk

HOLDER_NAME, HOLDER_NUMBER = "样小禾", "470101198005010028"
UNKNOWN = Verification(status=LicenceStatus.UNKNOWN)


def citizen(person: PersonId, *, acting_for: PersonId | None = None) -> Citizen:
    return Citizen(person, ial=3, aal=2, acting_for=acting_for)


def acts(desk: Desk, licence: LicenceId) -> list[str]:
    with desk.db.read() as connection:
        sql = text("SELECT kind FROM kernel_ledger WHERE stream = :stream ORDER BY seq")
        return list(connection.execute(sql, {"stream": f"licence:{licence}"}).scalars())


def waiting(desk: Desk) -> list[OutboxMessage]:
    claimed = [outbox.claim(desk.db, message_id) for message_id in outbox.due(desk.db, 10)]
    return [message for message in claimed if message is not None]


def test_an_issued_licence_has_identifier_validity_and_code(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    identifier = licence_id.parse(view.identifier)
    assert (identifier.version, identifier.serial, identifier.issuer_code) == (1, view.number, "G8470101000000027R")
    assert view.number.startswith("2026")
    assert (view.issued_on, view.valid_until) == (date(2026, 4, 1), date(2036, 3, 31))
    assert (view.status, view.issuer, view.name) == (LicenceStatus.VALID, "东样区残疾人联合会", "残疾人证")
    assert acts(desk, view.licence) == ["issued"]


def test_the_pdf_carries_the_holder_the_identifier_and_the_code(desk: Desk) -> None:
    view = desk.service.issue(desk.order(guardian="样大禾"))
    reader = PdfReader(io.BytesIO(desk.service.pdf(view.licence, by=citizen(desk.holder))))
    printed = "".join(reader.pages[0].extract_text().split())
    for expected in (
        HOLDER_NAME,
        HOLDER_NUMBER,
        "样大禾",
        "听力残疾",
        "二级",
        view.identifier,
        view.verify_code,
        "样本",
    ):
        assert expected in printed
    assert len(reader.pages[0].images) == 1


def test_the_pdf_bears_the_seal_of_the_issuing_authority(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    pdf = desk.service.pdf(view.licence, by=citizen(desk.holder))
    found = desk.marks.inspect(pdf)
    assert (found.state, found.authority) == ("whole", "东样区残疾人联合会")
    assert desk.marks.inspect(pdf.replace(b"/Producer", b"/producer")).state == "altered"


def test_the_same_key_gives_the_same_licence(desk: Desk) -> None:
    first, again = desk.service.issue(desk.order()), desk.service.issue(desk.order())
    assert first == again
    assert acts(desk, first.licence) == ["issued"]


def test_two_attempts_at_once_give_one_licence(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        views = list(pool.map(lambda _: desk.service.issue(desk.order()), range(4)))
    assert len({view.identifier for view in views}) == 1
    with desk.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM licences_versions")).scalar_one() == 1
        assert connection.execute(text("SELECT count(*) FROM kernel_files")).scalar_one() == 2


def test_different_keys_give_different_licences(desk: Desk) -> None:
    first, second = desk.service.issue(desk.order("a")), desk.service.issue(desk.order("b"))
    assert first.identifier != second.identifier
    assert first.verify_code != second.verify_code


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"kind": "passport"}, LicenceKindUnknown),
        ({"seal": "dept.nobody"}, IssuerUnknown),
        ({"region": "440101"}, IssuerUnknown),
        ({"given": ("样小禾",)}, LicenceValuesInvalid),
    ],
    ids=["kind", "department", "region", "values"],
)
def test_a_wrong_order_writes_nothing(desk: Desk, change: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.service.issue(replace(desk.order(), **change))
    with desk.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM licences_licences")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM kernel_outbox")).scalar_one() == 0


def test_a_picture_that_is_a_paper_is_refused(desk: Desk) -> None:
    paper = desk.service.pdf(desk.service.issue(desk.order()).licence, by=Platform())
    with desk.db.begin() as uow:
        file = desk.files.put(uow, paper, claimed_type="application/pdf", key=desk.key, owner="case:1")
    with pytest.raises(LicenceValuesInvalid) as caught:
        desk.service.issue(desk.order("other", photo=str(file.id)))
    assert caught.value.field == "photo"


def test_the_public_sees_a_valid_licence_with_the_holder_masked(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    assert desk.service.verify(view.verify_code.lower()) == Verification(
        status=LicenceStatus.VALID,
        name="残疾人证",
        issuer="东样区残疾人联合会",
        identifier=view.identifier,
        holder_masked="样**",
        issued_on=date(2026, 4, 1),
        valid_until=date(2036, 3, 31),
    )


@pytest.mark.parametrize(
    "code", ["", "K7Q4-M2XP-9TRD", "' OR 1=1 --", "0" * 5000], ids=["empty", "fresh", "sql", "long"]
)
def test_an_unknown_code_tells_nothing(desk: Desk, code: str) -> None:
    desk.service.issue(desk.order())
    assert desk.service.verify(code) == UNKNOWN


def test_a_licence_expires_the_day_after_its_last(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    desk.clock.move_to(datetime.fromisoformat("2036-03-31T23:59+08:00"))
    assert desk.service.verify(view.verify_code).status is LicenceStatus.VALID
    desk.clock.move_to(datetime.fromisoformat("2036-04-01T00:00+08:00"))
    found = desk.service.verify(view.verify_code)
    assert (found.status, found.ended_on) == (LicenceStatus.EXPIRED, date(2036, 3, 31))


def test_a_revoked_licence_stays_verifiable_as_revoked(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    desk.clock.move_to(datetime.fromisoformat("2026-04-10T10:00+08:00"))
    desk.service.revoke(view.licence, reason="申请人死亡", idempotency_key="undo-1")
    found = desk.service.verify(view.verify_code)
    assert (found.status, found.ended_on) == (LicenceStatus.REVOKED, date(2026, 4, 10))
    assert acts(desk, view.licence) == ["issued", "revoked"]


def test_revoking_twice_is_revoking_once(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    for key in ("undo-1", "undo-1", "undo-2"):
        desk.service.revoke(view.licence, reason="x", idempotency_key=key)
    assert acts(desk, view.licence) == ["issued", "revoked"]


def test_an_issue_repeated_after_the_revocation_does_not_revive(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    assert desk.service.issue(desk.order()).status is LicenceStatus.REVOKED


def test_an_unknown_licence_cannot_be_revoked(desk: Desk) -> None:
    with pytest.raises(LicenceNotFound):
        desk.service.revoke(LicenceId(uuid4()), reason="x", idempotency_key="k")


def test_a_new_version_supersedes_the_one_before(desk: Desk) -> None:
    first = desk.service.issue(desk.order())
    desk.clock.move_to(datetime.fromisoformat("2027-05-06T10:00+08:00"))
    second = desk.service.supersede(first.licence, desk.values(grade="g1"), idempotency_key="again-1", by=Platform())
    assert (second.licence, second.version, second.number) == (first.licence, 2, first.number)
    assert licence_id.parse(second.identifier) == licence_id.parse(first.identifier).next_version()
    old, new = desk.service.verify(first.verify_code), desk.service.verify(second.verify_code)
    assert (old.status, old.ended_on) == (LicenceStatus.SUPERSEDED, date(2027, 5, 6))
    assert new.status is LicenceStatus.VALID
    assert acts(desk, first.licence) == ["issued", "superseded", "issued"]


def test_superseding_with_the_same_key_happens_once(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    once = desk.service.supersede(view.licence, desk.values(), idempotency_key="again-1", by=Platform())
    twice = desk.service.supersede(view.licence, desk.values(), idempotency_key="again-1", by=Platform())
    assert once == twice
    assert twice.version == 2


def test_both_versions_keep_their_pdf(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    before = desk.service.pdf(view.licence, by=Platform())
    desk.service.supersede(view.licence, desk.values(grade="g1"), idempotency_key="again-1", by=Platform())
    assert desk.service.pdf(view.licence, by=Platform(), version=1) == before
    assert desk.service.pdf(view.licence, by=Platform()) != before


def test_a_revoked_licence_cannot_be_superseded(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    with pytest.raises(LicenceRevoked):
        desk.service.supersede(view.licence, desk.values(), idempotency_key="again-1", by=Platform())


def test_revocation_covers_every_version(desk: Desk) -> None:
    first = desk.service.issue(desk.order())
    desk.service.supersede(first.licence, desk.values(), idempotency_key="again-1", by=Platform())
    desk.service.revoke(first.licence, reason="x", idempotency_key="undo-1")
    assert desk.service.verify(first.verify_code).status is LicenceStatus.REVOKED


def test_only_the_holder_and_who_acts_for_the_holder_see_a_licence(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    stranger = PersonId(uuid4())
    officer = Officer(OfficerId(uuid4()), org="dept.cdpf", region="470101", roles=frozenset({"checker"}))
    assert desk.service.view(view.licence, by=citizen(desk.holder)) == view
    assert desk.service.mine(citizen(stranger, acting_for=desk.holder)) == [view]
    assert desk.service.mine(citizen(desk.holder, acting_for=stranger)) == []
    for other in (citizen(stranger), citizen(desk.holder, acting_for=stranger), officer):
        with pytest.raises(LicenceNotFound):
            desk.service.pdf(view.licence, by=other)


def test_a_case_knows_what_it_issued(desk: Desk) -> None:
    order = desk.order()
    view = desk.service.issue(order)
    assert desk.service.of_case(order.case) == [view]


def test_nothing_personal_lies_in_plain_text(desk: Desk) -> None:
    view = desk.service.issue(desk.order(guardian="样大禾"))
    desk.service.revoke(view.licence, reason="样小禾死亡", idempotency_key="undo-1")
    tables = ("licences_licences", "licences_versions", "kernel_ledger", "kernel_outbox", "kernel_files")
    with desk.db.read() as connection:
        kept = [str(row) for table in tables for row in connection.execute(text(f"SELECT t::text FROM {table} t"))]
    stored = "".join(kept)
    for secret in (HOLDER_NAME, HOLDER_NUMBER, "样大禾", "死亡"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_a_shredded_holder_is_verifiable_without_a_name_and_has_no_pdf(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    with desk.db.begin() as uow:
        desk.keys.shred(uow, desk.key)
    found = desk.service.verify(view.verify_code)
    assert (found.status, found.holder_masked) == (LicenceStatus.VALID, "")
    with pytest.raises(KeyShredded):
        desk.service.pdf(view.licence, by=citizen(desk.holder))


def test_the_register_is_told_of_the_issue(desk: Desk) -> None:
    order = desk.order()
    view = desk.service.issue(order)
    (message,) = waiting(desk)
    assert message.topic == "licence.push"
    assert json.dumps(message.payload) == json.dumps({"licence": str(view.licence)})
    desk.service.deliver(message)
    (told,) = desk.registers.told.values()
    assert (told.resource, told.subject, told.licence) == ("cdpf.register", HOLDER_NUMBER, view.identifier)
    assert (told.status, told.case) == (LicenceStatus.VALID, order.case)
    assert told.values == {"name": HOLDER_NAME, "id_no": HOLDER_NUMBER, "kind": "hearing", "grade": "g2"}
    assert acts(desk, view.licence) == ["issued", "registered"]
    assert waiting(desk) == []


def test_a_register_that_is_down_keeps_the_message(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    (message,) = waiting(desk)
    desk.registers.is_down = True
    with pytest.raises(RegisterUnavailable):
        desk.service.deliver(message)
    assert acts(desk, view.licence) == ["issued"]
    assert outbox.waiting(desk.db, [f"licence:{view.licence}:"])


def test_a_message_that_comes_late_tells_the_present_state(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    (issued,) = waiting(desk)
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    (revoked,) = waiting(desk)
    desk.service.deliver(revoked)
    desk.service.deliver(issued)
    assert [told.status for told in desk.registers.told.values()] == [LicenceStatus.REVOKED, LicenceStatus.REVOKED]


def test_a_message_delivered_twice_is_recorded_once(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    (message,) = waiting(desk)
    desk.service.deliver(message)
    with pytest.raises(ClaimLost):
        desk.service.deliver(message)
    assert acts(desk, view.licence) == ["issued", "registered"]


def test_a_card_that_cannot_be_set_leaves_nothing_behind(desk: Desk) -> None:
    class BrokenPrinter:
        def make(self, card: object, *, at: datetime) -> bytes:
            raise RuntimeError("out of paper")

    broken = replace(desk.service._outside, cards=BrokenPrinter())
    service = type(desk.service)(desk.db, keys=desk.keys, files=desk.files, clock=desk.clock, outside=broken)
    with pytest.raises(RuntimeError):
        service.issue(desk.order())
    with desk.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM licences_licences")).scalar_one() == 0
    assert desk.service.issue(desk.order()).status is LicenceStatus.VALID


def test_a_file_says_what_has_become_of_its_licence(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    pdf = desk.service.pdf(view.licence, by=Platform())
    assert desk.service.verify_file(pdf).status is LicenceStatus.VALID
    desk.service.revoke(view.licence, reason="x", idempotency_key="undo-1")
    assert desk.service.verify_file(pdf).status is LicenceStatus.REVOKED


def test_one_changed_byte_anywhere_is_found(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    pdf = desk.service.pdf(view.licence, by=Platform())
    chance = random.Random(3)
    places = [0, len(pdf) - 1, *chance.sample(range(len(pdf)), 200)]
    for place in places:
        changed = bytearray(pdf)
        changed[place] ^= 1 << chance.randrange(8)
        found = desk.service.verify_file(bytes(changed)).status
        assert found in {LicenceStatus.ALTERED, LicenceStatus.UNKNOWN}, place
    assert desk.service.verify_file(pdf + b"\n").status is LicenceStatus.ALTERED
    assert desk.service.verify_file(pdf[: len(pdf) // 2]).status in {LicenceStatus.ALTERED, LicenceStatus.UNKNOWN}


def test_no_byte_of_the_seal_itself_can_be_another(desk: Desk) -> None:
    view = desk.service.issue(desk.order())
    pdf = desk.service.pdf(view.licence, by=Platform())
    seal = max(re.finditer(rb"<([0-9A-F]{1000,40000})>", pdf), key=lambda found: len(found[1]))
    container = bytes.fromhex(seal[1].decode())
    places = range(len(container.rstrip(b"\0")) + 2)
    for place in places if TIMES > 1 else random.sample(places, 300):
        changed = bytearray(container)
        changed[place] ^= 1
        written = pdf[: seal.start(1)] + changed.hex().upper().encode() + pdf[seal.end(1) :]
        assert desk.marks.inspect(written).state is not SealState.WHOLE, place
