"""Pages of items: every sort, filter and cursor. They never touch the payloads."""

import base64
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, RowMapping, func, literal_column, or_, select, tuple_

from goldsmith.errors import InputError
from goldsmith.kit.ids import is_uuid
from goldsmith.kit.nearest import nearest
from goldsmith.labeling.store.items import ROW_COLUMNS
from goldsmith.store.tables.vault import items

SORTS: dict[str, Column[Any]] = {
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
    "to-review": items.c.review_stage == "review",
    "in-rework": items.c.review_stage == "rework",
    "to-adjudicate": or_(items.c.review_stage == "adjudicate", items.c.is_contested == 1),
    "settled": items.c.review_stage == "settled",
}
_MAX_INTEGER = 2**63 - 1
_FOREIGN_CURSOR = "The cursor is not one that this server gave; start again without it."


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


class _Place(NamedTuple):
    """Where a page goes on: after this value of the sorted column, which may be missing, and this item."""

    value: int | float | None
    item_id: str


def page(connection: Connection, project_id: str, query: ItemQuery) -> list[RowMapping]:
    """Up to `limit + 1` rows: one more than asked for says that there is a next page.

    Items without a confidence come last in both directions.

    Raises:
        InputError: the sort, the state or the cursor is unknown.
    """
    column = _known(query.sort, SORTS, "sort")
    place = None if query.cursor is None else _read_cursor(query)
    rows: list[RowMapping] = []
    if place is None or place.value is not None:
        rows = _part(connection, project_id, query, column=column, place=place)
        place = None
    if column.nullable and len(rows) <= query.limit:
        rows += _part(connection, project_id, query, column=None, place=place)
    return rows[: query.limit + 1]


def cursor_of(row: RowMapping, query: ItemQuery) -> str:
    """The cursor that continues after `row`."""
    value = row[SORTS[query.sort].name]
    return base64.urlsafe_b64encode(msgspec.json.encode([query.sort, value, row["id"]])).decode()


def count(connection: Connection, project_id: str, query: ItemQuery) -> int:
    """How many items fit the filters."""
    return connection.execute(_filtered(select(func.count()).select_from(items), project_id, query)).scalar_one()


def _part(
    connection: Connection, project_id: str, query: ItemQuery, *, column: Column[Any] | None, place: _Place | None
) -> list[RowMapping]:
    """The rows that have a value in `column`; those that have none in a column that may miss, when it is None."""
    statement = _filtered(select(*ROW_COLUMNS, items.c.queue_rank), project_id, query)
    keys: tuple[Column[Any], ...] = (items.c.id,) if column is None else (column, items.c.id)
    if column is None:
        statement = statement.where(items.c.confidence.is_(None))
    elif column.nullable:
        statement = statement.where(column.is_not(None))
    if place is not None:
        here, there = tuple_(*keys), tuple_(*place[-len(keys) :])
        statement = statement.where(here < there if query.is_descending else here > there)
    order = (key.desc() if query.is_descending else key.asc() for key in keys)
    return list(connection.execute(statement.order_by(*order).limit(query.limit + 1)).mappings())


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


def _read_cursor(query: ItemQuery) -> _Place:
    try:
        decoded = base64.b64decode((query.cursor or "").encode(), altchars=b"-_", validate=True)
        sort, value, item_id = msgspec.json.decode(decoded, type=tuple[str, int | float | None, str])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InputError(_FOREIGN_CURSOR) from error
    if sort != query.sort:
        raise InputError(f"The cursor belongs to the order {sort[:40]!r}; start again without it.")
    column = SORTS[sort]
    is_possible = column.nullable if value is None else abs(value) <= _MAX_INTEGER
    if not is_uuid(item_id) or not is_possible:
        raise InputError(_FOREIGN_CURSOR)
    return _Place(None if value is None else column.type.python_type(value), item_id)
