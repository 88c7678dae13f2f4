"""Create the tables of people at a counter, of what is entered for them there, and of what they must be told."""

from alembic import op

revision = "0012_counter"
down_revision = "0011_interfaces"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE identity_visits (
        id uuid PRIMARY KEY,
        officer_id uuid NOT NULL REFERENCES identity_officers (id),
        org text NOT NULL,
        region text NOT NULL,
        person_id uuid NOT NULL REFERENCES identity_people (id),
        ward_id uuid REFERENCES identity_people (id),
        purpose text NOT NULL CHECK (purpose IN ('entry', 'enquiry', 'supplement', 'collection')),
        opened_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz)
    """,
    "CREATE INDEX identity_visits_officer_idx ON identity_visits (officer_id, expires_at) WHERE ended_at IS NULL",
    "CREATE INDEX identity_visits_person_idx ON identity_visits (person_id)",
    """
    CREATE TABLE workflows_counter_entries (
        id uuid PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY,
        visit_id uuid NOT NULL,
        officer_id uuid NOT NULL,
        org text NOT NULL,
        region text NOT NULL,
        item text NOT NULL,
        consent text NOT NULL CHECK (consent IN ('oral', 'signed')),
        begun_at timestamptz NOT NULL,
        case_id uuid)
    """,
    "CREATE INDEX workflows_counter_entries_visit_idx ON workflows_counter_entries (visit_id)",
    "CREATE INDEX workflows_counter_entries_case_idx ON workflows_counter_entries (case_id)",
    """
    CREATE TABLE workflows_counter_tellings (
        id uuid PRIMARY KEY,
        key text NOT NULL UNIQUE,
        case_id uuid NOT NULL,
        code text NOT NULL,
        at timestamptz NOT NULL,
        told_at timestamptz,
        told_by uuid,
        way text CHECK (way IN ('counter', 'phone')))
    """,
    "CREATE INDEX workflows_counter_tellings_open ON workflows_counter_tellings (at) WHERE told_at IS NULL",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TABLE workflows_counter_tellings")
    op.execute("DROP TABLE workflows_counter_entries")
    op.execute("DROP TABLE identity_visits")
