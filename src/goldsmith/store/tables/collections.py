"""What people make of the list of items: saved views, and bulk actions with what was there before each."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text

from goldsmith.store.tables.common import instant, truth
from goldsmith.store.tables.vault import metadata

item_views = Table(
    "item_views",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="RESTRICT"), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    truth("is_shared"),
    Column("body", Text, nullable=False),
)
Index("ix_item_views_project_id", item_views.c.project_id, item_views.c.owner)

bulk_actions = Table(
    "bulk_actions",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="RESTRICT"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("selection", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("n_changed", BigInteger, CheckConstraint("n_changed >= 0", name="n_changed"), nullable=False),
    Column("n_unchanged", BigInteger, CheckConstraint("n_unchanged >= 0", name="n_unchanged"), nullable=False),
    instant("undone_at", is_optional=True),
    Column("undone_by", Text, nullable=True),
    Column("n_restored", BigInteger, nullable=True),
    Column("n_kept", BigInteger, nullable=True),
)
Index("ix_bulk_actions_project_id", bulk_actions.c.project_id, bulk_actions.c.id)

bulk_changes = Table(
    "bulk_changes",
    metadata,
    Column("bulk_id", Text, ForeignKey("bulk_actions.id", ondelete="RESTRICT"), nullable=False),
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), nullable=False),
    instant("created_at"),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    PrimaryKeyConstraint("bulk_id", "item_id"),
)
Index("ix_bulk_changes_item_id", bulk_changes.c.item_id, bulk_changes.c.bulk_id)
