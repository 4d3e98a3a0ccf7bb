"""What people prefer: the language of the app and the keys they work with."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column."""
    op.add_column("people", sa.Column("preferences", sa.Text(), nullable=True))
