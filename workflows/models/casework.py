"""Define the tables of a case: one row with its whole state; tasks and timers are projections of it, for queues."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from gov_portal.kernel.db import INSTANT, metadata

cases = Table(
    "workflows_cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("serial", BigInteger, Identity(always=True), nullable=False),
    Column("case_number", Text(collation="C"), nullable=True, unique=True),
    Column("item", Text, nullable=False),
    Column("definition_hash", Text, nullable=False),
    Column("applicant", Uuid, nullable=False),
    Column("begun_by", Uuid, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("region", Text, nullable=False, server_default=""),
    Column("opened_on", Date, nullable=False),
    Column("is_extra", Boolean, nullable=False, server_default=text("false")),
    Column("status", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("is_returned", Boolean, nullable=False, server_default=text("false")),
    Column("outcome", Text, nullable=True),
    Column("rev", Integer, nullable=False),
    Column("state", JSON, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("requests", LargeBinary, nullable=False, server_default=text("''::bytea")),
    Column("draft", JSON, nullable=False, server_default=text("'{}'::json")),
    Column("head_seq", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("due_at", INSTANT, nullable=True),
    Column("officers", ARRAY(Uuid), nullable=False, server_default=text("'{}'::uuid[]")),
    Column("overseers", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("appeal_of", Uuid, nullable=True),
    Column("appealed_by", Uuid, nullable=True),
    Column("part_of", Uuid, nullable=True),
    Column("part_step", Text, nullable=True),
    Column("about", Uuid, nullable=True),
    Column("is_sole", Boolean, nullable=False, server_default=text("false")),
    Column("begun_at", INSTANT, nullable=False),
    Column("submitted_at", INSTANT, nullable=True),
    Column("changed_at", INSTANT, nullable=False),
    Index("workflows_cases_applicant", "applicant", "begun_at"),
    Index("workflows_cases_part", "part_of", "part_step", unique=True, postgresql_where=text("part_of IS NOT NULL")),
    Index(
        "workflows_cases_one_draft",
        "applicant",
        "item",
        unique=True,
        postgresql_where=text("status = 'draft' AND NOT is_extra"),
    ),
    Index(
        "workflows_cases_one_about",
        "about",
        unique=True,
        postgresql_where=text("is_sole AND status NOT IN ('closed', 'discarded')"),
    ),
)
"""One row per case; ``officers`` have acted in it, ``overseers`` are posts that may act on it at any time.

``requests`` are digests of its latest requests, by which repeated ones are known (``workflows.storage.requests``).

``part_of`` is the bundle that opened it, at the step and visit of ``part_step``.
"""

case_data = Table(
    "workflows_case_data",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("field_group", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""Field values with their provenance, one ciphertext per field group."""

tasks = Table(
    "workflows_tasks",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("step", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("org", Text, nullable=True),
    Column("unit", Text, nullable=True),
    Column("rank", Text, nullable=True),
    Column("officer", Uuid, nullable=True),
    Column("opened_at", INSTANT, nullable=False),
    Column("due_at", INSTANT, nullable=True),
    Column("yellow_at", INSTANT, nullable=True),
    Column("red_at", INSTANT, nullable=True),
    Column("is_provisional", Boolean, nullable=False),
    Column("next_at", INSTANT, nullable=True),
    Index(
        "workflows_tasks_team",
        "org",
        "unit",
        "role",
        text("coalesce(due_at, 'infinity'::timestamptz)"),
        "opened_at",
        "case_id",
        "key",
    ),
    Index("workflows_tasks_officer", "officer", postgresql_where=text("officer IS NOT NULL")),
    Index("workflows_tasks_supplement", "opened_at", postgresql_where=text("kind = 'supplement'")),
    Index("workflows_tasks_next", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)
"""Open work only; ``unit`` is the region of the office that has it, ``next_at`` when a timer of it fires next."""

timers = Table(
    "workflows_timers",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("due_at", INSTANT, nullable=False),
    Index("workflows_timers_due", "due_at"),
)
"""What falls due and is no task."""

parties = Table(
    "workflows_parties",
    metadata,
    Column("case_id", Uuid, ForeignKey("workflows_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("party", Text, primary_key=True),
    Column("person", Uuid, nullable=False),
    Index("workflows_parties_person_idx", "person"),
)
"""Who takes part in a case beside its applicant (当事人), from the moment that they are first asked."""

public_notices = Table(
    "workflows_public_notices",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("started_at", INSTANT, nullable=False),
    Column("ends_at", INSTANT, nullable=True),
)
"""Waiting steps that anyone may object to."""

documents = Table(
    "workflows_documents",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("file_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("at", INSTANT, nullable=False),
    UniqueConstraint("case_id", "step", "visit", "name"),
)
"""Notices that a case issued."""

licences = Table(
    "workflows_licences",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("visit", Integer, primary_key=True),
    Column("licence", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verify_code", Text, nullable=False),
    Column("revoked_at", INSTANT, nullable=True),
)
"""Licences that a case issued."""

counts = Table(
    "workflows_counts",
    metadata,
    Column("item", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    postgresql_with={"fillfactor": 50},
)
"""How often something happened in cases of an item, counted by who follows the ledger."""
