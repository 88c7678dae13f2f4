"""Define the tables of the workflows; private to this package's services and storage.

A case is one row with its whole state; tasks and timers are projections of it, so that queues and the tick find them.
Personal data live only in ``sealed`` columns.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gov_portal.kernel.db import metadata
from workflows.message_tables import awaited as awaited
from workflows.message_tables import messages as messages
from workflows.offer_models import offers as offers
from workflows.offer_models import surveys as surveys

INSTANT = DateTime(timezone=True)

definitions = Table(
    "workflows_definitions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("drafted_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("drafted_by", Text, nullable=False, server_default="platform:seed"),
)
"""Versions of service items by the hash of their content, never changed; a case pins one by hash."""

releases = Table(
    "workflows_releases",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("item", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("hash", Text, ForeignKey("workflows_definitions.hash"), nullable=False),
    Column("effective_at", INSTANT, nullable=False),
    Column("released_at", INSTANT, nullable=False),
    Column("released_by", Text, nullable=False),
    Column("withdrawn_at", INSTANT, nullable=True),
    Column("withdrawn_by", Text, nullable=True),
    Index("workflows_releases_item_idx", "item", "region", "effective_at"),
)
"""Which version holds from when on, in a region or (empty) everywhere; the latest that is not withdrawn does."""

migrations = Table(
    "workflows_migrations",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("item", Text, nullable=False),
    Column("to_hash", Text, ForeignKey("workflows_definitions.hash"), nullable=False),
    Column("started_at", INSTANT, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("finished_at", INSTANT, nullable=True),
    Column("undone_at", INSTANT, nullable=True),
    Column("undone_by", Text, nullable=True),
)
"""Moves of the live cases of an item to another version (迁移); one without an end is gone on with."""

migration_cases = Table(
    "workflows_migration_cases",
    metadata,
    Column("migration_id", BigInteger, ForeignKey("workflows_migrations.id"), primary_key=True),
    Column("case_id", Uuid, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("from_hash", Text, nullable=False),
    Column("obstacles", ARRAY(Text), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("state", JSONB, nullable=True),
    Column("field_groups", ARRAY(Text), nullable=True),
    Column("sealed", ARRAY(LargeBinary), nullable=True),
)
"""What became of each case: ``moved``, ``stays``, ``undone`` or ``left`` (it had gone on before the undo); with the
state and sealed groups of before, so that an undo gives back exactly what was. ``rev`` is the case's after the move."""

cases = Table(
    "workflows_cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("serial", BigInteger, Identity(always=True), nullable=False),
    Column("case_number", Text, nullable=True, unique=True),
    Column("item", Text, nullable=False),
    Column("definition_hash", Text, nullable=False),
    Column("applicant", Uuid, nullable=False),
    Column("begun_by", Uuid, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("region", Text, nullable=False, server_default=""),
    Column("opened_on", Date, nullable=False),
    Column("is_extra", Boolean, nullable=False, server_default=text("false")),
    Column("status", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("is_returned", Boolean, nullable=False, server_default=text("false")),
    Column("outcome", Text, nullable=True),
    Column("rev", Integer, nullable=False),
    Column("state", JSONB, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("draft", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("head_seq", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("due_at", INSTANT, nullable=True),
    Column("officers", ARRAY(Uuid), nullable=False, server_default=text("'{}'::uuid[]")),
    Column("overseers", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("appeal_of", Uuid, nullable=True),
    Column("appealed_by", Uuid, nullable=True),
    Column("part_of", Uuid, nullable=True),
    Column("part_step", Text, nullable=True),
    Column("about", Uuid, nullable=True),
    Column("is_sole", Boolean, nullable=False, server_default=text("false")),
    Column("begun_at", INSTANT, nullable=False),
    Column("submitted_at", INSTANT, nullable=True),
    Column("changed_at", INSTANT, nullable=False),
    Index("workflows_cases_applicant", "applicant", "begun_at"),
    Index("workflows_cases_part", "part_of", "part_step", unique=True, postgresql_where=text("part_of IS NOT NULL")),
    Index("workflows_cases_number", "case_number", postgresql_ops={"case_number": "text_pattern_ops"}),
    Index(
        "workflows_cases_one_draft",
        "applicant",
        "item",
        unique=True,
        postgresql_where=text("status = 'draft' AND NOT is_extra"),
    ),
    Index(
        "workflows_cases_one_about",
        "about",
        unique=True,
        postgresql_where=text("is_sole AND status NOT IN ('closed', 'discarded')"),
    ),
)
"""One row per case; ``officers`` have acted in it, ``overseers`` are posts that may act on it at any time.

``part_of`` is the bundle that opened it, at the step and visit of ``part_step``.
"""

case_data = Table(
    "workflows_case_data",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("field_group", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""Field values with their provenance, one ciphertext per field group."""

tasks = Table(
    "workflows_tasks",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("step", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("org", Text, nullable=True),
    Column("unit", Text, nullable=True),
    Column("rank", Text, nullable=True),
    Column("officer", Uuid, nullable=True),
    Column("opened_at", INSTANT, nullable=False),
    Column("due_at", INSTANT, nullable=True),
    Column("yellow_at", INSTANT, nullable=True),
    Column("red_at", INSTANT, nullable=True),
    Column("is_provisional", Boolean, nullable=False),
    Column("next_at", INSTANT, nullable=True),
    Index(
        "workflows_tasks_team",
        "org",
        "unit",
        "role",
        text("coalesce(due_at, 'infinity'::timestamptz)"),
        "opened_at",
        "case_id",
        "key",
    ),
    Index("workflows_tasks_officer", "officer", postgresql_where=text("officer IS NOT NULL")),
    Index("workflows_tasks_supplement", "opened_at", postgresql_where=text("kind = 'supplement'")),
    Index("workflows_tasks_next", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)
"""Open work only; ``unit`` is the region of the office that has it, ``next_at`` when a timer of it fires next."""

timers = Table(
    "workflows_timers",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("due_at", INSTANT, nullable=False),
    Index("workflows_timers_due", "due_at"),
)
"""What falls due and is no task."""

idempotency = Table(
    "workflows_idempotency",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False, server_default=text("now()")),
)
"""Requests that were carried out; ``digest`` tells a repeated request from another one under the same key."""

parties = Table(
    "workflows_parties",
    metadata,
    Column("case_id", Uuid, ForeignKey("workflows_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("party", Text, primary_key=True),
    Column("person", Uuid, nullable=False),
    Index("workflows_parties_person_idx", "person"),
)
"""Who takes part in a case beside its applicant (当事人), from the moment that they are first asked."""

public_notices = Table(
    "workflows_public_notices",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("started_at", INSTANT, nullable=False),
    Column("ends_at", INSTANT, nullable=True),
)
"""Waiting steps that anyone may object to."""

documents = Table(
    "workflows_documents",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("file_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("at", INSTANT, nullable=False),
    UniqueConstraint("case_id", "step", "visit", "name"),
)
"""Notices that a case issued."""

licences = Table(
    "workflows_licences",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("visit", Integer, primary_key=True),
    Column("licence", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verify_code", Text, nullable=False),
    Column("revoked_at", INSTANT, nullable=True),
)
"""Licences that a case issued."""

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
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("workflows_threads.case_id"), nullable=False),
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

counts = Table(
    "workflows_counts",
    metadata,
    Column("item", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    postgresql_with={"fillfactor": 50},
)
"""How often something happened in cases of an item, counted by who follows the ledger."""

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
