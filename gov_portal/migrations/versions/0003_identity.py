"""Create the tables of identity and messaging."""

from alembic import op

revision = "0003_identity"
down_revision = "0002_workflows"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE identity_people (
      id uuid NOT NULL,
      key_id uuid NOT NULL,
      sealed bytea NOT NULL,
      id_no_index bytea NOT NULL,
      phone_index bytea,
      ial smallint NOT NULL,
      proven_at timestamptz,
      created_at timestamptz NOT NULL,
      CONSTRAINT identity_people_pkey PRIMARY KEY (id),
      CONSTRAINT identity_people_id_no_index_key UNIQUE (id_no_index),
      CONSTRAINT identity_people_ial_check CHECK (ial BETWEEN 2 AND 5))""",
    "CREATE INDEX identity_people_phone_index_idx ON identity_people (phone_index)",
    """
    CREATE TABLE identity_credentials (
      person_id uuid NOT NULL,
      password_hash text NOT NULL,
      changed_at timestamptz NOT NULL,
      CONSTRAINT identity_credentials_pkey PRIMARY KEY (person_id),
      CONSTRAINT identity_credentials_person_id_fkey FOREIGN KEY (person_id) REFERENCES identity_people (id))""",
    """
    CREATE TABLE identity_officers (
      id uuid NOT NULL,
      key_id uuid NOT NULL,
      sealed bytea NOT NULL,
      login_index bytea NOT NULL,
      password_hash text NOT NULL,
      is_active boolean NOT NULL,
      created_at timestamptz NOT NULL,
      CONSTRAINT identity_officers_pkey PRIMARY KEY (id),
      CONSTRAINT identity_officers_login_index_key UNIQUE (login_index))""",
    """
    CREATE TABLE identity_units (
      org text COLLATE "C" NOT NULL,
      region text COLLATE "C" NOT NULL,
      name text NOT NULL,
      CONSTRAINT identity_units_pkey PRIMARY KEY (org, region))""",
    """
    CREATE TABLE identity_posts (
      org text COLLATE "C" NOT NULL,
      region text COLLATE "C" NOT NULL,
      officer_id uuid NOT NULL,
      role text NOT NULL,
      rank text NOT NULL,
      CONSTRAINT identity_posts_pkey PRIMARY KEY (org, region, officer_id, role),
      CONSTRAINT identity_posts_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES identity_officers (id),
      CONSTRAINT identity_posts_org_fkey FOREIGN KEY (org, region) REFERENCES identity_units (org, region))""",
    "CREATE INDEX identity_posts_officer_id_idx ON identity_posts (officer_id)",
    """
    CREATE TABLE identity_codes (
      id uuid NOT NULL,
      token_hash bytea NOT NULL,
      purpose text NOT NULL,
      person_id uuid,
      officer_id uuid,
      key_id uuid NOT NULL,
      sealed bytea,
      code_hash bytea NOT NULL,
      tries smallint NOT NULL,
      code_expires_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      used_at timestamptz,
      CONSTRAINT identity_codes_pkey PRIMARY KEY (id),
      CONSTRAINT identity_codes_token_hash_key UNIQUE (token_hash))""",
    "CREATE INDEX identity_codes_expires_at_idx ON identity_codes (expires_at)",
    """
    CREATE TABLE identity_sessions (
      id uuid NOT NULL,
      token_hash bytea NOT NULL,
      person_id uuid,
      officer_id uuid,
      org text,
      region text,
      acting_for uuid,
      factors text[] NOT NULL,
      device text NOT NULL,
      started_at timestamptz NOT NULL,
      seen_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      ended_at timestamptz,
      CONSTRAINT identity_sessions_pkey PRIMARY KEY (id),
      CONSTRAINT identity_sessions_token_hash_key UNIQUE (token_hash),
      CONSTRAINT identity_sessions_holder_check CHECK (num_nonnulls(person_id, officer_id) = 1),
      CONSTRAINT identity_sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES identity_people (id),
      CONSTRAINT identity_sessions_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES identity_officers (id))
    WITH (fillfactor = 80)""",
    "CREATE INDEX identity_sessions_person_id_idx ON identity_sessions (person_id) WHERE ended_at IS NULL",
    "CREATE INDEX identity_sessions_officer_id_idx ON identity_sessions (officer_id) WHERE ended_at IS NULL",
    "CREATE INDEX identity_sessions_expires_at_idx ON identity_sessions (expires_at)",
    """
    CREATE TABLE identity_throttles (
      bucket bytea NOT NULL,
      attempts integer NOT NULL,
      touched_at timestamptz NOT NULL,
      free_at timestamptz NOT NULL,
      CONSTRAINT identity_throttles_pkey PRIMARY KEY (bucket))
    WITH (fillfactor = 80)""",
    "CREATE INDEX identity_throttles_touched_at_idx ON identity_throttles (touched_at)",
    """
    CREATE TABLE identity_guardianships (
      id uuid NOT NULL,
      guardian_id uuid NOT NULL,
      ward_id uuid NOT NULL,
      source text NOT NULL,
      ends_on date,
      checked_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      ended_at timestamptz,
      ended_because text,
      CONSTRAINT identity_guardianships_pkey PRIMARY KEY (id),
      CONSTRAINT identity_guardianships_others_check CHECK (guardian_id <> ward_id),
      CONSTRAINT identity_guardianships_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES identity_people (id),
      CONSTRAINT identity_guardianships_ward_id_fkey FOREIGN KEY (ward_id) REFERENCES identity_people (id))""",
    """
    CREATE UNIQUE INDEX identity_guardianships_living_idx ON identity_guardianships (guardian_id, ward_id)
        WHERE ended_at IS NULL""",
    "CREATE INDEX identity_guardianships_ward_id_idx ON identity_guardianships (ward_id) WHERE ended_at IS NULL",
    """
    CREATE TABLE messaging_messages (
      number bigint GENERATED ALWAYS AS IDENTITY,
      id uuid NOT NULL,
      recipient_id uuid,
      channel text NOT NULL,
      code text NOT NULL,
      key_id uuid NOT NULL,
      sealed bytea NOT NULL,
      idempotency_key text COLLATE "C",
      told_at timestamptz NOT NULL,
      CONSTRAINT messaging_messages_pkey PRIMARY KEY (number),
      CONSTRAINT messaging_messages_id_key UNIQUE (id),
      CONSTRAINT messaging_messages_idempotency_key_key UNIQUE (idempotency_key))""",
    "CREATE INDEX messaging_messages_recipient_id_idx ON messaging_messages (recipient_id, number)",
)

TABLES = (
    "messaging_messages",
    "identity_guardianships",
    "identity_throttles",
    "identity_sessions",
    "identity_codes",
    "identity_posts",
    "identity_units",
    "identity_officers",
    "identity_credentials",
    "identity_people",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
