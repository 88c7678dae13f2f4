"""An annotated copy says for what, for whom and until when; it is worth no more than its licence."""

import io
import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader
from sqlalchemy import text

from gov_portal.documents.attributes import CLAIMS_ATTRIBUTE
from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.ids import CopyId, PersonId
from gov_portal.kernel.principal import Citizen, Platform
from gov_portal.licences.annotated import MOST_AT_ONCE, CopyEnded, CopyNotFound, CopyOrder, CopyView, TooManyCopies
from gov_portal.licences.domain import CopyFacts, CopyStatus, LicenceNotFound, LicenceStatus, LicenceView
from gov_portal.licences.presentation import LicenceNotInForce
from tests.factories.archive import judged, needs_verapdf
from tests.integration.licences.conftest import Desk
from tests.unit.documents.inspection import declared_standard

PURPOSE, RECIPIENT = "公共交通优惠登记", "样例市公共交通公司"


def citizen(person: PersonId, *, acting_for: PersonId | None = None) -> Citizen:
    return Citizen(person, ial=3, aal=2, acting_for=acting_for)


def an_order(key: str = "k1", **changes: object) -> CopyOrder:
    usual: dict[str, object] = {"purpose": PURPOSE, "recipient": RECIPIENT, "valid_until": "2026-06-30"}
    return CopyOrder(key=key, **(usual | changes))


@pytest.fixture
def licence(desk: Desk) -> LicenceView:
    return desk.service.issue(desk.order())


def a_copy(desk: Desk, licence: LicenceView, key: str = "k1", **changes: object) -> CopyView:
    return desk.copies.make(licence.licence, an_order(key, **changes), by=citizen(desk.holder))


def pdf_of(desk: Desk, copy: CopyView) -> bytes:
    return desk.copies.pdf(copy.licence, copy.copy, by=citizen(desk.holder))


def move(desk: Desk, to: str) -> None:
    desk.clock.move_to(datetime.fromisoformat(f"{to}T10:00+08:00"))


def facts(desk: Desk, licence: LicenceView) -> list[str]:
    with desk.db.read() as connection:
        sql = text("SELECT kind FROM kernel_ledger WHERE stream = :stream ORDER BY seq")
        return list(connection.execute(sql, {"stream": f"licence:{licence.licence}"}).scalars())


def test_a_copy_says_across_its_page_what_it_is_for(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    printed = "".join(PdfReader(io.BytesIO(pdf_of(desk, copy))).pages[0].extract_text().split())
    marking = f"仅供{RECIPIENT}办理{PURPOSE}使用，有效期至2026年6月30日，再次复印无效"
    assert printed.count(marking) == 3
    for expected in ("样小禾", licence.identifier, copy.verify_code):
        assert expected in printed
    assert licence.verify_code not in printed


def test_a_copy_is_an_archive_file_under_the_seal_of_the_issuing_authority(desk: Desk, licence: LicenceView) -> None:
    pdf = pdf_of(desk, a_copy(desk, licence))
    assert declared_standard(pdf) == ("2", "B")
    found = desk.marks.inspect(pdf)
    assert (found.state, found.authority) == ("whole", "东样区残疾人联合会")


def claims_in(pdf: bytes) -> dict[str, object]:
    """Return what a program reads from the seal without opening the page."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    (found,) = [one for one in signature.signer_info["signed_attrs"] if one["type"].dotted == CLAIMS_ATTRIBUTE]
    return dict(json.loads(found["values"][0].native))


def test_the_seal_of_a_copy_states_what_that_of_the_licence_does_within_its_own_days(
    desk: Desk, licence: LicenceView
) -> None:
    of_licence = claims_in(desk.service.pdf(licence.licence, by=citizen(desk.holder)))
    of_copy = claims_in(pdf_of(desk, a_copy(desk, licence)))
    assert of_copy.pop("copy") == {"made_on": "2026-04-01", "valid_until": "2026-06-30"}
    days = {name: datetime.fromtimestamp(of_copy[name], UTC) for name in ("nbf", "exp")}
    assert days["nbf"] == datetime.fromisoformat("2026-04-01T00:00+08:00")
    assert days["exp"] == datetime.fromisoformat("2026-07-01T00:00+08:00")
    assert of_copy == {**of_licence, "nbf": of_copy["nbf"], "exp": of_copy["exp"]}
    assert RECIPIENT not in str(of_copy)


@needs_verapdf
def test_verapdf_finds_card_and_copy_to_be_archive_files(desk: Desk, licence: LicenceView, tmp_path: Path) -> None:
    card = desk.service.pdf(licence.licence, by=citizen(desk.holder))
    papers = {"card": card, "copy": pdf_of(desk, a_copy(desk, licence))}
    assert judged(tmp_path, **papers) == {"card": "PASS", "copy": "PASS"}


def test_code_and_file_of_a_copy_tell_for_what_and_for_whom(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    by_code = desk.service.verify(copy.verify_code)
    assert by_code == desk.service.verify_file(pdf_of(desk, copy))
    assert (by_code.status, by_code.name, by_code.holder_masked) == (LicenceStatus.VALID, "残疾人证", "样**")
    assert by_code.copy == CopyFacts(
        purpose=PURPOSE,
        recipient=RECIPIENT,
        made_on=date(2026, 4, 1),
        valid_until=date(2026, 6, 30),
        status=CopyStatus.VALID,
        licence_status=LicenceStatus.VALID,
    )
    assert desk.service.verify(licence.verify_code).copy is None


def test_a_copy_expires_the_day_after_its_last(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    move(desk, "2026-06-30")
    assert desk.service.verify(copy.verify_code).status is LicenceStatus.VALID
    move(desk, "2026-07-01")
    found = desk.service.verify(copy.verify_code)
    assert (found.status, found.ended_on) == (LicenceStatus.EXPIRED, date(2026, 6, 30))
    assert found.copy is not None
    assert (found.copy.status, found.copy.licence_status) == (CopyStatus.EXPIRED, LicenceStatus.VALID)
    with pytest.raises(CopyEnded):
        pdf_of(desk, copy)


def test_a_withdrawn_copy_is_refused_and_its_file_is_gone(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    pdf = pdf_of(desk, copy)
    for _ in range(2):
        desk.copies.withdraw(licence.licence, copy.copy, by=citizen(desk.holder))
    for found in (desk.service.verify(copy.verify_code), desk.service.verify_file(pdf)):
        assert (found.status, found.ended_on) == (LicenceStatus.WITHDRAWN, date(2026, 4, 1))
    with pytest.raises(CopyEnded):
        pdf_of(desk, copy)
    with desk.db.read() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM kernel_files WHERE owner LIKE 'licence-copy:%'")).scalar()
            == 0
        )
    assert facts(desk, licence) == ["issued", "copied", "copy-withdrawn"]
    assert desk.service.verify(licence.verify_code).status is LicenceStatus.VALID


def test_a_copy_of_a_revoked_licence_is_refused(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    pdf = pdf_of(desk, copy)
    desk.service.revoke(licence.licence, reason="x", idempotency_key="undo-1")
    for found in (desk.service.verify(copy.verify_code), desk.service.verify_file(pdf)):
        assert found.status is LicenceStatus.REVOKED
        assert found.copy is not None
        assert (found.copy.status, found.copy.licence_status) == (CopyStatus.VALID, LicenceStatus.REVOKED)
    with pytest.raises(LicenceNotInForce):
        a_copy(desk, licence, "k2")


def test_a_copy_of_an_earlier_version_is_superseded(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    desk.service.supersede(licence.licence, desk.values(grade="g1"), idempotency_key="again-1", by=Platform())
    assert desk.service.verify(copy.verify_code).status is LicenceStatus.SUPERSEDED
    assert desk.service.verify(a_copy(desk, licence, "k2").verify_code).status is LicenceStatus.VALID


def test_one_changed_byte_of_a_copy_is_found(desk: Desk, licence: LicenceView) -> None:
    pdf = pdf_of(desk, a_copy(desk, licence))
    chance = random.Random(5)
    for place in chance.sample(range(len(pdf)), 100):
        changed = bytearray(pdf)
        changed[place] ^= 1 << chance.randrange(8)
        found = desk.service.verify_file(bytes(changed)).status
        assert found in {LicenceStatus.ALTERED, LicenceStatus.UNKNOWN}, place


def test_the_same_key_gives_the_same_copy(desk: Desk, licence: LicenceView) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: a_copy(desk, licence), range(3)))
    assert len({copy.copy for copy in made}) == 1
    assert facts(desk, licence) == ["issued", "copied"]
    assert len(desk.copies.of_licence(licence.licence, by=citizen(desk.holder))) == 1


def test_the_ledger_names_the_copy_but_neither_purpose_nor_recipient(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    with desk.db.read() as connection:
        sql = text("SELECT actor, body FROM kernel_ledger WHERE kind = 'copied'")
        ((actor, body),) = connection.execute(sql).all()
        rows = [str(row) for row in connection.execute(text("SELECT t::text FROM licences_copies t"))]
    assert actor == f"citizen:{desk.holder}"
    told = {"copy": str(copy.copy), "identifier": licence.identifier, "valid_until": "2026-06-30", "version": 1}
    assert json.loads(bytes(body)) == told
    for secret in (PURPOSE, RECIPIENT):
        assert secret not in "".join(rows)
        assert secret.encode().hex() not in "".join(rows)
    assert PURPOSE not in repr(copy)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"purpose": ""}, ["purpose"]),
        ({"purpose": "长" * 31, "recipient": "\0"}, ["recipient", "purpose"]),
        ({"valid_until": {"year": "2026", "month": "2", "day": "30"}}, ["valid_until"]),
        ({"valid_until": "2026-03-31"}, ["valid_until"]),
        ({"valid_until": "2026-10-02"}, ["valid_until"]),
        ({"purpose": None, "recipient": 7, "valid_until": []}, ["recipient", "purpose", "valid_until"]),
    ],
    ids=["empty", "too long and hidden", "no such day", "yesterday", "too far", "all"],
)
def test_everything_wrong_with_an_order_is_said_at_once(
    desk: Desk, licence: LicenceView, changes: dict[str, object], fields: list[str]
) -> None:
    with pytest.raises(InvalidFields) as caught:
        a_copy(desk, licence, **changes)
    assert [fault.field for fault in caught.value.faults] == fields
    assert desk.copies.of_licence(licence.licence, by=citizen(desk.holder)) == []


def test_a_copy_cannot_outlast_its_licence(desk: Desk, licence: LicenceView) -> None:
    move(desk, "2036-03-01")
    with pytest.raises(InvalidFields) as caught:
        a_copy(desk, licence, valid_until="2036-04-01")
    assert [fault.code for fault in caught.value.faults] == ["licence.copy-outlives"]
    assert a_copy(desk, licence, valid_until="2036-03-31").status is CopyStatus.VALID


def test_nobody_else_learns_of_a_copy(desk: Desk, licence: LicenceView) -> None:
    copy, stranger = a_copy(desk, licence), citizen(PersonId(uuid4()))
    for attempt in (
        lambda: desk.copies.make(licence.licence, an_order("k2"), by=stranger),
        lambda: desk.copies.of_licence(licence.licence, by=stranger),
        lambda: desk.copies.view(licence.licence, copy.copy, by=stranger),
        lambda: desk.copies.pdf(licence.licence, copy.copy, by=stranger),
        lambda: desk.copies.withdraw(licence.licence, copy.copy, by=stranger),
    ):
        with pytest.raises(LicenceNotFound):
            attempt()
    guardian = citizen(PersonId(uuid4()), acting_for=desk.holder)
    assert desk.copies.view(licence.licence, copy.copy, by=guardian) == copy


def test_a_copy_is_found_below_its_own_licence_only(desk: Desk, licence: LicenceView) -> None:
    copy, other = a_copy(desk, licence), desk.service.issue(desk.order("other"))
    for licence_id, copy_id in ((other.licence, copy.copy), (licence.licence, CopyId(uuid4()))):
        with pytest.raises(CopyNotFound):
            desk.copies.view(licence_id, copy_id, by=citizen(desk.holder))


def test_only_so_many_copies_are_in_force_together(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    with desk.db.begin() as uow:
        sql = text(
            "INSERT INTO licences_copies SELECT gen_random_uuid(), licence_id, version, 'code-' || n, made_at, "
            "made_on, valid_until, NULL, sealed, NULL, convert_to('pdf-' || n, 'UTF8'), 'key-' || n "
            "FROM licences_copies, generate_series(2, :most) n"
        )
        uow.connection.execute(sql, {"most": MOST_AT_ONCE})
    with pytest.raises(TooManyCopies):
        a_copy(desk, licence, "one more")
    desk.copies.withdraw(licence.licence, copy.copy, by=citizen(desk.holder))
    assert a_copy(desk, licence, "one more").status is CopyStatus.VALID


def test_the_file_of_an_old_copy_is_removed_but_what_it_was_stays_known(desk: Desk, licence: LicenceView) -> None:
    copy = a_copy(desk, licence)
    pdf = pdf_of(desk, copy)
    move(desk, "2026-07-30")
    assert desk.copies.tidy() == 0
    move(desk, "2026-07-31")
    assert desk.copies.tidy() == 1
    assert desk.copies.tidy() == 0
    assert desk.service.verify_file(pdf).status is LicenceStatus.EXPIRED
