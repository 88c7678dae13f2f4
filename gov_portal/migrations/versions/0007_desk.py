"""Create what the officers' desk keeps: bulk acts, finished tasks, filters, columns, absences, checks, held acts."""

from alembic import op

revision = "0007_desk"
down_revision = "0006_seals"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE workflows_jobs (
      id uuid NOT NULL,
      officer uuid NOT NULL,
      org text NOT NULL,
      unit text NOT NULL,
      item text NOT NULL,
      step text NOT NULL,
      act text NOT NULL,
      definition_hash text NOT NULL,
      status text NOT NULL,
      total integer NOT NULL,
      left_out integer NOT NULL,
      created_at timestamptz NOT NULL,
      finished_at timestamptz,
      CONSTRAINT workflows_jobs_pkey PRIMARY KEY (id))""",
    "CREATE INDEX workflows_jobs_officer_idx ON workflows_jobs (officer, created_at)",
    """
    CREATE TABLE workflows_job_results (
      job_id uuid NOT NULL,
      place integer NOT NULL,
      case_id uuid NOT NULL,
      case_number text NOT NULL,
      task text NOT NULL,
      outcome text,
      code text,
      at timestamptz,
      CONSTRAINT workflows_job_results_pkey PRIMARY KEY (job_id, place),
      CONSTRAINT workflows_job_results_job_id_fkey FOREIGN KEY (job_id) REFERENCES workflows_jobs (id))""",
    """
    CREATE TABLE workflows_finished_tasks (
      case_id uuid NOT NULL,
      key text NOT NULL,
      org text NOT NULL,
      unit text NOT NULL,
      role text NOT NULL,
      officer uuid,
      opened_at timestamptz NOT NULL,
      due_at timestamptz,
      closed_at timestamptz NOT NULL)""",
    "CREATE INDEX workflows_finished_tasks_unit_idx ON workflows_finished_tasks (org, unit, closed_at)",
    """
    CREATE TABLE workflows_saved_filters (
      id uuid NOT NULL,
      officer uuid NOT NULL,
      name text NOT NULL,
      query text NOT NULL,
      is_default boolean NOT NULL,
      saved_at timestamptz NOT NULL,
      CONSTRAINT workflows_saved_filters_pkey PRIMARY KEY (id),
      CONSTRAINT workflows_saved_filters_officer_key UNIQUE (officer, name))""",
    """
    CREATE TABLE workflows_desk_columns (
      officer uuid NOT NULL,
      columns text[] NOT NULL,
      CONSTRAINT workflows_desk_columns_pkey PRIMARY KEY (officer))""",
    """
    CREATE TABLE identity_absences (
      id uuid NOT NULL,
      officer_id uuid NOT NULL,
      deputy_id uuid NOT NULL,
      org text NOT NULL,
      region text NOT NULL,
      first_on date NOT NULL,
      last_on date NOT NULL,
      entered_by uuid NOT NULL,
      entered_at timestamptz NOT NULL,
      ended_at timestamptz,
      CONSTRAINT identity_absences_pkey PRIMARY KEY (id),
      CONSTRAINT identity_absences_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES identity_officers (id),
      CONSTRAINT identity_absences_deputy_id_fkey FOREIGN KEY (deputy_id) REFERENCES identity_officers (id),
      CONSTRAINT identity_absences_entered_by_fkey FOREIGN KEY (entered_by) REFERENCES identity_officers (id))""",
    "CREATE INDEX identity_absences_deputy_id_idx ON identity_absences (deputy_id) WHERE ended_at IS NULL",
    "CREATE INDEX identity_absences_unit_idx ON identity_absences (org, region)",
    # A queue is read in the order in which it is shown, from where the last page ended.
    "DROP INDEX workflows_tasks_team",
    """
    CREATE INDEX workflows_tasks_team ON workflows_tasks
      (org, unit, role, (coalesce(due_at, 'infinity'::timestamptz)), opened_at, case_id, key)""",
    "CREATE INDEX workflows_tasks_officer ON workflows_tasks (officer) WHERE officer IS NOT NULL",
    "CREATE INDEX workflows_tasks_supplement ON workflows_tasks (opened_at) WHERE kind = 'supplement'",
    "CREATE INDEX workflows_cases_number ON workflows_cases (case_number text_pattern_ops)",
    """
    CREATE TABLE workflows_checks (
      case_id uuid NOT NULL,
      task text NOT NULL,
      officer uuid NOT NULL,
      sealed bytea NOT NULL,
      at timestamptz NOT NULL,
      CONSTRAINT workflows_checks_pkey PRIMARY KEY (case_id, task),
      CONSTRAINT workflows_checks_case_id_fkey
        FOREIGN KEY (case_id) REFERENCES workflows_cases (id) ON DELETE CASCADE)""",
    """
    CREATE TABLE workflows_snippets (
      id uuid NOT NULL,
      officer uuid NOT NULL,
      org text,
      unit text,
      sealed bytea NOT NULL,
      at timestamptz NOT NULL,
      CONSTRAINT workflows_snippets_pkey PRIMARY KEY (id))""",
    "CREATE INDEX workflows_snippets_officer_idx ON workflows_snippets (officer)",
    "CREATE INDEX workflows_snippets_unit_idx ON workflows_snippets (org, unit) WHERE org IS NOT NULL",
    """
    CREATE TABLE workflows_held_acts (
      id uuid NOT NULL,
      case_id uuid NOT NULL,
      task text NOT NULL,
      officer uuid NOT NULL,
      org text NOT NULL,
      unit text NOT NULL,
      act text NOT NULL,
      sealed bytea NOT NULL,
      due_at timestamptz NOT NULL,
      claimed_at timestamptz,
      refused_as text,
      CONSTRAINT workflows_held_acts_pkey PRIMARY KEY (id),
      CONSTRAINT workflows_held_acts_case_id_fkey
        FOREIGN KEY (case_id) REFERENCES workflows_cases (id) ON DELETE CASCADE)""",
    """
    CREATE UNIQUE INDEX workflows_held_acts_task_idx ON workflows_held_acts (case_id, task)
      WHERE refused_as IS NULL""",
    "CREATE INDEX workflows_held_acts_officer_idx ON workflows_held_acts (officer)",
)

REVERSALS = (
    "DROP TABLE workflows_held_acts",
    "DROP TABLE workflows_snippets",
    "DROP TABLE workflows_checks",
    "DROP INDEX workflows_cases_number",
    "DROP INDEX workflows_tasks_supplement",
    "DROP INDEX workflows_tasks_officer",
    "DROP INDEX workflows_tasks_team",
    "CREATE INDEX workflows_tasks_team ON workflows_tasks (org, unit, role, due_at)",
    "DROP TABLE identity_absences",
    "DROP TABLE workflows_desk_columns",
    "DROP TABLE workflows_saved_filters",
    "DROP TABLE workflows_finished_tasks",
    "DROP TABLE workflows_job_results",
    "DROP TABLE workflows_jobs",
)


def upgrade() -> None:
    """Create tables and indexes."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them and put the earlier index back."""
    for statement in REVERSALS:
        op.execute(statement)
