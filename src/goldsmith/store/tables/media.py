"""The media of a vault: what is known of each blob, and which items show it. The bytes lie in sealed files."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text

from goldsmith.store.tables.common import instant
from goldsmith.store.tables.vault import metadata

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", Text, CheckConstraint("length(sha256) = 64", name="sha256"), primary_key=True),
    instant("created_at"),
    Column("size_bytes", BigInteger, CheckConstraint("size_bytes > 0", name="size_bytes"), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("created_by", Text, nullable=False),
)

item_blobs = Table(
    "item_blobs",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), nullable=False),
    Column("sha256", Text, ForeignKey("blobs.sha256", ondelete="RESTRICT"), nullable=False),
    instant("created_at"),
    PrimaryKeyConstraint("item_id", "sha256"),
)
Index("ix_item_blobs_sha256", item_blobs.c.sha256, item_blobs.c.item_id)
