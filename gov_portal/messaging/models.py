"""Declare the table of messages; only the services of messaging may use it."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, LargeBinary, Table, Text, Uuid

from gov_portal.kernel.db import metadata

messages = Table(
    "messaging_messages",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("recipient_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("idempotency_key", Text, unique=True),
    Column("told_at", DateTime(timezone=True), nullable=False),
)
"""Messages in the order they were written; ``sealed`` holds phone and parameters under the addressee's key."""
