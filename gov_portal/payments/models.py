"""Define the tables of payments; they name no person."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from gov_portal.kernel.db import INSTANT, metadata

orders = Table(
    "payments_orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text(collation="C"), nullable=False, unique=True),
    Column("case_id", Uuid, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("pay_url", Text, nullable=False, server_default=""),
    Column("placed_at", INSTANT, nullable=False),
    Column("asked_at", INSTANT, nullable=True),
    Column("paid_on", Date, nullable=True),
    Column("failed_at", INSTANT, nullable=True),
    Column("refunded_fen", BigInteger, nullable=False, server_default=text("0")),
    Column("refunded_on", Date, nullable=True),
    Index("payments_orders_case_id_idx", "case_id"),
    Index("payments_orders_open_idx", "asked_at", postgresql_where=text("state = 'placed'")),
    Index("payments_orders_paid_on_idx", "paid_on"),
    Index("payments_orders_refunded_on_idx", "refunded_on"),
)
"""Orders by the idempotency key of case, step and visit; days are those of the payment department."""

days = Table(
    "payments_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("compared_at", INSTANT, nullable=False),
)
"""Days whose books were compared (对账)."""

differences = Table(
    "payments_differences",
    metadata,
    Column("day", Date, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("ours_fen", BigInteger, nullable=True),
    Column("theirs_fen", BigInteger, nullable=True),
    Column("found_at", INSTANT, nullable=False),
    Column("cleared_at", INSTANT, nullable=True),
)
"""Where the books disagreed (对账差异); cleared when a later comparison finds them equal."""
