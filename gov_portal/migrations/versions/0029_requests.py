"""Let a case remember its latest requests in its own row, instead of a row and an index entry for each of them."""

from alembic import op

revision = "0029_requests"
down_revision = "0028_parked_work"
branch_labels = None
depends_on = None

# Nobody repeats a request to a case that has been closed for long.
_REMEMBER = """
UPDATE workflows_cases c SET requests = r.requests FROM (
  SELECT case_id, max(at) AS last, string_agg(
    substr(sha256(convert_to(actor || chr(10) || key, 'UTF8')), 1, 8) || substr(digest, 1, 8), ''::bytea ORDER BY at)
    AS requests
  FROM (SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY at DESC) AS place FROM workflows_idempotency) i
  WHERE place <= 32 GROUP BY case_id) r
WHERE c.id = r.case_id AND (c.status IN ('draft', 'open', 'suspended') OR r.last > now() - interval '1 day')"""

_UP = (
    "ALTER TABLE workflows_cases ADD COLUMN requests bytea NOT NULL DEFAULT ''",
    _REMEMBER,
    "DROP TABLE workflows_idempotency",
)
_DOWN = (
    """
    CREATE TABLE workflows_idempotency (
        case_id uuid,
        actor text,
        key text,
        digest bytea NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (case_id, actor, key))
    """,
    "ALTER TABLE workflows_cases DROP COLUMN requests",
)


def upgrade() -> None:
    """Add the column, fill it for cases that may still be asked, and drop the table."""
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    """Forget the requests: one that is repeated now is refused as stale."""
    for statement in _DOWN:
        op.execute(statement)
