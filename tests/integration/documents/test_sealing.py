import io
import os
import random
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.certificates import certificate_of
from gov_portal.documents.notices import Notices
from gov_portal.documents.seal_marks import SealFinding, SealReader, SealState
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.time_stamps import OwnStamper, StampReader
from gov_portal.documents.typesetting import Typesetter
from tests.factories.archive import judged, needs_verapdf
from tests.unit.documents.inspection import declared_standard, read, text_of

AUTHORITY = "东样区残疾人联合会"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> SealAuthority:
    return SealAuthority(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def notice(authority: SealAuthority) -> bytes:
    return make_notice(authority)


def make_notice(authority: SealAuthority, *, applicant: str = "样𠮷䶮㛃") -> bytes:
    fonts = Path(os.environ.get("GOV_FONTS_DIR", ".cache/fonts"))
    notices = Notices(Typesetter(fonts), is_sample=True, sealer=Sealer(authority))
    order = SimpleNamespace(
        document="受理通知书",
        case_number="470101-20260302-0000123-K",
        item_name="残疾人证新办",
        authority=AUTHORITY,
        applicant_name=applicant,
        on=date(2026, 3, 4),
        facts={},
    )
    return notices.make(order)


def stamped(authority: SealAuthority, notice: bytes) -> bytes:
    """Return the notice under a seal with a stamp of the sandbox's own service."""
    reader = StampReader(lambda: [certificate_of(authority.root)])
    plain = notice[: notice.index(b"%%EOF") + 5]
    return Sealer(authority, time_stamper=OwnStamper(authority, reader=reader)).seal(plain, authority=AUTHORITY)


def a_time_stamper() -> DummyTimeStamper:
    """Return a time stamp service of nobody's; the double of pyHanko takes RSA keys only."""
    key, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "样例省时间戳服务")])
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    building = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    building = building.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    made = building.add_extension(stamping, critical=True).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
    return DummyTimeStamper(certificate, asn1_keys.PrivateKeyInfo.load(private), fixed_dt=now)


def validated(pdf: bytes, authority: SealAuthority) -> PdfSignatureStatus:
    root = certificate_of(authority.root)
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, context)


def test_a_notice_bears_a_seal_that_anyone_can_validate_with_our_root(authority: SealAuthority, notice: bytes) -> None:
    status = validated(notice, authority)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.modification_level is ModificationLevel.NONE
    assert status.signing_cert.subject.native["common_name"] == AUTHORITY


def test_the_seal_permits_no_change(notice: bytes) -> None:
    (signature,) = PdfFileReader(io.BytesIO(notice)).embedded_signatures
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_another_root_does_not_trust_it(notice: bytes, tmp_path: Path) -> None:
    assert not validated(notice, SealAuthority(tmp_path)).trusted


def test_a_sealed_paper_is_still_an_archive_file_with_its_rare_characters(notice: bytes) -> None:
    assert declared_standard(notice) == ("2", "B")
    assert "样𠮷䶮㛃" in text_of(notice)
    assert not read(notice).is_encrypted


def test_a_time_stamp_goes_with_the_seal_where_there_is_one(authority: SealAuthority, notice: bytes) -> None:
    stamper = a_time_stamper()
    plain = notice[: notice.index(b"%%EOF") + 5]
    sealed = Sealer(authority, time_stamper=stamper).seal(plain, authority=AUTHORITY)
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    kinds = [one["type"].native for one in signature.signer_info["unsigned_attrs"]]
    assert kinds == ["signature_time_stamp_token"]
    # A service that we do not know: the seal is whole, and when it was made we do not say.
    assert SealReader(authority).inspect(sealed) == SealFinding(SealState.WHOLE, AUTHORITY)


def test_any_changed_byte_under_the_seal_is_found(authority: SealAuthority, notice: bytes) -> None:
    reader, chance = SealReader(authority), random.Random(36905)
    (signature,) = PdfFileReader(io.BytesIO(notice)).embedded_signatures
    _, length, again, _ = (int(part) for part in signature.byte_range)
    assert reader.inspect(notice).state is SealState.WHOLE
    assert reader.inspect(notice).authority == AUTHORITY
    for place in chance.sample([*range(length), *range(again, len(notice))], 500):
        changed = bytearray(notice)
        changed[place] ^= 1 << chance.randrange(8)
        assert reader.inspect(bytes(changed)).state is SealState.ALTERED, place


@pytest.mark.parametrize("more", [b"\n", b"%%EOF\n", b"PK\x03\x04"], ids=["line", "end", "polyglot"])
def test_something_behind_the_seal_is_found(authority: SealAuthority, notice: bytes, more: bytes) -> None:
    assert SealReader(authority).inspect(notice + more).state is SealState.ALTERED
    assert SealReader(authority).inspect(more + notice).state is SealState.ALTERED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"<" + b"30" * 5000 + b">",
        b"<" + b"AB" * 5000 + b">" * 3,
        b"<3082" * 100_000,
        b"/ByteRange [0 999999999 999999999 999999999]<" + b"0" * 1000 + b">",
        random.Random(1).randbytes(5_000_000),
    ],
    ids=["empty", "head", "nested", "hex", "openings", "range", "noise"],
)
def test_a_hostile_file_has_no_seal(authority: SealAuthority, content: bytes) -> None:
    assert SealReader(authority).inspect(content).state is SealState.NONE


def test_the_seal_of_another_platform_is_none_of_ours(notice: bytes, tmp_path: Path) -> None:
    assert SealReader(SealAuthority(tmp_path)).inspect(notice).state is SealState.NONE


def test_the_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        makers = [SealAuthority(tmp_path) for _ in range(8)]
        serials = set(pool.map(lambda one: one.seal_of(AUTHORITY).certificate.serial_number, makers))
    assert len(serials) == 1
    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept if path.name in ("seal-ca.pem", "seal-root.pem")] == [
        "seal-ca.pem",
        "seal-root.pem",
    ]
    assert len(kept) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


@needs_verapdf
def test_verapdf_finds_a_sealed_notice_to_be_an_archive_file(
    authority: SealAuthority, notice: bytes, tmp_path: Path
) -> None:
    papers = {"notice": notice, "stamped": stamped(authority, notice)}
    assert judged(tmp_path, **papers) == dict.fromkeys(papers, "PASS")
