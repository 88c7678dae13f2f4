"""Measure one status list of a million licences: how large it is, and how long it takes to build from the rows.

``python -m bench.status_lists`` packs lists with several shares of ended licences, spread at random. With a database
owner's address as argument it also fills the tables of licences there, in a transaction that is rolled back, and
builds the list from them.
"""

import random
import sys
import time

from sqlalchemy import create_engine, text

from gov_portal.licences.listing import ended_places
from gov_portal.licences.status_lists import SIZE, Listed, packed

SHARES = (0.0, 0.001, 0.01, 0.05, 0.2)
LICENCES = 1_000_000
FILL = (
    """
    INSERT INTO licences_licences (id, kind, issuer_code, issuer_name, serial, holder_id, key_id, case_id, case_number,
      idempotency_key, version, revoked_at)
    SELECT md5(n::text)::uuid, 'k', 'i', 'i', 's' || n, md5('h' || n)::uuid, md5('k' || n)::uuid, md5('c' || n)::uuid,
      'c', 'l' || n, 1, CASE WHEN n % 100 = 0 THEN now() END FROM generate_series(0, :last) AS n""",
    """
    INSERT INTO licences_versions (licence_id, version, identifier, verify_code, issued_at, issued_on, sealed, file_id,
      idempotency_key, status_index, pdf_sha256, superseded_at)
    SELECT md5(n::text)::uuid, 1, 'i' || n, 'v' || n, now(), now(), ''::bytea, md5('f' || n)::uuid, 'l' || n, n,
      sha256(n::text::bytea), CASE WHEN n % 100 = 1 THEN now() END FROM generate_series(0, :last) AS n""",
    "ANALYZE licences_licences, licences_versions",
)


def of_memory() -> None:
    """Print size and time for each share."""
    chance = random.Random(7)
    for share in SHARES:
        places = chance.sample(range(SIZE), int(SIZE * share))
        ended = [(place, chance.choice([Listed.REVOKED, Listed.SUPERSEDED])) for place in places]
        began = time.perf_counter()
        found = packed(ended)
        print(f"{share:6.1%} ended: {len(found) / 1024:7.1f} KiB, packed in {time.perf_counter() - began:.2f} s")


def of_rows(owner_url: str) -> None:
    """Print how long the rows of a list take to be found, two in a hundred ended."""
    engine = create_engine(owner_url)
    with engine.connect() as connection, connection.begin() as transaction:
        for statement in FILL:
            connection.execute(text(statement), {"last": LICENCES - 1} if ":last" in statement else {})
        for _ in range(3):
            began = time.perf_counter()
            rows = ended_places(connection, 0)
            print(f"{LICENCES:,} licences, {len(rows):,} ended: found in {time.perf_counter() - began:.2f} s")
        transaction.rollback()
    engine.dispose()


if __name__ == "__main__":
    of_memory()
    for url in sys.argv[1:]:
        of_rows(url)
