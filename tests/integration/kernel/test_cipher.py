import pytest
from structlog.testing import capture_logs

from gov_portal.kernel.cipher import FileKms, KeyShredded, KeyStore, SealBroken
from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import KeyId


@pytest.fixture
def key(database: Database, keys: KeyStore) -> KeyId:
    with database.begin() as uow:
        return keys.create(uow)


@pytest.fixture
def other_process(database: Database, secrets_dir) -> KeyStore:
    return KeyStore(database, FileKms(secrets_dir))


def test_another_process_opens_what_was_sealed(key: KeyId, keys: KeyStore, other_process: KeyStore) -> None:
    sealed = keys.seal(key, "张三".encode(), context=b"case:1")
    assert "张三".encode() not in sealed
    assert other_process.open(key, sealed, context=b"case:1") == "张三".encode()


def test_equal_plaintexts_have_different_seals(key: KeyId, keys: KeyStore) -> None:
    assert keys.seal(key, b"x", context=b"") != keys.seal(key, b"x", context=b"")


def test_a_seal_opens_only_in_its_place(key: KeyId, keys: KeyStore) -> None:
    sealed = keys.seal(key, b"x", context=b"case:1")
    with pytest.raises(SealBroken):
        keys.open(key, sealed, context=b"case:2")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(60)])
def test_what_no_seal_made_is_answered_and_told_to_operators(key: KeyId, keys: KeyStore, sealed: bytes) -> None:
    with capture_logs() as written, pytest.raises(DomainError) as refused:
        keys.open(key, sealed, context=b"case:1")
    assert (refused.value.code, refused.value.status) == ("cipher.seal-broken", 409)
    assert [(line["event"], line["place"]) for line in written] == [("seal-broken", "case:1")]


@pytest.mark.parametrize("position", [0, 1, 14, -1], ids=["version", "nonce", "text", "tag"])
def test_a_changed_seal_does_not_open(key: KeyId, keys: KeyStore, position: int) -> None:
    sealed = bytearray(keys.seal(key, b"content", context=b""))
    sealed[position] ^= 1
    with pytest.raises(SealBroken):
        keys.open(key, bytes(sealed), context=b"")


def test_a_shredded_key_opens_nothing(key: KeyId, keys: KeyStore, other_process: KeyStore, database: Database) -> None:
    sealed = keys.seal(key, b"x", context=b"")
    with database.begin() as uow:
        keys.shred(uow, key)
    for store in (keys, other_process):
        with pytest.raises(KeyShredded):
            store.open(key, sealed, context=b"")


def test_a_joined_row_saves_the_query(key: KeyId, other_process: KeyStore, keys: KeyStore, database: Database) -> None:
    with database.driver() as driver:
        row = driver.execute("SELECT wrapped FROM kernel_keys").fetchone()
    assert row is not None
    sealed = keys.seal(key, b"x", context=b"")
    assert other_process.cipher_for(key, row[0]).open(sealed, b"") == b"x"


def test_blind_indexes_match_within_one_purpose_only(keys: KeyStore, other_process: KeyStore) -> None:
    assert keys.blind_index("id_no", "a") == other_process.blind_index("id_no", "a")
    assert keys.blind_index("id_no", "a") != keys.blind_index("phone", "a")
    assert keys.blind_index("id_no", "a") != keys.blind_index("id_no", "b")


def test_all_processes_share_one_platform_key(keys: KeyStore, other_process: KeyStore) -> None:
    sealed = keys.seal(keys.platform_key, b"x", context=b"")
    assert other_process.open(other_process.platform_key, sealed, context=b"") == b"x"


def test_secrets_are_readable_by_their_owner_only_and_made_once(secrets_dir) -> None:
    before = (secrets_dir / "master.key").read_bytes()
    FileKms.create(secrets_dir)
    assert (secrets_dir / "master.key").read_bytes() == before
    assert [path.stat().st_mode & 0o777 for path in sorted(secrets_dir.iterdir())] == [0o600, 0o600]
