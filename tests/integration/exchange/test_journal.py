"""The ledger shows a person every use of their data, refused ones too, and names nobody to anyone else."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from gov_portal.exchange.domain import AccessRefused
from gov_portal.exchange.journal import LedgerJournal, field_hash
from gov_portal.exchange.ports import Record
from gov_portal.exchange.services import ExchangeService
from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger.rows import kernel_ledger
from tests.factories.exchange import (
    InMemoryDepartments,
    InMemoryDirectory,
    OneCase,
    a_query,
    id_no,
)

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def journal(database: Database, keys: KeyStore) -> LedgerJournal:
    return LedgerJournal(database, indexes=keys, clock=FixedClock(NOW))


@pytest.fixture
def exchange(journal: LedgerJournal, tmp_path) -> ExchangeService:
    return ExchangeService(
        directory=InMemoryDirectory(),
        journal=journal,
        cases=OneCase(),
        connector=InMemoryDepartments(tmp_path / "departments"),
        clock=FixedClock(NOW),
    )


def test_a_person_sees_who_used_which_fields_for_what(exchange, journal) -> None:
    answer = exchange.query(a_query())
    (usage,) = journal.usage_of(id_no())
    assert (usage.call, usage.outcome, usage.at, usage.actor) == (answer.evidence, "found", NOW, "platform:platform")
    assert usage.facts["fields"] == ["birth", "region"]
    assert usage.facts["purpose"] == "cdpf-card"


def test_a_person_sees_refused_attempts(exchange, journal) -> None:
    with pytest.raises(AccessRefused):
        exchange.query(a_query("neighbour"))
    (usage,) = journal.usage_of(id_no("neighbour"))
    assert (usage.outcome, usage.facts["refusal"]) == ("refused", "DX-CASE-PARTY")
    assert journal.usage_of(id_no()) == ()


def test_a_question_without_an_answer_is_shown_as_such(journal) -> None:
    journal.write(Record(kind="asked", subject=id_no(), actor="platform:platform", facts={"call": "c"}))
    assert [usage.outcome for usage in journal.usage_of(id_no())] == ["unanswered"]


def test_the_latest_use_comes_first(exchange, journal) -> None:
    calls = [exchange.query(a_query()).evidence for _ in range(3)]
    assert [usage.call for usage in journal.usage_of(id_no())] == calls[::-1]
    assert [usage.call for usage in journal.usage_of(id_no(), limit=2)] == calls[2:]


def test_no_value_and_no_key_is_in_the_ledger(exchange, database) -> None:
    exchange.query(a_query())
    exchange.query(a_query(fields=(), expected={"name": "林晓禾"}))
    with database.read() as connection:
        rows = connection.execute(select(kernel_ledger)).all()
    written = b"".join(repr(tuple(row)).encode() + row.body for row in rows)
    for word in (id_no(), "林晓禾", "1980-05-01", '"470101"'):
        assert word.encode() not in written


def test_equal_values_have_different_hashes_in_different_rows(exchange, database) -> None:
    exchange.query(a_query())
    exchange.query(a_query())
    with database.read() as connection:
        bodies = [json.loads(body) for body in connection.scalars(select(kernel_ledger.c.body))]
    hashes = [body["hashes"]["0.birth"] for body in bodies if "hashes" in body]
    assert len(hashes) == len(set(hashes)) == 2


def test_a_hash_can_be_checked_with_the_salt_of_its_row(exchange, journal, database) -> None:
    exchange.query(a_query())
    with database.read() as connection:
        bodies = [json.loads(body) for body in connection.scalars(select(kernel_ledger.c.body))]
    (body,) = [body for body in bodies if "hashes" in body]
    salt = journal.salt(body["nonce"])
    assert body["hashes"]["0.birth"] == sha256(salt + b"0.birth\0" + b'"1980-05-01"').hexdigest()
    assert body["hashes"]["0.birth"] == field_hash(salt, name="0.birth", value="1980-05-01")
    assert salt.hex() not in json.dumps(body)


def test_calls_about_one_person_at_the_same_time_make_one_chain(exchange, database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: exchange.query(a_query()), range(8)))
    with database.read() as connection:
        streams, rows, last = connection.execute(
            select(
                func.count(kernel_ledger.c.stream.distinct()), func.count(), func.max(kernel_ledger.c.seq)
            ).select_from(kernel_ledger)
        ).one()
    assert (streams, rows, last) == (1, 16, 16)
