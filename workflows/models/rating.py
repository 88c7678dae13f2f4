"""Define the tables of ratings (好差评) and of what offices did about bad ones."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gov_portal.kernel.db import INSTANT, metadata

ratings = Table(
    "workflows_ratings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("item", Text, nullable=False),
    Column("org", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("at", INSTANT, nullable=False),
    UniqueConstraint("case_id", "round"),
)
"""Ratings (好差评) of closed cases; nobody's name or id stands here, ``org`` and ``region`` are the unit's."""

rating_followups = Table(
    "workflows_rating_followups",
    metadata,
    Column("rating_id", Uuid, ForeignKey("workflows_ratings.id"), primary_key=True),
    Column("opened_at", INSTANT, nullable=False),
    Column("contact_due_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("contacted_at", INSTANT, nullable=True),
    Column("answered_at", INSTANT, nullable=True),
    Column("answered_by", Uuid, nullable=True),
    Column("sealed", LargeBinary, nullable=True),
    Index("workflows_rating_followups_open", "due_on", postgresql_where=text("answered_at IS NULL")),
)
"""Follow-ups (回访整改) of bad ratings; ``sealed`` holds the answer."""
