"""Define the tables of the exchange: systems, resources and grants; the record of calls is in the kernel's ledger."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gov_portal.kernel.db import metadata

systems = Table(
    "exchange_systems",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
)

resources = Table(
    "exchange_resources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("system_id", Text, ForeignKey("exchange_systems.id"), nullable=False),
    Column("description", JSONB, nullable=False),
)
"""``description`` is the resource as the directory file spells it."""

grants = Table(
    "exchange_grants",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("resource_id", Text, ForeignKey("exchange_resources.id"), primary_key=True),
    Column("fields", ARRAY(Text), nullable=False),
    Column("purposes", ARRAY(Text), nullable=False),
    Column("until", Date),
    Column("is_active", Boolean, nullable=False),
)
"""``item_id`` is ``account`` for the proofing of accounts."""
