"""Images, audio and PDF files: what is known of each blob, and which items show it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_blobs_sha256")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_blobs_size_bytes")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.create_table(
        "item_blobs",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_blobs_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_item_blobs_sha256"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("item_id", "sha256", name=op.f("pk_item_blobs")),
    )
    op.create_index("ix_item_blobs_sha256", "item_blobs", ["sha256", "item_id"], unique=False)
