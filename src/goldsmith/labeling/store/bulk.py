"""Bulk actions and what each item was before: and the columns of items that they change."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from goldsmith.errors import NotFound
from goldsmith.store.tables.collections import bulk_actions, bulk_changes
from goldsmith.store.tables.vault import items, leases

COLUMNS = ("priority", "skill", "tags", "asked", "aside")
"""What bulk actions change on an item's row."""
_STANDING = (
    items.c.id,
    items.c.external_id,
    items.c.position,
    items.c.confidence,
    items.c.is_certain,
    items.c.is_contested,
    items.c.is_open,
    items.c.n_people,
    items.c.n_models,
    items.c.queue_rank,
    items.c.wanted,
    items.c.priority,
    items.c.skill,
    items.c.tags,
    items.c.asked,
    items.c.aside,
    items.c.review_stage,
)
_BULK = (
    bulk_actions.c.id,
    bulk_actions.c.created_at,
    bulk_actions.c.created_by,
    bulk_actions.c.kind,
    bulk_actions.c.parameters,
    bulk_actions.c.selection,
    bulk_actions.c.n_changed,
    bulk_actions.c.n_unchanged,
    bulk_actions.c.undone_at,
    bulk_actions.c.undone_by,
    bulk_actions.c.n_restored,
    bulk_actions.c.n_kept,
)


def standings(connection: Connection, project_id: str, item_ids: Sequence[str]) -> list[RowMapping]:
    """Those of some items that the project has, by position, locked where rows have locks."""
    statement = (
        select(*_STANDING)
        .where(items.c.project_id == project_id, items.c.id.in_(item_ids))
        .order_by(items.c.position)
        .with_for_update(key_share=True)
    )
    return list(connection.execute(statement).mappings())


def insert_bulk(connection: Connection, values: dict[str, Any]) -> None:
    """Add a bulk action."""
    connection.execute(insert(bulk_actions), values)


def insert_changes(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Keep what items were before a bulk action, and what it made of them."""
    if rows:
        connection.execute(insert(bulk_changes), rows)


def count_changes(connection: Connection, bulk_id: str, *, n_changed: int, n_unchanged: int) -> None:
    """Add to the numbers of a bulk action."""
    connection.execute(
        update(bulk_actions)
        .where(bulk_actions.c.id == bulk_id)
        .values(
            n_changed=bulk_actions.c.n_changed + n_changed,
            n_unchanged=bulk_actions.c.n_unchanged + n_unchanged,
        )
    )


def end_undo(connection: Connection, bulk_id: str, values: dict[str, Any]) -> None:
    """Say that a bulk action is undone, and what came of that."""
    connection.execute(update(bulk_actions).where(bulk_actions.c.id == bulk_id).values(**values))


def bulk(connection: Connection, project_id: str, bulk_id: str, *, locks: bool = False) -> RowMapping:
    """One bulk action.

    Raises:
        NotFound: the project has no such one.
    """
    statement = select(*_BULK).where(bulk_actions.c.project_id == project_id, bulk_actions.c.id == bulk_id)
    found = connection.execute(statement.with_for_update() if locks else statement).mappings().first()
    if found is None:
        raise NotFound(f"There is no bulk action {bulk_id[:80]!r} in this project.")
    return found


def bulk_page(connection: Connection, project_id: str, *, before: str | None, limit: int) -> list[RowMapping]:
    """The newest bulk actions of a project, those before one of them."""
    statement = select(*_BULK).where(bulk_actions.c.project_id == project_id)
    if before is not None:
        statement = statement.where(bulk_actions.c.id < before)
    return list(connection.execute(statement.order_by(bulk_actions.c.id.desc()).limit(limit)).mappings())


def changes_after(connection: Connection, bulk_id: str, after: str, limit: int) -> list[RowMapping]:
    """The next changes of a bulk action, by item."""
    statement = (
        select(bulk_changes.c.item_id, bulk_changes.c.before, bulk_changes.c.after)
        .where(bulk_changes.c.bulk_id == bulk_id, bulk_changes.c.item_id > after)
        .order_by(bulk_changes.c.item_id)
        .limit(limit)
    )
    return list(connection.execute(statement).mappings())


def changed_of(connection: Connection, bulk_id: str, item_ids: Sequence[str]) -> set[str]:
    """Those of some items that a bulk action has changed already."""
    statement = select(bulk_changes.c.item_id).where(
        bulk_changes.c.bulk_id == bulk_id, bulk_changes.c.item_id.in_(item_ids)
    )
    return set(connection.execute(statement).scalars())


def of_item(connection: Connection, item_id: str) -> list[RowMapping]:
    """The bulk actions that changed an item, with what it was before and after."""
    statement = (
        select(*_BULK, bulk_changes.c.before, bulk_changes.c.after)
        .join_from(bulk_changes, bulk_actions, bulk_actions.c.id == bulk_changes.c.bulk_id)
        .where(bulk_changes.c.item_id == item_id)
        .order_by(bulk_changes.c.bulk_id)
    )
    return list(connection.execute(statement).mappings())


def set_columns(connection: Connection, rows: list[dict[str, Any]], now: int) -> None:
    """Set what bulk actions change, and the place in the queue; each row has `item_id` and these columns."""
    if not rows:
        return
    names = (*COLUMNS, "wanted", "queue_rank", "is_open", "is_certain", "review_stage")
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(items).where(items.c.id == bindparam("of_item")).values(**changed, updated_at=now)
    connection.execute(
        statement, [{"of_item": row["item_id"]} | {f"new_{name}": row[name] for name in names} for row in rows]
    )


def leases_of(connection: Connection, item_ids: Sequence[str], now: int) -> list[RowMapping]:
    """The leases of some items that have not run out."""
    statement = (
        select(
            leases.c.id,
            leases.c.created_at,
            leases.c.project_id,
            leases.c.item_id,
            leases.c.annotator_id,
            leases.c.purpose,
            leases.c.leased_until,
        )
        .where(leases.c.item_id.in_(item_ids), leases.c.leased_until >= now)
        .order_by(leases.c.item_id, leases.c.id)
    )
    return list(connection.execute(statement).mappings())


def end_leases(connection: Connection, lease_ids: Sequence[str]) -> None:
    """Take leases back."""
    if lease_ids:
        connection.execute(delete(leases).where(leases.c.id.in_(lease_ids)))


def restore_leases(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Give leases back that were taken, in the place of any that have run out meanwhile."""
    if rows:
        for row in rows:
            connection.execute(
                delete(leases).where(
                    leases.c.item_id == row["item_id"],
                    leases.c.annotator_id == row["annotator_id"],
                    leases.c.purpose == row["purpose"],
                )
            )
        connection.execute(insert(leases), rows)
