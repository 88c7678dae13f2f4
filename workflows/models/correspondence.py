"""Define the tables of the letters (往来消息) of a case."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gov_portal.kernel.db import INSTANT, metadata

threads = Table(
    "workflows_threads",
    metadata,
    Column("case_id", Uuid, ForeignKey("workflows_cases.id"), primary_key=True),
    Column("last", Integer, nullable=False),
    Column("from_office", Integer, nullable=False),
    Column("read_by_applicant", Integer, nullable=False),
    Column("read_by_units", JSONB, nullable=False),
    Column("units", ARRAY(Text), nullable=False),
    Index("workflows_threads_unread_idx", "units", postgresql_using="gin"),
)
"""The letters (往来消息) of a case: numbers of the last one, of the office's last one, and of those that were read.

``read_by_units`` holds for each post, spelt ``dept.x|470101``, how far it has read; ``units`` are the posts with
letters that they have not read.
"""

letters = Table(
    "workflows_letters",
    metadata,
    Column("case_id", Uuid, ForeignKey("workflows_threads.case_id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("side", Text, nullable=False),
    Column("author", Uuid, nullable=False),
    Column("units", ARRAY(Text), nullable=False),
    Column("organ", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False),
    UniqueConstraint("case_id", "number"),
)
"""Letters, never changed; the text is sealed with the key of the case, ``units`` may read it, ``organ`` wrote it."""
