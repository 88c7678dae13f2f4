import errno
import io
import os
from pathlib import Path
from zlib import crc32

import psycopg
import pytest
from PIL import Image

from gov_portal.kernel.cipher import KeyStore, SealBroken
from gov_portal.kernel.db import Database, driver_of
from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.files import FileLost, FileRefused, FileStore, StoredFile, StoreFull, inspect
from gov_portal.kernel.ids import FileId, KeyId
from tests.factories.hostile import BROKEN, PDFS

MIB = 1024 * 1024


def picture(format_name: str = "PNG", size: tuple[int, int] = (30, 40)) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(buffer, format_name)
    return buffer.getvalue()


@pytest.fixture
def key(database: Database, keys: KeyStore) -> KeyId:
    with database.begin() as uow:
        return keys.create(uow)


@pytest.fixture
def photo(database: Database, files: FileStore, key: KeyId) -> StoredFile:
    with database.begin() as uow:
        return files.put(uow, picture(), claimed_type="image/png", key=key, owner="case:1")


def blobs(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_went_in(database: Database, files: FileStore, key: KeyId) -> None:
    content = picture("JPEG")
    with database.begin() as uow:
        stored = files.put(uow, content, claimed_type="image/jpeg", key=key, owner="case:1")
    with database.read() as connection:
        assert files.get(connection, stored.id) == (stored, content)
        assert files.owner(driver_of(connection), stored.id) == "case:1"
    assert (stored.media_type, stored.size) == ("image/jpeg", len(content))


def test_the_disk_holds_no_plaintext(photo: StoredFile, tmp_path: Path) -> None:
    (blob,) = blobs(tmp_path)
    assert b"PNG" not in blob.read_bytes()


def test_a_roll_back_leaves_no_blob(database: Database, files: FileStore, key: KeyId, tmp_path: Path) -> None:
    with pytest.raises(KeyError), database.begin() as uow:
        files.put(uow, picture(), claimed_type="image/png", key=key, owner="case:1")
        raise KeyError
    assert blobs(tmp_path) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_is_said_and_leaves_neither_blob_nor_row(
    database: Database, files: FileStore, key: KeyId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreFull) as refused, database.begin() as uow:
        files.put(uow, picture(), claimed_type="image/png", key=key, owner="case:1")
    assert (refused.value.status, refused.value.params["seconds"]) == (503, 300)
    assert blobs(tmp_path) == []
    with database.driver() as driver:
        assert driver.execute("SELECT count(*) FROM kernel_files").fetchone() == (0,)


def test_a_database_that_may_not_be_written_to_leaves_no_blob(
    database: Database, files: FileStore, key: KeyId, tmp_path: Path
) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), database.begin() as uow:
        uow.driver.execute("SET TRANSACTION READ ONLY")
        files.put(uow, picture(), claimed_type="image/png", key=key, owner="case:1")
    assert blobs(tmp_path) == []


def test_a_blob_stays_where_nobody_knows_whether_its_row_does(
    database: Database, files: FileStore, key: KeyId, tmp_path: Path
) -> None:
    with pytest.raises(psycopg.OperationalError), database.begin() as uow:
        files.put(uow, picture(), claimed_type="image/png", key=key, owner="case:1")
        with database.driver() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (uow.driver.pgconn.backend_pid,))
    (blob,) = blobs(tmp_path)
    os.utime(blob, (0, 0))
    assert files.remove_orphans() == 1


def test_a_blob_that_was_changed_on_the_disk_is_not_shown(
    database: Database, files: FileStore, photo: StoredFile, tmp_path: Path
) -> None:
    (blob,) = blobs(tmp_path)
    blob.write_bytes(blob.read_bytes()[:-1] + b"?")
    with pytest.raises(SealBroken), database.read() as connection:
        files.get(connection, photo.id)


def test_a_blob_that_is_gone_from_the_disk_is_told_as_such(
    database: Database, files: FileStore, photo: StoredFile, tmp_path: Path
) -> None:
    (blob,) = blobs(tmp_path)
    blob.unlink()
    with pytest.raises(FileLost), database.read() as connection:
        files.get(connection, photo.id)


def test_an_unknown_file_is_not_found(database: Database, files: FileStore, key: KeyId) -> None:
    with pytest.raises(NotFound), database.read() as connection:
        files.get(connection, FileId(key))


def test_the_files_of_an_owner_go_with_the_transaction_that_removes_them(
    database: Database, files: FileStore, photo: StoredFile, tmp_path: Path
) -> None:
    with database.read() as connection:
        owner = files.owner(driver_of(connection), photo.id)
    with pytest.raises(KeyError), database.begin() as uow:
        assert files.remove_all(uow, owner=owner) == 1
        raise KeyError
    assert len(blobs(tmp_path)) == 1
    with database.begin() as uow:
        files.remove_all(uow, owner=owner)
    assert blobs(tmp_path) == []


def test_old_blobs_without_a_row_are_removed(
    database: Database, files: FileStore, photo: StoredFile, tmp_path: Path
) -> None:
    (blob,) = blobs(tmp_path)
    orphan = blob.with_name("0" * 32)
    orphan.write_bytes(b"x")
    for path in (blob, orphan):
        os.utime(path, (0, 0))
    assert files.remove_orphans() == 1
    assert blobs(tmp_path) == [blob]


def header_of_png(width: int, height: int) -> bytes:
    chunk = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + chunk + crc32(chunk).to_bytes(4, "big") + b"\0\0\0\0IDAT"


@pytest.mark.parametrize(
    ("content", "claimed_type", "code"),
    [
        (b"", "image/png", "file.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2 * MIB), "image/png", "file.too-large"),
        (b"MZ\x90\0", "image/png", "file.type"),
        (picture("JPEG"), "image/png", "file.type"),
        (b"%PDF-1.7\n%%EOF", "image/png", "file.type"),
        (b"<html>", "text/html", "file.type"),
        (picture("GIF"), "image/gif", "file.type"),
        (picture()[:-200], "image/png", "file.broken"),
        (picture("JPEG")[:400], "image/jpeg", "file.broken"),
        (b"%PDF-1.7\n1 0 obj", "application/pdf", "file.broken"),
        (PDFS["an archive too"], "application/pdf", "file.mixed"),
        (BROKEN["HEIC"], "image/heic", "file.heic"),
        (header_of_png(9_000, 5_000), "image/png", "file.pixels"),
        (header_of_png(30_000, 30_000), "image/png", "file.pixels"),
    ],
    ids=[
        "empty",
        "large",
        "program",
        "jpeg-as-png",
        "pdf-as-png",
        "html",
        "gif",
        "cut-png",
        "cut-jpeg",
        "cut-pdf",
        "archive",
        "heic",
    ]
    + ["many-pixels", "bomb"],
)
def test_unacceptable_content_is_refused(content: bytes, claimed_type: str, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        inspect(content, claimed_type=claimed_type, max_bytes=MIB)
    assert refusal.value.code == code


@pytest.mark.parametrize("claimed_type", ["application/pdf", "Application/PDF; charset=binary"])
def test_a_type_may_be_spelled_as_browsers_do(claimed_type: str) -> None:
    assert inspect(b"%PDF-1.7\n%%EOF\n", claimed_type=claimed_type, max_bytes=MIB) == "application/pdf"
