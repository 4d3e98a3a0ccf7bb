"""Saved views of the list of items."""

from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from goldsmith.store.tables.collections import item_views

_COLUMNS = (
    item_views.c.id,
    item_views.c.created_at,
    item_views.c.name,
    item_views.c.owner,
    item_views.c.is_shared,
    item_views.c.body,
)


def of_project(connection: Connection, project_id: str, owner: str) -> list[RowMapping]:
    """Somebody's own views of a project and those that are shared, by name."""
    statement = (
        select(*_COLUMNS)
        .where(item_views.c.project_id == project_id, or_(item_views.c.owner == owner, item_views.c.is_shared == 1))
        .order_by(item_views.c.name, item_views.c.id)
    )
    return list(connection.execute(statement).mappings())


def view(connection: Connection, project_id: str, view_id: str) -> RowMapping | None:
    """One view of a project."""
    statement = select(*_COLUMNS).where(item_views.c.project_id == project_id, item_views.c.id == view_id)
    return connection.execute(statement).mappings().first()


def n_own(connection: Connection, project_id: str, owner: str) -> int:
    """How many views of a project somebody has saved."""
    statement = select(func.count()).where(item_views.c.project_id == project_id, item_views.c.owner == owner)
    return connection.execute(statement).scalar_one()


def insert_view(connection: Connection, values: dict[str, Any]) -> None:
    """Add a view."""
    connection.execute(insert(item_views), values)


def update_view(connection: Connection, view_id: str, values: dict[str, Any]) -> None:
    """Change a view."""
    connection.execute(update(item_views).where(item_views.c.id == view_id).values(**values))


def delete_view(connection: Connection, view_id: str) -> None:
    """Take a view away."""
    connection.execute(delete(item_views).where(item_views.c.id == view_id))
