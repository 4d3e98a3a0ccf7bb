"""The directory: people, clients, engagements, sign-in. It knows no content."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, MetaData, Table, Text, UniqueConstraint, text

from goldsmith.store.tables.common import NAMING, instant, log_tables, truth

metadata = MetaData(naming_convention=NAMING)

clients = Table(
    "clients",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=True, unique=True),
    Column("password_hash", Text, nullable=True),
    truth("is_active"),
    Column("preferences", Text, nullable=True),
)

engagements = Table(
    "engagements",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("person_id", Text, ForeignKey("people.id", ondelete="RESTRICT"), nullable=False),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="RESTRICT"), nullable=False),
    Column(
        "role",
        Text,
        CheckConstraint("role IN ('owner', 'manager', 'reviewer', 'annotator', 'auditor')", name="role"),
        nullable=False,
    ),
    Column("skills", Text, nullable=False, server_default=text("'[]'")),
    UniqueConstraint("person_id", "client_id"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    instant("created_at"),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), nullable=True),
    instant("expires_at"),
    instant("used_at", is_optional=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    instant("created_at"),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), nullable=True),
    instant("expires_at"),
    instant("revoked_at", is_optional=True),
)
Index("ix_sessions_person_id", sessions.c.person_id)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("prefix", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", Text, ForeignKey("clients.id", ondelete="CASCADE"), nullable=False),
    Column(
        "role",
        Text,
        CheckConstraint("role IN ('owner', 'manager', 'reviewer', 'annotator', 'auditor')", name="role"),
        nullable=False,
    ),
    instant("expires_at"),
    instant("last_used_at", is_optional=True),
    instant("revoked_at", is_optional=True),
)
Index("ix_tokens_person_id", tokens.c.person_id)

log_leaves, log_head, log_checkpoints = log_tables(metadata)
