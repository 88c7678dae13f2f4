"""Seals bear a time stamp that anyone can validate; without one nothing is sealed."""

import asyncio
import io
import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter

from gov_portal.documents.authority import Credential, SealAuthority
from gov_portal.documents.certificates import certificate_of
from gov_portal.documents.errors import TimeStampUnavailable
from gov_portal.documents.seal_marks import SealReader, SealState
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.time_stamps import HttpStamper, OwnStamper, Stamper, StampReader

AUTHORITY = "东样区残疾人联合会"
Answer = Callable[[tsp.TimeStampReq], bytes]


def paper() -> bytes:
    """Return the smallest PDF of one empty page."""
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(made)
    return made.getvalue()


def reader_of(authority: SealAuthority) -> StampReader:
    return StampReader(lambda: [certificate_of(authority.root)])


def own(authority: SealAuthority) -> OwnStamper:
    return OwnStamper(authority, reader=reader_of(authority))


def sealed_by(authority: SealAuthority, stamper: Stamper) -> bytes:
    return Sealer(authority, time_stamper=stamper).seal(paper(), authority=AUTHORITY)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> SealAuthority:
    return SealAuthority(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def sealed(authority: SealAuthority) -> bytes:
    return sealed_by(authority, own(authority))


def served(answer: Answer) -> Iterator[str]:
    """Answer requests for stamps over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            content = answer(asked) if self.headers["Content-Type"] == "application/timestamp-query" else b""
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tsa"
    server.shutdown()
    server.server_close()
    thread.join()


def answered(authority: SealAuthority) -> Answer:
    """Answer as the sandbox's own service does."""
    return lambda asked: asyncio.run(own(authority).async_request_tsa_response(asked)).dump()


def test_anyone_with_our_root_can_tell_when_a_paper_was_sealed(authority: SealAuthority, sealed: bytes) -> None:
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    context = ValidationContext(trust_roots=[certificate_of(authority.root)], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    stamp = status.timestamp_validity
    assert (stamp.intact, stamp.valid, stamp.trusted) == (True, True, True)
    assert abs(datetime.now(UTC) - stamp.timestamp) < timedelta(minutes=10)


def test_our_reader_says_when_it_was(authority: SealAuthority, sealed: bytes) -> None:
    found = SealReader(authority).inspect(sealed)
    assert found.state is SealState.WHOLE
    assert found.stamped_at is not None
    assert abs(datetime.now(UTC) - found.stamped_at) < timedelta(minutes=10)


def test_no_changed_bit_beside_the_signature_gives_another_time(authority: SealAuthority, sealed: bytes) -> None:
    reader, chance = SealReader(authority), random.Random(3161)
    before = reader.inspect(sealed).stamped_at
    start = sealed.index(b"/Contents <") + len("/Contents <")
    digits = len(sealed[start : sealed.index(b">", start)].rstrip(b"0"))
    for place in chance.sample(range(start, start + digits), 60):
        changed = bytearray(sealed)
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        found = reader.inspect(bytes(changed))
        assert found.state is not SealState.WHOLE or found.stamped_at in (before, None), place


def test_what_stamps_times_seals_nothing(tmp_path: Path) -> None:
    class Forger(SealAuthority):
        def seal_of(self, authority: str) -> Credential:
            return self.stamper

    forged = Sealer(Forger(tmp_path)).seal(paper(), authority="样例省时间戳服务（样本）")
    assert SealReader(SealAuthority(tmp_path)).inspect(forged).state is SealState.NONE


def test_a_service_is_asked_over_http(authority: SealAuthority) -> None:
    for url in served(answered(authority)):
        sealed = sealed_by(authority, HttpStamper(url, reader=reader_of(authority)))
        assert SealReader(authority).inspect(sealed).stamped_at is not None


def test_nothing_is_sealed_while_the_service_is_away(authority: SealAuthority) -> None:
    with pytest.raises(TimeStampUnavailable):
        sealed_by(authority, HttpStamper("http://127.0.0.1:1/tsa", reader=reader_of(authority)))


@pytest.mark.parametrize(
    "answer",
    [lambda _: b"", lambda _: b"<html>", lambda _: b"0" * 100_000, lambda _: bytes.fromhex("30053003020102")],
    ids=["nothing", "a page", "too much", "a refusal"],
)
def test_nothing_is_sealed_upon_an_answer_that_is_no_stamp(authority: SealAuthority, answer: Answer) -> None:
    for url in served(answer):
        with pytest.raises(TimeStampUnavailable):
            sealed_by(authority, HttpStamper(url, reader=reader_of(authority)))


def test_a_stamp_of_a_stranger_is_not_taken(authority: SealAuthority, tmp_path: Path) -> None:
    for url in served(answered(SealAuthority(tmp_path))):
        with pytest.raises(TimeStampUnavailable):
            sealed_by(authority, HttpStamper(url, reader=reader_of(authority)))


def test_a_stamp_of_something_else_is_not_taken(authority: SealAuthority) -> None:
    def replayed(asked: tsp.TimeStampReq) -> bytes:
        asked["message_imprint"]["hashed_message"] = bytes(32)
        return answered(authority)(asked)

    for url in served(replayed):
        with pytest.raises(TimeStampUnavailable):
            sealed_by(authority, HttpStamper(url, reader=reader_of(authority)))
