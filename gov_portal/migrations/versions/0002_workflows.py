"""Create the tables of workflows: definitions, cases, their sealed data, and what queues and timers find them by."""

from alembic import op

revision = "0002_workflows"
down_revision = "0001_kernel"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE workflows_definitions (
        hash text PRIMARY KEY,
        item text NOT NULL,
        version integer NOT NULL,
        source text NOT NULL,
        file text NOT NULL,
        is_current boolean NOT NULL,
        published_at timestamptz NOT NULL DEFAULT now())
    """,
    "CREATE UNIQUE INDEX workflows_definitions_current ON workflows_definitions (item) WHERE is_current",
    """
    CREATE TABLE workflows_cases (
        id uuid PRIMARY KEY,
        serial bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        case_number text UNIQUE,
        item text NOT NULL,
        definition_hash text NOT NULL,
        applicant uuid NOT NULL,
        begun_by uuid NOT NULL,
        key_id uuid NOT NULL,
        region text NOT NULL DEFAULT '',
        opened_on date NOT NULL,
        is_extra boolean NOT NULL DEFAULT false,
        status text NOT NULL,
        phase text NOT NULL,
        is_returned boolean NOT NULL DEFAULT false,
        outcome text,
        rev integer NOT NULL,
        state jsonb NOT NULL,
        sealed bytea,
        draft jsonb NOT NULL DEFAULT '{}',
        head_seq bigint NOT NULL,
        head_hash bytea NOT NULL,
        due_at timestamptz,
        officers uuid[] NOT NULL DEFAULT '{}',
        overseers text[] NOT NULL DEFAULT '{}',
        appeal_of uuid,
        appealed_by uuid,
        begun_at timestamptz NOT NULL,
        submitted_at timestamptz,
        changed_at timestamptz NOT NULL)
    WITH (fillfactor = 80, toast_tuple_target = 4080)
    """,
    "CREATE INDEX workflows_cases_applicant ON workflows_cases (applicant, begun_at)",
    """
    CREATE UNIQUE INDEX workflows_cases_one_draft ON workflows_cases (applicant, item)
        WHERE status = 'draft' AND NOT is_extra
    """,
    """
    CREATE TABLE workflows_case_data (
        case_id uuid,
        field_group text,
        sealed bytea NOT NULL,
        PRIMARY KEY (case_id, field_group))
    """,
    """
    CREATE TABLE workflows_tasks (
        case_id uuid,
        key text,
        step text NOT NULL,
        kind text NOT NULL,
        role text NOT NULL,
        org text,
        unit text,
        rank text,
        officer uuid,
        opened_at timestamptz NOT NULL,
        due_at timestamptz,
        yellow_at timestamptz,
        red_at timestamptz,
        is_provisional boolean NOT NULL,
        next_at timestamptz,
        PRIMARY KEY (case_id, key))
    """,
    "CREATE INDEX workflows_tasks_team ON workflows_tasks (org, unit, role, due_at)",
    "CREATE INDEX workflows_tasks_next ON workflows_tasks (next_at) WHERE next_at IS NOT NULL",
    """
    CREATE TABLE workflows_timers (
        case_id uuid,
        key text,
        due_at timestamptz NOT NULL,
        PRIMARY KEY (case_id, key))
    """,
    "CREATE INDEX workflows_timers_due ON workflows_timers (due_at)",
    """
    CREATE TABLE workflows_idempotency (
        case_id uuid,
        actor text,
        key text,
        digest bytea NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (case_id, actor, key))
    """,
    """
    CREATE TABLE workflows_public_notices (
        case_id uuid,
        step text,
        started_at timestamptz NOT NULL,
        ends_at timestamptz,
        PRIMARY KEY (case_id, step))
    """,
    """
    CREATE TABLE workflows_documents (
        case_id uuid,
        file_id uuid,
        name text NOT NULL,
        step text NOT NULL,
        visit integer NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (case_id, file_id),
        UNIQUE (case_id, step, visit, name))
    """,
    """
    CREATE TABLE workflows_licences (
        case_id uuid,
        step text,
        visit integer,
        licence uuid NOT NULL,
        kind text NOT NULL,
        verify_code text NOT NULL,
        revoked_at timestamptz,
        PRIMARY KEY (case_id, step, visit))
    """,
)

TABLES = (
    "workflows_licences",
    "workflows_documents",
    "workflows_public_notices",
    "workflows_idempotency",
    "workflows_timers",
    "workflows_tasks",
    "workflows_case_data",
    "workflows_cases",
    "workflows_definitions",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
