"""Define the tables of officers' work: bulk and held acts, notes, figures, and how an officer likes the desk."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
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

leases = Table(
    "workflows_leases",
    metadata,
    Column("case_id", Uuid, ForeignKey("workflows_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("task", Text, primary_key=True),
    Column("officer", Uuid, nullable=False),
    Column("leased_until", INSTANT, nullable=False),
    Column("not_before", INSTANT, nullable=False),
    Column("failures", SmallInteger, nullable=False),
    Column("reason", LargeBinary, nullable=True),
    Column("failed_at", INSTANT, nullable=True),
    Column("raised_at", INSTANT, nullable=True),
)
"""Tasks that departments' systems work on, and what became of earlier tries; ``reason`` is sealed with the case's key.
Once ``raised_at`` is set only people are offered the task. All instants are real time."""

jobs = Table(
    "workflows_jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer", Uuid, nullable=False),
    Column("org", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("definition_hash", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("finished_at", INSTANT, nullable=True),
    Index("workflows_jobs_officer_idx", "officer", "created_at"),
)
"""Bulk acts (批量办理): one act on many cases, by one officer of a unit; ``left_out`` could not be done then."""

job_results = Table(
    "workflows_job_results",
    metadata,
    Column("job_id", Uuid, ForeignKey("workflows_jobs.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("outcome", Text, nullable=True),
    Column("code", Text, nullable=True),
    Column("at", INSTANT, nullable=True),
)
"""One row per case of a job; ``outcome`` is empty while it waits, then ``done``, ``refused`` or ``stopped``."""

finished_tasks = Table(
    "workflows_finished_tasks",
    metadata,
    Column("case_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("org", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("officer", Uuid, nullable=True),
    Column("opened_at", INSTANT, nullable=False),
    Column("due_at", INSTANT, nullable=True),
    Column("closed_at", INSTANT, nullable=False),
    Index("workflows_finished_tasks_unit_idx", "org", "unit", "closed_at"),
)
"""Tasks of officers that are over, for the day's figures; ``officer`` is who closed it, empty where nobody did."""

saved_filters = Table(
    "workflows_saved_filters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("saved_at", INSTANT, nullable=False),
    UniqueConstraint("officer", "name", name="workflows_saved_filters_officer_key"),
)
"""Filters of the queue that officers named; ``query`` is the query string of the page."""

desk_columns = Table(
    "workflows_desk_columns",
    metadata,
    Column("officer", Uuid, primary_key=True),
    Column("columns", ARRAY(Text), nullable=False),
)
"""Columns of the queue that an officer wants to see."""

checks = Table(
    "workflows_checks",
    metadata,
    Column("case_id", Uuid, ForeignKey("workflows_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("task", Text, primary_key=True),
    Column("officer", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False),
)
"""An officer's working notes on what is in order, one row for each visit of a step; sealed with the case's key."""

snippets = Table(
    "workflows_snippets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer", Uuid, nullable=False),
    Column("org", Text, nullable=True),
    Column("unit", Text, nullable=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False),
    Index("workflows_snippets_officer_idx", "officer"),
    Index("workflows_snippets_unit_idx", "org", "unit", postgresql_where=text("org IS NOT NULL")),
)
"""Phrases for replies (常用语): an officer's own, or a unit's where ``org`` is set; sealed with the platform's key."""

held_acts = Table(
    "workflows_held_acts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("workflows_cases.id", ondelete="CASCADE"), nullable=False),
    Column("task", Text, nullable=False),
    Column("officer", Uuid, nullable=False),
    Column("org", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("claimed_at", INSTANT, nullable=True),
    Column("refused_as", Text, nullable=True),
    Index("workflows_held_acts_task_idx", "case_id", "task", unique=True, postgresql_where=text("refused_as IS NULL")),
    Index("workflows_held_acts_officer_idx", "officer"),
)
"""Acts that may still be undone for a few seconds of real time, sealed with the case's key; a row ends with its act.
``claimed_at`` is when a worker began it, ``refused_as`` why it came to nothing, until the officer has read that."""
