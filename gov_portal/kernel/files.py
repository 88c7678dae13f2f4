"""Keep uploaded and generated files as encrypted blobs, after looking at what they really are."""

import errno
import io
import os
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import structlog
from PIL import Image
from sqlalchemy import BigInteger, Column, Connection, DateTime, Index, LargeBinary, Table, Text, Uuid, func, select

from gov_portal.kernel.cipher import KeyShredded, KeyStore, SealBroken
from gov_portal.kernel.db import Database, Driver, UnitOfWork, metadata
from gov_portal.kernel.errors import Invalid, NotFound, Unavailable
from gov_portal.kernel.ids import FileId, KeyId
from gov_portal.kernel.outages import Outage, outage_of

kernel_files = Table(
    "kernel_files",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key_id", Uuid, nullable=False),
    Column("owner", Text(collation="C"), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("kernel_files_owner_idx", "owner"),
)
"""What is known of each blob; ``owner`` is an id such as ``case:<uuid>``, ``sha256`` is of the plaintext."""

MAX_PIXELS = 40_000_000
_AGAIN_S = 300
_IMAGE_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "application/pdf": b"%PDF-"}
_HEIC = frozenset(b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"))
_log = structlog.get_logger(__name__)
_KNOWN_SQL = "SELECT id, key_id, owner, size, sha256 FROM kernel_files WHERE id > %s ORDER BY id LIMIT 1000"
_INSERT_SQL = "INSERT INTO kernel_files (id, key_id, owner, media_type, size, sha256) VALUES (%s, %s, %s, %s, %s, %s)"


class FileRefused(Invalid):
    """Refuse a file; the subclasses say why."""

    code = "file.refused"


class FileTypeRefused(FileRefused):
    """Refuse a file that is no PNG, JPEG or PDF, or not what it claims to be."""

    code = "file.type"


class FileMixed(FileRefused):
    """Refuse a file that is two kinds of file at once, such as a PDF that is an archive too."""

    code = "file.mixed"


class FileHeic(FileRefused):
    """Refuse a photo in the format of some phones that only few programs open."""

    code = "file.heic"


class FileTooLarge(FileRefused):
    """Refuse a file with more than ``max_mib`` mebibytes."""

    code = "file.too-large"


class FileEmpty(FileRefused):
    """Refuse a file without content."""

    code = "file.empty"


class FileBroken(FileRefused):
    """Refuse a file that ends too early or cannot be decoded."""

    code = "file.broken"


class NoPicture(FileRefused):
    """Refuse a file where a picture is asked for."""

    code = "file.no-picture"


class FileLost(NotFound):
    """Answer that the content of a file is gone from the disk; operators are told as well."""

    code = "file.lost"


class FilePixelsRefused(FileRefused):
    """Refuse an image with more than ``max_pixels`` pixels."""

    code = "file.pixels"


class StoreFull(Unavailable):
    """Answer that there is no room for another file; nothing of it was kept, and operators are told as well."""

    code = "file.store-full"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Describe one stored file."""

    id: FileId
    media_type: str
    size: int
    sha256: bytes

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown and printed as a picture."""
        return self.media_type in _IMAGE_FORMATS


@dataclass(frozen=True, slots=True)
class KnownFile:
    """Name a file that the database knows, and whose it is."""

    id: FileId
    owner: str


class FileStore:
    """Put files in and read them back; content lies encrypted under ``root``, never in a table."""

    def __init__(self, db: Database, keys: KeyStore, *, root: Path, max_bytes: int = 10 * 1024 * 1024) -> None:
        """Use ``root`` as the folder of the blobs."""
        self._db = db
        self._keys = keys
        self._root = root
        self.max_bytes = max_bytes

    def put(self, uow: UnitOfWork, content: bytes, *, claimed_type: str, key: KeyId, owner: str) -> StoredFile:
        """Store a file in the caller's transaction; its blob goes away with a roll-back.

        Where nobody knows whether the transaction took effect, the blob stays, for ``remove_orphans`` to judge.

        Raises:
            FileRefused: too large, empty, broken, too many pixels, or not of the type that it claims to be.
            StoreFull: the disk has no room; neither blob nor row is left.
        """
        media_type = inspect(content, claimed_type=claimed_type, max_bytes=self.max_bytes)
        stored = StoredFile(FileId(uuid4()), media_type, len(content), sha256(content).digest())
        path = self._path(stored.id)
        uow.after_rollback(lambda: path.unlink(missing_ok=True))
        _write_durably(path, self._keys.seal(key, content, context=_context(stored.id)))
        parameters = (stored.id, key, owner, stored.media_type, stored.size, stored.sha256)
        uow.driver.execute(_INSERT_SQL, parameters)
        return stored

    def get(self, connection: Connection, file_id: FileId) -> tuple[StoredFile, bytes]:
        """Return what is known of a file, and its content; who may see it is the caller's question.

        Raises:
            NotFound: no such file.
            SealBroken: the blob was changed on the disk.
            FileLost: the blob is gone.
            KeyShredded: its owner's key is gone.
        """
        row = connection.execute(select(kernel_files).where(kernel_files.c.id == file_id)).one_or_none()
        if row is None:
            raise NotFound(file=str(file_id))
        stored = StoredFile(file_id, row.media_type, row.size, row.sha256)
        try:
            sealed = self._path(file_id).read_bytes()
        except FileNotFoundError:
            _log.error("file-lost", file=str(file_id))
            raise FileLost(file=str(file_id)) from None
        return stored, self._keys.open(KeyId(row.key_id), sealed, context=_context(file_id))

    def owner(self, driver: Driver, file_id: FileId) -> str | None:
        """Return whose file it is, ``None`` for an unknown one."""
        row = driver.execute("SELECT owner FROM kernel_files WHERE id = %s", (file_id,)).fetchone()
        return None if row is None else str(row[0])

    def pictures(self, driver: Driver, file_ids: Sequence[FileId]) -> set[FileId]:
        """Return which of the files are pictures; one statement."""
        sql = "SELECT id FROM kernel_files WHERE id = ANY(%s) AND media_type = ANY(%s)"
        return {FileId(row[0]) for row in driver.execute(sql, (list(file_ids), list(_IMAGE_FORMATS))).fetchall()}

    def remove_all(self, uow: UnitOfWork, *, owner: str) -> int:
        """Remove every file of an owner; the blobs go once the transaction is durable. Return how many they were."""
        rows = uow.driver.execute("DELETE FROM kernel_files WHERE owner = %s RETURNING id", (owner,)).fetchall()
        paths = [self._path(FileId(row[0])) for row in rows]

        def unlink() -> None:
            for path in paths:
                path.unlink(missing_ok=True)

        uow.after_commit(unlink)
        return len(paths)

    def remove_orphans(self, *, older_than_s: float = 86_400) -> int:
        """Delete old blobs without a row, which a crash between disk and commit leaves behind; return how many."""
        newest = time.time() - older_than_s
        old = [path for path in self._root.glob("??/*") if path.is_file() and path.stat().st_mtime < newest]
        with self._db.driver() as driver:
            sql = "SELECT id FROM kernel_files WHERE id = ANY(%s)"
            named = {path: UUID(path.name) for path in old if len(path.name) == 32}
            known = {row[0] for row in driver.execute(sql, (list(named.values()),)).fetchall()}
        orphans = [path for path in old if named.get(path) not in known]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def faults(self, *, whole: bool = False) -> Iterator[tuple[KnownFile, str]]:
        """Go through every file that the database knows and say what is wrong with its blob, empty for nothing.

        ``missing`` it is gone, ``short`` it has another size than was written, ``changed`` it does not open; the last
        is looked for where ``whole`` asks for it.
        """
        after = UUID(int=0)
        while rows := self._known(after):
            for row in rows:
                yield KnownFile(FileId(row[0]), str(row[2])), self._fault(row, whole=whole)
            after = rows[-1][0]

    def _known(self, after: UUID) -> list[tuple[UUID, UUID, str, int, bytes]]:
        with self._db.driver() as driver:
            return driver.execute(_KNOWN_SQL, (after,)).fetchall()

    def _fault(self, row: tuple[UUID, UUID, str, int, bytes], *, whole: bool) -> str:
        number, key, _owner, size, digest = row
        path = self._path(FileId(number))
        if not path.exists():
            return "missing"
        if path.stat().st_size < size:
            return "short"
        if not whole:
            return ""
        try:
            content = self._keys.open(KeyId(key), path.read_bytes(), context=_context(FileId(number)))
        except (SealBroken, KeyShredded):
            return "changed"
        return "" if sha256(content).digest() == digest else "changed"

    def _path(self, file_id: FileId) -> Path:
        name = cast(UUID, file_id).hex
        return self._root / name[:2] / name


def inspect(content: bytes, *, claimed_type: str, max_bytes: int) -> str:
    """Return the media type that the content really has.

    Raises:
        FileRefused: too large, empty, broken, too many pixels, or not of the type that it claims to be.
    """
    if not content:
        raise FileEmpty()
    if len(content) > max_bytes:
        raise FileTooLarge(max_mib=max_bytes // (1024 * 1024))
    claimed = claimed_type.partition(";")[0].strip().lower().replace("image/jpg", "image/jpeg")
    found = next((media_type for media_type, magic in _MAGIC.items() if content.startswith(magic)), None)
    if content[4:12] in _HEIC:
        raise FileHeic()
    if found is None or found != claimed:
        raise FileTypeRefused(found=found or "unknown")
    if found == "application/pdf":
        _check_pdf(content)
    else:
        _check_image(content, format_name=_IMAGE_FORMATS[found])
    return found


def _check_pdf(content: bytes) -> None:
    """Look at the two ends of a PDF; nothing opens it here, so nothing in it can unfold."""
    if b"%%EOF" not in content[-2048:]:
        raise FileBroken()
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise FileMixed()


def _check_image(content: bytes, *, format_name: str) -> None:
    """Decode the whole image, after its header has promised a bearable number of pixels."""
    try:
        with Image.open(io.BytesIO(content), formats=[format_name]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise FilePixelsRefused(max_pixels=MAX_PIXELS)
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FilePixelsRefused(max_pixels=MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise FileBroken() from error


def _write_durably(path: Path, content: bytes) -> None:
    """Write a blob that is there as a whole, name and content, once this returns, or leave nothing behind.

    Raises:
        StoreFull: there is no room, or the disk may not be written to.
    """
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        _make_durable(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        if outage_of(error) in (Outage.DISK_FULL, Outage.READ_ONLY):
            _log.error("file-store-full", error=errno.errorcode.get(error.errno or 0, ""))
            raise StoreFull(seconds=_AGAIN_S) from error
        raise


def _make_durable(folder: Path) -> None:
    """See that the names in a folder outlive a power cut as well, not only what they name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _context(file_id: FileId) -> bytes:
    return b"file:" + str(file_id).encode()
