"""What happened to one item, and what its neighbours in a list and its names are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from goldsmith.store.tables.finding import facets
from goldsmith.store.tables.vault import annotators, current_annotations, items, leases, log_leaves

_ROW = (
    items.c.created_at,
    items.c.queue_rank,
    items.c.priority,
    items.c.skill,
    items.c.tags,
    items.c.aside,
    items.c.wanted,
)


def standing(connection: Connection, item_id: str) -> RowMapping:
    """When an item came, and what people have set on it."""
    return connection.execute(select(*_ROW).where(items.c.id == item_id)).mappings().one()


def leaves_of(connection: Connection, item_id: str) -> list[RowMapping]:
    """What the log says of an item itself, in order."""
    statement = (
        select(log_leaves.c.created_at, log_leaves.c.actor, log_leaves.c.action)
        .where(log_leaves.c.object_id == item_id)
        .order_by(log_leaves.c.seq)
    )
    return list(connection.execute(statement).mappings())


def actions_on(connection: Connection, object_ids: Sequence[str], actions: Sequence[str]) -> list[RowMapping]:
    """What the log says of some actions on some things, in order."""
    statement = (
        select(log_leaves.c.created_at, log_leaves.c.actor, log_leaves.c.action, log_leaves.c.object_id)
        .where(log_leaves.c.object_id.in_(object_ids), log_leaves.c.action.in_(actions))
        .order_by(log_leaves.c.seq)
    )
    return list(connection.execute(statement).mappings())


def leases_of(connection: Connection, item_id: str) -> list[RowMapping]:
    """Who holds an item, or held it last without an answer."""
    statement = (
        select(leases.c.created_at, leases.c.leased_until, leases.c.purpose, annotators.c.name)
        .join_from(leases, annotators, annotators.c.id == leases.c.annotator_id)
        .where(leases.c.item_id == item_id)
        .order_by(leases.c.created_at, leases.c.id)
    )
    return list(connection.execute(statement).mappings())


def current_ids(connection: Connection, item_id: str) -> list[str]:
    """The annotations of an item that count; the others were superseded."""
    statement = select(current_annotations.c.annotation_id).where(current_annotations.c.item_id == item_id)
    return sorted(connection.execute(statement).scalars())


def names_of(connection: Connection, project_id: str, names: Sequence[str], limit: int) -> dict[str, list[str]]:
    """Values that items can be filtered by, under some names: up to `limit` of each, in alphabetical order."""
    found: dict[str, list[str]] = {}
    for name in names:
        statement = (
            select(facets.c.value)
            .where(facets.c.project_id == project_id, facets.c.name == name)
            .order_by(facets.c.value)
            .limit(limit)
        )
        found[name] = list(connection.execute(statement).scalars())
    return found


def field_names(connection: Connection, project_id: str, limit: int) -> list[str]:
    """The names of the columns that items can be filtered by, each found by one look at an index."""
    found: list[str] = []
    after: Any = "field."
    while len(found) < limit:
        statement = select(func.min(facets.c.name)).where(
            facets.c.project_id == project_id, facets.c.name > after, facets.c.name < "field/"
        )
        after = connection.execute(statement).scalar()
        if after is None:
            break
        found.append(after)
    return found
