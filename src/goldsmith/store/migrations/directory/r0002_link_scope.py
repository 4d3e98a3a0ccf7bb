"""Bind a sign-in link, and the session that it opens, to the client whose owner gave it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the client to links and sessions; those that exist keep none, and so open the whole account."""
    for table in ("sign_in_links", "sessions"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("client_id", sa.Text(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_client_id"), "clients", ["client_id"], ["id"], ondelete="CASCADE"
            )
