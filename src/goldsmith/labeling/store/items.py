"""Items: import, pages, counts. Lists never touch the payloads."""

import base64
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from goldsmith.errors import InputError, NotFound
from goldsmith.kit.nearest import nearest
from goldsmith.store.tables.vault import audit_items, item_contents, items

ROW_COLUMNS = (
    items.c.id,
    items.c.external_id,
    items.c.title,
    items.c.position,
    items.c.n_people,
    items.c.n_models,
    items.c.confidence,
    items.c.consensus,
    items.c.is_contested,
    items.c.updated_at,
)
SORTS: dict[str, ColumnElement[Any]] = {
    "position": items.c.position,
    "need": items.c.queue_rank,
    "confidence": items.c.confidence,
    "answers": items.c.n_people,
    "updated": items.c.updated_at,
}
STATES: dict[str, ColumnElement[bool]] = {
    "open": literal_column("items.is_open") == literal_column("1"),
    "certain": items.c.is_certain == 1,
    "uncertain": items.c.is_certain == 0,
    "answered": items.c.n_people > 0,
    "unanswered": items.c.n_people == 0,
    "contested": items.c.is_contested == 1,
}
_EXISTING = select(items.c.external_id, items.c.content_sha256).where(
    items.c.project_id == bindparam("project_id"), items.c.external_id.in_(bindparam("ids", expanding=True))
)
_LAST_POSITION = select(func.coalesce(func.max(items.c.position), -1)).where(
    items.c.project_id == bindparam("project_id")
)
_ONE = (
    select(*ROW_COLUMNS, item_contents.c.payload)
    .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
    .where(items.c.project_id == bindparam("project_id"), items.c.id == bindparam("item_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items to list, in which order, from where on."""

    sort: str = "position"
    is_descending: bool = False
    state: str = "all"
    text: str = ""
    label: tuple[str, str] | None = None
    limit: int = 50
    cursor: str | None = None


def existing_digests(connection: Connection, project_id: str, external_ids: list[str]) -> dict[str, str]:
    """The content digest of those of `external_ids` (at most some thousands) that the project has."""
    rows = connection.execute(_EXISTING, {"project_id": project_id, "ids": external_ids})
    return {row.external_id: row.content_sha256 for row in rows}


def last_position(connection: Connection, project_id: str) -> int:
    """The highest position of the project's items, -1 when it has none."""
    return connection.execute(_LAST_POSITION, {"project_id": project_id}).scalar_one()


def insert_items(connection: Connection, rows: list[dict[str, Any]], contents: list[dict[str, Any]]) -> None:
    """Add items and their contents."""
    connection.execute(insert(items), rows)
    connection.execute(insert(item_contents), contents)


def item(connection: Connection, project_id: str, item_id: str) -> RowMapping:
    """One item with its payload.

    Raises:
        NotFound: the project has no such item.
    """
    found = connection.execute(_ONE, {"project_id": project_id, "item_id": item_id}).mappings().first()
    if found is None:
        raise NotFound(f"There is no item {item_id[:80]!r} in this project.")
    return found


def page(connection: Connection, project_id: str, query: ItemQuery) -> list[RowMapping]:
    """Up to `limit + 1` rows: one more than asked for says that there is a next page.

    Raises:
        InputError: the sort, the state or the cursor is unknown.
    """
    statement = _filtered(select(*ROW_COLUMNS, items.c.queue_rank), project_id, query)
    column = _known(query.sort, SORTS, "sort")
    order = (column.desc(), items.c.id.desc()) if query.is_descending else (column.asc(), items.c.id.asc())
    if query.cursor is not None:
        statement = statement.where(_after(query, column))
    if query.sort == "confidence":
        statement = statement.where(items.c.confidence.is_not(None))
    return list(connection.execute(statement.order_by(*order).limit(query.limit + 1)).mappings())


def cursor_of(row: RowMapping, query: ItemQuery) -> str:
    """The cursor that continues after `row`."""
    name = {"need": "queue_rank", "answers": "n_people", "updated": "updated_at"}.get(query.sort, query.sort)
    return base64.urlsafe_b64encode(msgspec.json.encode([query.sort, row[name], row["id"]])).decode()


def count(connection: Connection, project_id: str, query: ItemQuery) -> int:
    """How many items fit the filters."""
    return connection.execute(_filtered(select(func.count()).select_from(items), project_id, query)).scalar_one()


def counts(connection: Connection, project_id: str) -> dict[str, int]:
    """The counts of a project's items that its card and its overview show."""
    statement = select(
        func.count().label("n_items"),
        func.coalesce(func.sum(items.c.is_certain), 0).label("n_certain"),
        func.coalesce(func.sum(case((items.c.n_people > 0, 1), else_=0)), 0).label("n_answered"),
        func.coalesce(func.sum(items.c.is_open), 0).label("n_need_people"),
        func.coalesce(func.sum(items.c.is_contested), 0).label("n_contested"),
        func.coalesce(func.sum(case((and_(items.c.is_open == 1, items.c.n_people > 0), 1), else_=0)), 0).label(
            "n_second"
        ),
    ).where(items.c.project_id == project_id)
    return {name: int(value) for name, value in connection.execute(statement).mappings().one().items()}


def confidence_histogram(connection: Connection, project_id: str, n_bins: int) -> list[int]:
    """How many items have a confidence in each of `n_bins` equal parts of [0, 1]."""
    part = func.floor(items.c.confidence * n_bins)
    statement = (
        select(part.label("part"), func.count().label("n"))
        .where(items.c.project_id == project_id, items.c.confidence.is_not(None))
        .group_by(part)
    )
    bins = [0] * n_bins
    for row in connection.execute(statement):
        bins[min(int(row.part), n_bins - 1)] += row.n
    return bins


def chunk_after(connection: Connection, project_id: str, position: int, limit: int) -> list[RowMapping]:
    """The next items by position, with what the queue needs to know of each."""
    statement = (
        select(
            items.c.id,
            items.c.external_id,
            items.c.position,
            items.c.confidence,
            items.c.is_certain,
            items.c.n_people,
            items.c.queue_rank,
            items.c.wanted,
        )
        .where(items.c.project_id == project_id, items.c.position > position)
        .order_by(items.c.position, items.c.id)
        .limit(limit)
    )
    return list(connection.execute(statement).mappings())


def update_items(connection: Connection, names: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Set the columns `names` of many items; each row has `item_id` and a value for each name."""
    if rows:
        changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(items).where(items.c.id == bindparam("item_id")).values(**changed)
        connection.execute(
            statement, [{"item_id": row["item_id"]} | {f"new_{n}": row[n] for n in names} for row in rows]
        )


def contents_by_external_id(connection: Connection, project_id: str, after: str, limit: int) -> list[RowMapping]:
    """The next items with their payloads, in the order of their external ids."""
    statement = (
        select(items.c.id, items.c.external_id, items.c.content_sha256, items.c.n_people, item_contents.c.payload)
        .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
        .where(items.c.project_id == project_id, items.c.external_id > after)
        .order_by(items.c.external_id)
        .limit(limit)
    )
    return list(connection.execute(statement).mappings())


def payloads(connection: Connection, project_id: str, item_ids: list[str]) -> list[RowMapping]:
    """The payloads of some items of a project."""
    statement = (
        select(item_contents.c.item_id, item_contents.c.payload)
        .join_from(item_contents, items, items.c.id == item_contents.c.item_id)
        .where(items.c.project_id == project_id, item_contents.c.item_id.in_(item_ids))
    )
    return list(connection.execute(statement).mappings())


def people_counts(connection: Connection, item_ids: list[str]) -> dict[str, int]:
    """How many people have answered each of some items."""
    statement = select(items.c.id, items.c.n_people).where(items.c.id.in_(item_ids))
    return {row.id: row.n_people for row in connection.execute(statement)}


def ids_outside_audit(connection: Connection, project_id: str) -> list[str]:
    """The ids of all items that no audit sample holds, in the order of their external ids."""
    drawn = select(audit_items.c.item_id).where(audit_items.c.project_id == project_id)
    statement = (
        select(items.c.id)
        .where(items.c.project_id == project_id, items.c.id.not_in(drawn))
        .order_by(items.c.external_id)
    )
    return list(connection.execute(statement).scalars())


def insert_audit_items(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add items to the audit sample."""
    if rows:
        connection.execute(insert(audit_items), rows)


def _filtered(statement: Any, project_id: str, query: ItemQuery) -> Any:  # Any: a select of whatever columns
    statement = statement.where(items.c.project_id == project_id)
    if query.state != "all":
        statement = statement.where(_known(query.state, STATES, "state"))
    if query.text:
        statement = statement.where(items.c.title.icontains(query.text, autoescape=True))
    if query.label is not None:
        question, value = query.label
        piece = f"{msgspec.json.encode(question).decode()}:{msgspec.json.encode(value).decode()}"
        statement = statement.where(items.c.consensus.contains(piece, autoescape=True))
    return statement


def _known(name: str, known: dict[str, Any], what: str) -> Any:
    if name not in known:
        raise InputError(f"There is no {what} {name[:40]!r}; {nearest(name, [*known, 'all'])}")
    return known[name]


def _after(query: ItemQuery, column: ColumnElement[Any]) -> ColumnElement[bool]:
    try:
        sort, value, item_id = msgspec.json.decode(
            base64.urlsafe_b64decode((query.cursor or "").encode()), type=tuple[str, int | float, str]
        )
    except (msgspec.DecodeError, ValueError) as error:
        raise InputError("The cursor is not one that this server gave; start again without it.") from error
    if sort != query.sort:
        raise InputError(f"The cursor belongs to the order {sort!r}; start again without it.")
    here, there = tuple_(column, items.c.id), tuple_(value, item_id)
    return here < there if query.is_descending else here > there
