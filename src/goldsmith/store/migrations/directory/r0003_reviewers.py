"""The role of a reviewer, and the skills of the people engaged."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ROLES = "role IN ('owner', 'manager', 'reviewer', 'annotator', 'auditor')"


def upgrade() -> None:
    """Let people be reviewers; SQLite cannot change a check, so the two tables that name roles are made anew."""
    if op.get_context().dialect.name != "sqlite":
        for table in ("engagements", "tokens"):
            op.drop_constraint(f"ck_{table}_role", table, type_="check")
            op.create_check_constraint(f"ck_{table}_role", table, _ROLES)
        op.execute("ALTER TABLE engagements ADD COLUMN skills TEXT DEFAULT '[]' NOT NULL")
        return
    engagements: list[Any] = [
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        *_references("engagements", "RESTRICT"),
        sa.CheckConstraint(_ROLES, name=op.f("ck_engagements_role")),
        sa.UniqueConstraint("person_id", "client_id", name=op.f("uq_engagements_person_id_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagements")),
    ]
    _remake("engagements", engagements, "id, created_at, person_id, client_id, role")
    op.drop_index("ix_tokens_person_id", "tokens")
    tokens: list[Any] = [
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("token_hash", "prefix", "name")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("person_id", "client_id", "role")),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("last_used_at", "revoked_at")),
        *_references("tokens", "CASCADE"),
        sa.CheckConstraint(_ROLES, name=op.f("ck_tokens_role")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
    ]
    columns = "id, created_at, token_hash, prefix, name, person_id, client_id, role, expires_at, last_used_at"
    _remake("tokens", tokens, f"{columns}, revoked_at")
    op.create_index("ix_tokens_person_id", "tokens", ["person_id"], unique=False)


def _references(table: str, on_delete: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete)
        for column, other in (("person_id", "people"), ("client_id", "clients"))
    ]


def _remake(table: str, parts: list[Any], columns: str) -> None:
    op.rename_table(table, f"old_{table}")
    op.create_table(table, *parts)
    names = columns.split(", ")
    old, new = (sa.table(name, *map(sa.column, names)) for name in (f"old_{table}", table))
    op.execute(sa.insert(new).from_select(names, sa.select(*old.c)))
    op.drop_table(f"old_{table}")
