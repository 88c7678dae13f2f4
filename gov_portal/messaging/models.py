"""Declare the tables of messages; only the services of messaging may use them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gov_portal.kernel.db import INSTANT, metadata

messages = Table(
    "messaging_messages",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("recipient_id", Uuid),
    Column("case_id", Uuid),
    Column("code", Text, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("idempotency_key", Text(collation="C"), unique=True),
    Column("told_at", INSTANT, nullable=False),
    Column("read_at", INSTANT),
    Index("messaging_messages_recipient_id_idx", "recipient_id", "number"),
    Index("messaging_messages_unread_idx", "recipient_id", postgresql_where=text("read_at IS NULL")),
)
"""Messages in the order they were written; ``sealed`` holds where they go and parameters under the addressee's key."""

deliveries = Table(
    "messaging_deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", Uuid, ForeignKey("messaging_messages.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("reason", Text),
    Column("created_at", INSTANT, nullable=False, server_default=func.now()),
    Column("ended_at", INSTANT),
    UniqueConstraint("message_id", "channel", name="messaging_deliveries_message_id_channel_key"),
    CheckConstraint("status IN ('waiting', 'sent', 'parked')", name="status"),
    Index("messaging_deliveries_open_idx", "status", "created_at", postgresql_where=text("status <> 'sent'")),
)
"""How a message goes out, one row for each channel; ``reason`` is a code. All instants are real time."""

preferences = Table(
    "messaging_preferences",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("language", Text, nullable=False),
    Column("sms", ARRAY(Text), nullable=False),
    Column("email", ARRAY(Text), nullable=False),
    Column("quiet_from", SmallInteger),
    Column("quiet_until", SmallInteger),
    Column("changed_at", INSTANT, nullable=False),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
)
"""What a person wants to be told where; ``sms`` and ``email`` hold kinds of news, quiet hours are those of Shanghai."""

webhooks = Table(
    "messaging_webhooks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("org", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("label", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("previous", LargeBinary),
    Column("previous_until", INSTANT),
    Column("disabled_at", INSTANT),
    Column("disabled_because", Text),
    Column("failing_since", INSTANT),
    Column("created_by", Uuid, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=func.now()),
    Index("messaging_webhooks_unit_idx", "org", "region"),
)
"""What units want to be told of, and where; the secrets are sealed with the platform's key."""

webhook_deliveries = Table(
    "messaging_webhook_deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("webhook_id", Uuid, ForeignKey("messaging_webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("happened_at", INSTANT, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("answer", SmallInteger),
    Column("reason", Text),
    Column("created_at", INSTANT, nullable=False, server_default=func.now()),
    Column("ended_at", INSTANT),
    CheckConstraint("status IN ('waiting', 'delivered', 'dead')", name="status"),
    Index("messaging_webhook_deliveries_webhook_id_idx", "webhook_id", "number"),
    Index("messaging_webhook_deliveries_created_at_idx", "created_at"),
    Index("messaging_webhook_deliveries_dead_idx", "webhook_id", postgresql_where=text("status = 'dead'")),
)
"""One row for each event and webhook; its id follows from both, so that an event is never told under two ids."""
