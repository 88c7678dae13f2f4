"""Define the tables of what is entered and told at a counter."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, Uuid, text

from gov_portal.kernel.db import INSTANT, metadata

counter_entries = Table(
    "workflows_counter_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("visit_id", Uuid, nullable=False, index=True),
    Column("officer_id", Uuid, nullable=False),
    Column("org", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("begun_at", INSTANT, nullable=False),
    Column("case_id", Uuid, nullable=True, index=True),
)
"""Entries at a counter (窗口代录): who typed, at which visit, and how consent to ask departments was given there. The
row stands before any department is asked; its case follows."""

counter_tellings = Table(
    "workflows_counter_tellings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("case_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("told_at", INSTANT, nullable=True),
    Column("told_by", Uuid, nullable=True),
    Column("way", Text, nullable=True),
    Index("workflows_counter_tellings_open", "at", postgresql_where=text("told_at IS NULL")),
)
"""What people without a phone must still be told (需电话或窗口告知) of cases entered at a counter, and who did."""
