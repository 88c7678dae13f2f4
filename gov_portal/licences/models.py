"""Define the tables of licences; personal data stand only in sealed columns."""

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from gov_portal.kernel.db import metadata

serials = Sequence("licences_serials", metadata=metadata)
"""Numbers of licences (流水号); gaps are harmless."""

status_indexes = Sequence("licences_status_indexes", minvalue=0, start=0, metadata=metadata)
"""Places of versions in the status lists; gaps are harmless."""

licences = Table(
    "licences_licences",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("issuer_code", Text, nullable=False),
    Column("issuer_name", Text, nullable=False),
    Column("serial", Text, nullable=False, unique=True),
    Column("holder_id", Uuid, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("idempotency_key", Text(collation="C"), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revocation", LargeBinary),
    Index("licences_licences_holder_id_idx", "holder_id"),
    Index("licences_licences_case_id_idx", "case_id"),
    Index("licences_licences_revoked_idx", "id", postgresql_where=text("revoked_at IS NOT NULL")),
)
"""One row per licence; ``version`` is the current one, ``revocation`` the sealed reason."""

versions = Table(
    "licences_versions",
    metadata,
    Column("licence_id", Uuid, ForeignKey("licences_licences.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("identifier", Text, nullable=False, unique=True),
    Column("verify_code", Text(collation="C"), nullable=False, unique=True),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("valid_until", Date),
    Column("superseded_at", DateTime(timezone=True)),
    Column("sealed", LargeBinary, nullable=False),
    Column("file_id", Uuid, nullable=False),
    Column("idempotency_key", Text(collation="C"), nullable=False),
    Column("status_index", Integer, nullable=False, unique=True),
    Column("pdf_sha256", LargeBinary, nullable=False, unique=True),
    UniqueConstraint("idempotency_key"),
    Index("licences_versions_superseded_idx", "status_index", postgresql_where=text("superseded_at IS NOT NULL")),
)
"""One row per version; ``sealed`` holds the values, ``file_id`` the PDF, ``status_index`` its place in the lists."""

copies = Table(
    "licences_copies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("licence_id", Uuid, ForeignKey("licences_licences.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("verify_code", Text(collation="C"), nullable=False, unique=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("sealed", LargeBinary, nullable=False),
    Column("file_id", Uuid),
    Column("pdf_sha256", LargeBinary, nullable=False, unique=True),
    Column("idempotency_key", Text(collation="C"), nullable=False, unique=True),
    Index("licences_copies_licence_id_idx", "licence_id"),
)
"""One row per annotated copy (加注件); ``sealed`` holds purpose and recipient, the file goes after its end."""

presentations = Table(
    "licences_presentations",
    metadata,
    Column("nonce", LargeBinary, primary_key=True),
    Column("licence_id", Uuid, ForeignKey("licences_licences.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Column("checks", Integer, nullable=False, server_default="1"),
    Index("licences_presentations_licence_id_idx", "licence_id"),
)
"""One row per presentation code (亮证) that somebody checked, at its first check."""

status_lists = Table(
    "licences_status_lists",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("token", Text, nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False),
)
"""One row per status list: the signed token as it was last built from the rows above; it may be lost at any time."""
