"""What finds items again: facets (short values, one row for each item that has one) and the words of their texts.

Everything here is derived from other tables, in the transaction that changes those, and could be made anew from them.
A *place* is an item as one number: its project's number, and its position in the project.
"""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from goldsmith.store.tables.common import NAMING, instant
from goldsmith.store.tables.vault import metadata

POSITION_BITS = 40
"""A place is the project's number shifted by so many bits, and the position."""

facets = Table(
    "facets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    instant("created_at"),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="RESTRICT"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("number", Float, nullable=True),
)
Index("ix_facets_value", facets.c.project_id, facets.c.name, facets.c.value)
Index("ix_facets_number", facets.c.project_id, facets.c.name, facets.c.number)

# The longest table of a vault by far, so it holds two numbers and no instant.
item_facets = Table(
    "item_facets",
    metadata,
    Column("facet_id", BigInteger, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
Index("ix_item_facets_place", item_facets.c.place, item_facets.c.facet_id)

_words = MetaData(naming_convention=NAMING)
# On SQLite this is an FTS5 table whose rowid is the place; see the migration.
item_words = Table(
    "item_words",
    _words,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("words", TSVECTOR, nullable=False),
)
