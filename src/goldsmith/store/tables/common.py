"""Columns and tables that both planes have: the instant, the truth value and the tamper-evident log."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def instant(name: str, *, is_optional: bool = False) -> Column[int]:
    """A column of microseconds UTC."""
    return Column(name, BigInteger, nullable=is_optional)


def truth(name: str, *, default: int | None = None) -> Column[int]:
    """A column that holds 0 or 1: the one truth value that both engines store and index alike.

    A table that had rows before it had the column needs the default, which those rows get.
    """
    check = CheckConstraint(f"{name} IN (0, 1)", name=name)
    standard = None if default is None else text(str(default))
    return Column(name, SmallInteger, check, nullable=False, server_default=standard)


def log_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """The Merkle log of one plane: its leaves, its head, and its signed checkpoints.

    A leaf's salt may be erased without breaking the log: the leaf then no longer commits to guessable content.
    """
    leaves = Table(
        "log_leaves",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        instant("created_at"),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("object_id", Text, nullable=False),
        Column("commitment", Text, nullable=False),
        Column("salt", LargeBinary, nullable=True),
        Column("leaf_hash", LargeBinary, nullable=False),
    )
    Index("ix_log_leaves_object_id", leaves.c.object_id)
    head = Table(
        "log_head",
        metadata,
        Column("id", SmallInteger, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
        instant("created_at"),
        Column("size", BigInteger, nullable=False),
    )
    checkpoints = Table(
        "log_checkpoints",
        metadata,
        Column("size", BigInteger, primary_key=True, autoincrement=False),
        instant("created_at"),
        Column("frontier", Text, nullable=False),
        Column("note", Text, nullable=False),
    )
    return leaves, head, checkpoints
