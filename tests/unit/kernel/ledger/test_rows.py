from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

from gov_portal.kernel.ledger import GENESIS, Entry

AT = datetime(2026, 3, 2, 1, 0, 0, 5, tzinfo=UTC)


def an_entry(at: datetime = AT) -> Entry:
    return Entry("case:1", 1, date(2026, 3, 2), "submitted", at, "citizen:7", b"\x00\xff", GENESIS)


def test_the_hash_is_the_documented_one() -> None:
    canonical = (
        b"gov-ledger-1"
        b"\x00\x00\x00\x06case:1"
        b"\x00\x00\x00\x011"
        b"\x00\x00\x00\x0a2026-03-02"
        b"\x00\x00\x00\x09submitted"
        b"\x00\x00\x00\x202026-03-02T01:00:00.000005+00:00"
        b"\x00\x00\x00\x09citizen:7"
        b"\x00\x00\x00\x02\x00\xff"
    )
    assert an_entry().hash == sha256(bytes(32) + sha256(canonical).digest()).digest()


def test_the_hash_does_not_depend_on_the_time_zone_of_the_writer() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert an_entry(AT.astimezone(shanghai)).hash == an_entry().hash


def test_the_row_ends_with_its_hash() -> None:
    assert an_entry().row[-1] == an_entry().hash
