"""Cases can live on databases of their own: what a step writes is unique and joined within its case alone.

The catalogue of a migrated database is read, so that a table to come is held to it as well.
"""

from gov_portal.kernel.db import Database

OF_CASES = """
SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE attname = 'case_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
AND c.relname ~ '^workflows' AND c.relname <> ALL (%s)"""
UNIQUE = """
SELECT i.indrelid::regclass::text, array_agg(a.attname::text ORDER BY k.place)
FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indisunique AND i.indrelid::regclass::text = ANY(%s) GROUP BY i.indexrelid, i.indrelid"""
FOREIGN = """
SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, array_agg(a.attname::text ORDER BY k.place)
FROM pg_constraint c CROSS JOIN unnest(c.conkey) WITH ORDINALITY AS k (number, place)
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s) GROUP BY c.oid"""

SHARD_KEY = {"workflows_cases": "id", "kernel_ledger": "stream", "kernel_ledger_heads": "stream"}
"""Where the key of the shard has another name: the case itself, and the stream ``case:<id>``."""

EXCEPTIONS = {
    ("workflows_cases", ("case_number",)): "given out by place and day; a region is a shard, or the number names one",
    ("workflows_cases", ("applicant", "item")): "one draft a person and item: a guard within one database, not a join",
    ("workflows_cases", ("about",)): "one open case about a licence: the guard lies where the licence's cases do",
    ("workflows_cases", ("part_of", "part_step")): "the id of a part is made of these two, so it is unique by its id",
    ("kernel_outbox", ("id",)): "a place in one database, spoken of for seconds; rows are claimed where they lie",
    ("kernel_outbox", ("key",)): "begins with its owner, case:<id>:",
    ("workflows_counter_tellings", ("key",)): "the key of its outbox row, case:<id>:…",
    ("workflows_counter_tellings", ("id",)): "a list at the counter, not written by a step",
    ("workflows_counter_entries", ("id",)): "a list at the counter, not written by a step",
    ("workflows_held_acts", ("id",)): "a random id of the officer's form, for the seconds of an undo",
    ("workflows_ratings", ("id",)): "a random id; ratings begin after the last step",
}

COLD = {
    "workflows_job_results": "what an officer's bulk job came to, read by the job",
    "workflows_messages": "what departments told, known by whoever told it before any case is",
    "workflows_offers": "made to a person before there is a case",
    "workflows_migration_cases": "what a move of versions came to, read by the move",
}
"""Tables about cases that no step writes."""


def tables_of_cases(database: Database) -> list[str]:
    with database.driver() as driver:
        found = [row[0] for row in driver.execute(OF_CASES, (list(COLD),)).fetchall()]
    return [*found, *SHARD_KEY, "kernel_outbox"]


def test_every_unique_key_of_what_a_step_writes_names_the_case(database: Database) -> None:
    with database.driver() as driver:
        keys = driver.execute(UNIQUE, (tables_of_cases(database),)).fetchall()
    assert len(keys) > 20
    across = {(table, tuple(columns)) for table, columns in keys if SHARD_KEY.get(table, "case_id") not in columns}
    assert across == set(EXCEPTIONS)


def test_every_foreign_key_of_what_a_step_writes_stays_within_the_case(database: Database) -> None:
    with database.driver() as driver:
        joins = driver.execute(FOREIGN, (tables_of_cases(database),)).fetchall()
    assert len(joins) > 5
    assert [(table, other) for table, other, columns in joins if "case_id" not in columns] == []
