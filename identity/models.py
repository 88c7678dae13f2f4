"""Declare the tables of identity; only its services may use them.

``sealed`` columns hold ciphertext under the key of ``key_id``; ``*_index`` columns hold blind indexes; tokens and codes
are stored hashed. All instants are security time, ``ends_on`` is a date of business time.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gov_portal.kernel.db import INSTANT, metadata

people = Table(
    "identity_people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key_id", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("id_no_index", LargeBinary, nullable=False, unique=True),
    Column("phone_index", LargeBinary, index=True),
    Column("ial", SmallInteger, nullable=False),
    Column("proven_at", INSTANT),
    Column("created_at", INSTANT, nullable=False),
)
"""Persons, wards included; ``sealed`` holds name, number and phone."""

credentials = Table(
    "identity_credentials",
    metadata,
    Column("person_id", Uuid, ForeignKey("identity_people.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
)
"""Passwords (argon2); a person without a row here has no account of their own."""

officers = Table(
    "identity_officers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key_id", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("login_index", LargeBinary, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("kind", Text, nullable=False, server_default="person"),
)
"""Civil servants with built-in accounts; ``sealed`` holds name, login name and phone. A row of the kind ``system`` is a
department's own program: it has posts and keys, but no password, and is never drawn, assigned or handed a task."""

system_keys = Table(
    "identity_system_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer_id", Uuid, ForeignKey("identity_officers.id"), nullable=False, index=True),
    Column("org", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("seen_at", INSTANT),
    Column("revoked_at", INSTANT),
)
"""Keys of departments' systems; the secret itself is shown once and stored hashed."""

units = Table(
    "identity_units",
    metadata,
    Column("org", Text, primary_key=True),
    Column("region", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("credit_code", Text, nullable=False, server_default=text("''")),
)
"""Units (实施主体): one department in one division; ``credit_code`` is a temporary one where there is no other."""

posts = Table(
    "identity_posts",
    metadata,
    Column("org", Text, primary_key=True),
    Column("region", Text, primary_key=True),
    Column("officer_id", Uuid, ForeignKey("identity_officers.id"), primary_key=True, index=True),
    Column("role", Text, primary_key=True),
    Column("rank", Text, nullable=False),
    ForeignKeyConstraint(["org", "region"], ["identity_units.org", "identity_units.region"]),
)
"""Posts (岗位) of officers at units."""

codes = Table(
    "identity_codes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("person_id", Uuid),
    Column("officer_id", Uuid),
    Column("key_id", Uuid, nullable=False),
    Column("sealed", LargeBinary),
    Column("code_hash", LargeBinary, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("code_expires_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False, index=True),
    Column("used_at", INSTANT),
)
"""Begun registrations and sign-ins, each waiting for its code; ``sealed`` holds the phone and what was typed."""

sessions = Table(
    "identity_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("identity_people.id")),
    Column("officer_id", Uuid, ForeignKey("identity_officers.id")),
    Column("org", Text),
    Column("region", Text),
    Column("acting_for", Uuid),
    Column("factors", ARRAY(Text), nullable=False),
    Column("device", Text, nullable=False),
    Column("started_at", INSTANT, nullable=False),
    Column("seen_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("ended_at", INSTANT),
)
"""Sessions of persons and officers; an officer's session stands at one unit."""

throttles = Table(
    "identity_throttles",
    metadata,
    Column("bucket", LargeBinary, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("touched_at", INSTANT, nullable=False),
    Column("free_at", INSTANT, nullable=False),
)
"""Counted attempts; ``bucket`` is a blind index of an account, number, phone or address."""

guardianships = Table(
    "identity_guardianships",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("guardian_id", Uuid, ForeignKey("identity_people.id"), nullable=False),
    Column("ward_id", Uuid, ForeignKey("identity_people.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("ends_on", Date),
    Column("checked_at", INSTANT, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("ended_at", INSTANT),
    Column("ended_because", Text),
)
"""Guardianships (监护) as the shared record showed them; a row is ended, never removed."""

absences = Table(
    "identity_absences",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer_id", Uuid, ForeignKey("identity_officers.id"), nullable=False),
    Column("deputy_id", Uuid, ForeignKey("identity_officers.id"), nullable=False),
    Column("org", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("entered_by", Uuid, ForeignKey("identity_officers.id"), nullable=False),
    Column("entered_at", INSTANT, nullable=False),
    Column("ended_at", INSTANT),
    Index("identity_absences_deputy_id_idx", "deputy_id", postgresql_where=text("ended_at IS NULL")),
    Index("identity_absences_unit_idx", "org", "region"),
)
"""Absences (代理) of officers at a unit and who stands in for them; the days are of business time, both included."""

visits = Table(
    "identity_visits",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer_id", Uuid, ForeignKey("identity_officers.id"), nullable=False),
    Column("org", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("identity_people.id"), nullable=False, index=True),
    Column("ward_id", Uuid, ForeignKey("identity_people.id")),
    Column("purpose", Text, nullable=False),
    Column("opened_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("ended_at", INSTANT),
    Index("identity_visits_officer_idx", "officer_id", "expires_at", postgresql_where=text("ended_at IS NULL")),
)
"""People who stood before an officer with their card (窗口核身); the row is the officer's word that it was seen."""
