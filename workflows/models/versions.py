"""Define the tables of versions of items, their releases, and the moves of cases between them."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from gov_portal.kernel.db import INSTANT, metadata

definitions = Table(
    "workflows_definitions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("drafted_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("drafted_by", Text, nullable=False, server_default="platform:seed"),
)
"""Versions of service items by the hash of their content, never changed; a case pins one by hash."""

compiled = Table(
    "workflows_compiled",
    metadata,
    Column("hash", Text, ForeignKey("workflows_definitions.hash"), primary_key=True),
    Column("language", Text, nullable=False),
    Column("heading", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Compiled forms, sealed, of the state of the language that wrote last; may be emptied at any time."""

heading_sheets = Table(
    "workflows_heading_sheets",
    metadata,
    Column("language", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""The heads of all items that hold, together, one row for each state of the language; may be emptied at any time."""

releases = Table(
    "workflows_releases",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("item", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("hash", Text, ForeignKey("workflows_definitions.hash"), nullable=False),
    Column("effective_at", INSTANT, nullable=False),
    Column("released_at", INSTANT, nullable=False),
    Column("released_by", Text, nullable=False),
    Column("withdrawn_at", INSTANT, nullable=True),
    Column("withdrawn_by", Text, nullable=True),
    Index("workflows_releases_item_idx", "item", "region", "effective_at"),
)
"""Which version holds from when on, in a region or (empty) everywhere; the latest that is not withdrawn does."""

migrations = Table(
    "workflows_migrations",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("item", Text, nullable=False),
    Column("to_hash", Text, ForeignKey("workflows_definitions.hash"), nullable=False),
    Column("started_at", INSTANT, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("finished_at", INSTANT, nullable=True),
    Column("undone_at", INSTANT, nullable=True),
    Column("undone_by", Text, nullable=True),
)
"""Moves of the live cases of an item to another version (迁移); one without an end is gone on with."""

migration_cases = Table(
    "workflows_migration_cases",
    metadata,
    Column("migration_id", BigInteger, ForeignKey("workflows_migrations.id"), primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("from_hash", Text, nullable=False),
    Column("obstacles", ARRAY(Text), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("state", JSON, nullable=True),
    Column("field_groups", ARRAY(Text), nullable=True),
    Column("sealed", ARRAY(LargeBinary), nullable=True),
)
"""What became of each case: ``moved``, ``stays``, ``undone`` or ``left`` (it had gone on before the undo); with the
state and sealed groups of before, so that an undo gives back exactly what was. ``rev`` is the case's after the move."""
