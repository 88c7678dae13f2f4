"""Keep which version of an item holds where and from when as rows of their own, and how cases moved between them."""

from alembic import op

revision = "0018_releases"
down_revision = "0017_status_lists"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE workflows_definitions RENAME COLUMN published_at TO drafted_at",
    "ALTER TABLE workflows_definitions ADD COLUMN drafted_by text NOT NULL DEFAULT 'platform:seed'",
    """
    CREATE TABLE workflows_releases (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        item text NOT NULL,
        region text NOT NULL,
        hash text NOT NULL REFERENCES workflows_definitions (hash),
        effective_at timestamptz NOT NULL,
        released_at timestamptz NOT NULL,
        released_by text NOT NULL,
        withdrawn_at timestamptz,
        withdrawn_by text)
    """,
    "CREATE INDEX workflows_releases_item_idx ON workflows_releases (item, region, effective_at)",
    """
    INSERT INTO workflows_releases (item, region, hash, effective_at, released_at, released_by)
    SELECT item, '', hash,
           timestamptz '2000-01-01 00:00+00'
               + row_number() OVER (ORDER BY is_current, drafted_at) * interval '1 minute',
           drafted_at, 'platform:seed'
    FROM workflows_definitions ORDER BY is_current, drafted_at
    """,
    "DROP INDEX workflows_definitions_current",
    "ALTER TABLE workflows_definitions DROP COLUMN is_current",
    """
    CREATE TABLE workflows_migrations (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        item text NOT NULL,
        to_hash text NOT NULL REFERENCES workflows_definitions (hash),
        started_at timestamptz NOT NULL,
        started_by text NOT NULL,
        finished_at timestamptz,
        undone_at timestamptz,
        undone_by text)
    """,
    """
    CREATE TABLE workflows_migration_cases (
        migration_id bigint NOT NULL REFERENCES workflows_migrations (id),
        case_id uuid NOT NULL,
        outcome text NOT NULL,
        from_hash text NOT NULL,
        obstacles text[] NOT NULL,
        rev integer NOT NULL,
        state jsonb,
        field_groups text[],
        sealed bytea[],
        PRIMARY KEY (migration_id, case_id))
    """,
)


def upgrade() -> None:
    """Turn the mark of the current version into a release that holds everywhere."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Mark the version that was released last everywhere; regions, dates and names of who released are lost."""
    op.execute("ALTER TABLE workflows_definitions ADD COLUMN is_current boolean NOT NULL DEFAULT false")
    op.execute(
        """
        UPDATE workflows_definitions SET is_current = true WHERE hash IN (
            SELECT DISTINCT ON (item) hash FROM workflows_releases
            WHERE withdrawn_at IS NULL AND region = '' ORDER BY item, effective_at DESC, id DESC)
        """
    )
    op.execute("ALTER TABLE workflows_definitions ALTER COLUMN is_current DROP DEFAULT")
    op.execute("CREATE UNIQUE INDEX workflows_definitions_current ON workflows_definitions (item) WHERE is_current")
    op.execute("DROP TABLE workflows_migration_cases")
    op.execute("DROP TABLE workflows_migrations")
    op.execute("DROP TABLE workflows_releases")
    op.execute("ALTER TABLE workflows_definitions DROP COLUMN drafted_by")
    op.execute("ALTER TABLE workflows_definitions RENAME COLUMN drafted_at TO published_at")
