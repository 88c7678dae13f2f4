"""Define the tables of messages that departments' systems send and cases wait for; part of ``workflows.models``."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, text

from gov_portal.kernel.db import INSTANT, metadata

awaited = Table(
    "workflows_awaited",
    metadata,
    Column("case_id", Uuid, ForeignKey("workflows_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("visit", Integer, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("org", Text, nullable=False),
    Column("message", Text, nullable=False),
    Index("workflows_awaited_key_idx", "org", "message", "key"),
)
"""Which visit of which step waits, or waited, for a message of a department's system, by the blind index of its key."""

messages = Table(
    "workflows_messages",
    metadata,
    Column("org", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("message", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    Column("case_id", Uuid, nullable=True),
    Column("taken_at", INSTANT, nullable=True),
    Index("workflows_messages_early_idx", "org", "message", "key", postgresql_where=text("taken_at IS NULL")),
)
"""Messages of departments' systems under the sender's own numbers; one that came early waits for its step here."""
