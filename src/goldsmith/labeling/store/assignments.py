"""Items that are kept for one annotator."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from goldsmith.store.tables.vault import assignments


def assign(connection: Connection, values: dict[str, Any]) -> None:
    """Keep an item for an annotator, and for nobody else."""
    end(connection, values["item_id"])
    connection.execute(insert(assignments).values(**values))


def end(connection: Connection, item_id: str) -> bool:
    """Let everybody have an item again; False where it was kept for nobody."""
    return connection.execute(delete(assignments).where(assignments.c.item_id == item_id)).rowcount > 0


def assigned_to(connection: Connection, item_id: str) -> str | None:
    """Whom an item is kept for."""
    return connection.execute(select(assignments.c.annotator_id).where(assignments.c.item_id == item_id)).scalar()
