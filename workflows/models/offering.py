"""Define the tables of what is offered to people (免申即享); private like the other tables of the workflows."""

from sqlalchemy import Column, Date, Index, Table, Text, UniqueConstraint, Uuid, text

from gov_portal.kernel.db import INSTANT, metadata

offers = Table(
    "workflows_offers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("item", Text, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("about", Uuid, nullable=True),
    Column("case_id", Uuid, nullable=True),
    Column("made_at", INSTANT, nullable=False),
    Column("settled_at", INSTANT, nullable=True),
    UniqueConstraint("item", "person", "occasion"),
    Index("workflows_offers_person", "person", postgresql_where=text("state = 'open'")),
)
"""What was offered to whom (免申即享); ``occasion`` makes each offer once: a year, an event, a licence's end."""

surveys = Table(
    "workflows_surveys",
    metadata,
    Column("item", Text, primary_key=True),
    Column("person", Uuid, primary_key=True),
    Column("asked_on", Date, nullable=False),
)
"""When departments were last asked whether an item is for a person."""
