"""The orders of a list of items, and the places in them where a page goes on."""

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, ColumnElement, Float, and_, literal, or_, tuple_

from goldsmith.errors import InputError
from goldsmith.kit.ids import is_uuid
from goldsmith.kit.nearest import nearest
from goldsmith.store.tables.vault import items

SORTS: dict[str, Column[Any]] = {
    "position": items.c.position,
    "need": items.c.queue_rank,
    "confidence": items.c.confidence,
    "answers": items.c.n_people,
    "updated": items.c.updated_at,
    "priority": items.c.priority,
    "id": items.c.external_id,
}
MOST_KEYS = 4
AFTER_ALL = "~"
"""Stands for the id of an item in a place after all items with the same values."""
_MAX_INTEGER = 2**63 - 1
_LONGEST = 600
_FOREIGN_CURSOR = "The cursor is not one that this server gave; start again without it."

# Any: a place holds values of whatever columns the list is sorted by.


class Place(NamedTuple):
    """Where a page goes on: after these values of the sorted columns, which may be missing, and this item."""

    values: tuple[Any, ...]
    item_id: str


class Key(NamedTuple):
    """One column of an order."""

    column: Column[Any]
    is_descending: bool
    name: str

    @property
    def ordered(self) -> ColumnElement[Any]:
        """For `order_by`, without a tie break."""
        return self.column.desc() if self.is_descending else self.column.asc()

    @property
    def order(self) -> tuple[ColumnElement[Any], ...]:
        """For `order_by`, along the column's index."""
        columns = (self.column,) if self.column is items.c.id else (self.column, items.c.id)
        return tuple(one.desc() if self.is_descending else one.asc() for one in columns)

    @property
    def turned(self) -> "Key":
        """The same column the other way round."""
        return Key(self.column, not self.is_descending, self.name)

    def beyond(self, place: Place) -> ColumnElement[bool]:
        """Whether an item comes after a place along the column's index."""
        here, there = self._sides(place)
        return here < there if self.is_descending else here > there

    def up_to(self, place: Place) -> ColumnElement[bool]:
        """Whether an item comes no later than a place along the column's index."""
        here, there = self._sides(place)
        return here >= there if self.is_descending else here <= there

    def _sides(self, place: Place) -> tuple[Any, Any]:
        if self.column is items.c.id:
            return items.c.id, place.item_id
        return tuple_(self.column, items.c.id), tuple_(place.values[0], place.item_id)


def keys_of(sort: str, *, is_descending: bool) -> tuple[Key, ...]:
    """The keys of an order such as `answers,-confidence`.

    Raises:
        InputError: a name is unknown or stands there twice, or there are too many.
    """
    parts = [part.strip() for part in sort.split(",")]
    if not 1 <= len(parts) <= MOST_KEYS:
        raise InputError(f"sort takes 1 to {MOST_KEYS} names, not {len(parts)}.")
    found: list[Key] = []
    for part in parts:
        name = part.removeprefix("-")
        if name not in SORTS:
            raise InputError(f"There is no sort {name[:40]!r}; {nearest(name, SORTS)}")
        if any(key.name == name for key in found):
            raise InputError(f"sort names {name!r} twice.")
        found.append(Key(SORTS[name], is_descending=part.startswith("-") or is_descending, name=name))
    return tuple(found)


def order_by(keys: Sequence[Key]) -> list[ColumnElement[Any]]:
    """All keys, those that may miss last whatever the direction, and the item's id as a tie break."""
    found: list[ColumnElement[Any]] = []
    for key in keys:
        found += [key.column.is_(None), key.ordered] if key.column.nullable else [key.ordered]
    return [*found, items.c.id.desc() if keys[-1].is_descending else items.c.id.asc()]


def after(keys: Sequence[Key], place: Place) -> ColumnElement[bool]:
    """Whether an item comes after a place in the order of `order_by`."""
    id_beyond = items.c.id < place.item_id if keys[-1].is_descending else items.c.id > place.item_id
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(keys, place.values, strict=True):
        ways.append(and_(*same, _beyond(key, value)))
        same.append(key.column.is_(None) if value is None else key.column == value)
    return or_(*ways, and_(*same, id_beyond))


def cursor_text(keys: Sequence[Key], place: Place) -> str:
    """A place as it goes over the wire."""
    return base64.urlsafe_b64encode(msgspec.json.encode([_name(keys), place.values, place.item_id])).decode()


def read_cursor(cursor: str, keys: Sequence[Key]) -> Place:
    """The place that a cursor means.

    Raises:
        InputError: it is none, or belongs to another order.
    """
    try:
        decoded = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
        sort, values, item_id = msgspec.json.decode(decoded, type=tuple[str, list[int | float | str | None], str])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InputError(_FOREIGN_CURSOR) from error
    if sort != _name(keys):
        raise InputError(f"The cursor belongs to the order {sort[:40]!r}; start again without it.")
    is_possible = len(values) == len(keys) and all(
        _is_possible(key, value) or (value is None and item_id == AFTER_ALL)
        for key, value in zip(keys, values, strict=False)
    )
    if not (is_uuid(item_id) or item_id == AFTER_ALL) or not is_possible:
        raise InputError(_FOREIGN_CURSOR)
    typed = (
        None if value is None else key.column.type.python_type(value) for key, value in zip(keys, values, strict=True)
    )
    return Place(tuple(typed), item_id)


def _name(keys: Sequence[Key]) -> str:
    return ",".join(f"-{key.name}" if key.is_descending else key.name for key in keys)


def _is_possible(key: Key, value: object) -> bool:
    if value is None:
        return key.column.nullable is True
    if key.column.type.python_type is str:
        return isinstance(value, str) and len(value) <= _LONGEST and "\x00" not in value
    kinds = int | float if isinstance(key.column.type, Float) else int
    return isinstance(value, kinds) and abs(value) <= _MAX_INTEGER


def _beyond(key: Key, value: Any) -> ColumnElement[bool]:
    if value is None:
        return literal(1) == literal(0)  # what is missing comes last
    beyond = key.column < value if key.is_descending else key.column > value
    return or_(beyond, key.column.is_(None)) if key.column.nullable else beyond
