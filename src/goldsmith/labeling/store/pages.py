"""Pages of items: every filter, order and cursor, in bounded time however many items there are.

Where an index lists few items that pass a condition, those are looked at and sorted. Else the page walks along the
index of its order and tests what it meets, a window at a time; when it has met very many items and found too few, or
has taken long, it ends early, and its cursor goes on from there. Nothing here touches the payloads.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.filters import Condition, Operator
from goldsmith.labeling.store.conditions import STATES, Scope, Test, scope_of, test_of
from goldsmith.labeling.store.items import ROW_COLUMNS
from goldsmith.labeling.store.orders import (
    AFTER_ALL,
    SORTS,
    Key,
    Place,
    after,
    cursor_text,
    keys_of,
    order_by,
    read_cursor,
)
from goldsmith.store.tables.vault import items

__all__ = ["SORTS", "STATES", "Found", "ItemQuery", "cursor_of", "page", "rows_after"]

FEW = 10_000
"""So many items are looked at one by one; of more it is only said that there are more."""
_FIRST_WINDOW = 1_000
_WIDEST_WINDOW = 8_000
_MOST_MET = 60_000
_LONGEST_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items to list, in which order, from where on.

    Attributes:
        sort: names of `SORTS`, separated by commas; `-` before one turns it round.
        is_descending: whether the names without a sign of their own are turned round.
        where: conditions that must all hold.
        questions: the names of the project's questions, which conditions may use.
    """

    sort: str = "position"
    is_descending: bool = False
    state: str = "all"
    text: str = ""
    label: tuple[str, str] | None = None
    where: tuple[Condition, ...] = ()
    questions: Sequence[str] = field(default=())
    limit: int = 50
    cursor: str | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions, those of the short filters too."""
        found = list(self.where)
        if self.state != "all":
            found.append(Condition(name="state", operator=Operator.IS, values=(self.state,)))
        if self.text:
            found.append(Condition(name="text", operator=Operator.CONTAINS, values=(self.text,)))
        if self.label is not None:
            found.append(Condition(name=f"consensus.{self.label[0]}", operator=Operator.IS, values=(self.label[1],)))
        return tuple(found)


class Found(NamedTuple):
    """A page of items.

    Attributes:
        rows: the items.
        next: the cursor of the next page; None when this is the last.
        total: how many items fit; None on a later page, and where nobody counted them.
        at_least: how many items fit at least, when they were not all counted.
    """

    rows: list[RowMapping]
    next: str | None
    total: int | None
    at_least: int | None


class _Effort:
    """How much a page has looked at, and for how long: beyond some of either it ends early."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """From here on it counts."""
        self.n_met = 0
        self._since = time.perf_counter()

    @property
    def is_spent(self) -> bool:
        """Whether the page should end with what it has."""
        return self.n_met >= _MOST_MET or time.perf_counter() - self._since >= _LONGEST_S


class _Asked(NamedTuple):
    """A query made ready: its tests, and the positions of all that can pass when they are few."""

    scope: Scope
    tests: list[Test]
    candidates: list[int] | None
    keys: tuple[Key, ...]
    effort: "_Effort"

    def passing(self) -> list[ColumnElement[bool]]:
        return [test.passes for test in self.tests]


def page(connection: Connection, project_id: str, query: ItemQuery) -> Found:
    """The items of a project that fit a query. Items without a confidence come last in both directions.

    Raises:
        InputError: a name, a value or the cursor is unknown.
    """
    keys = keys_of(query.sort, is_descending=query.is_descending)
    place = None if query.cursor is None else read_cursor(query.cursor, keys)
    asked = _asked(connection, project_id, query, keys)
    if asked.candidates is not None:
        rows = _few(asked, place, query.limit + 1)
        total = _count_few(asked) if place is None else None
        return _found(rows, query.limit, keys, total=total)
    source = _source(asked)
    if source is None:
        rows, stopped = _walk(asked, keys, place, query.limit + 1, fixed=())
    else:
        rows, stopped = _walk_source(asked, source, place, query.limit + 1)
    following = None
    if len(rows) > query.limit:
        following = cursor_text(keys, _place_of(rows[query.limit - 1], keys))
    elif stopped is not None:
        following = cursor_text(keys, stopped)
    total, at_least = _count_many(asked, query) if place is None else (None, None)
    return Found(rows[: query.limit], following, total, at_least)


def rows_after(
    connection: Connection, project_id: str, query: ItemQuery, *, position: int, limit: int
) -> list[RowMapping]:
    """The next items that fit, by position, whatever the order of the query: for work on all of them."""
    found: list[RowMapping] = []
    keys = keys_of("position", is_descending=False)
    asked = _asked(connection, project_id, query, keys)
    place: Place | None = Place((position,), AFTER_ALL)
    while len(found) < limit:
        if asked.candidates is not None:
            return _few(asked, place, limit)
        rows, place = _walk(asked, keys, place, limit - len(found), fixed=())
        found += rows
        if place is None:
            break
        asked.effort.begin()
    return found


def cursor_of(row: RowMapping, query: ItemQuery) -> str:
    """The cursor that continues after `row`."""
    keys = keys_of(query.sort, is_descending=query.is_descending)
    return cursor_text(keys, _place_of(row, keys))


def _asked(connection: Connection, project_id: str, query: ItemQuery, keys: tuple[Key, ...]) -> _Asked:
    effort = _Effort()
    scope = scope_of(connection, project_id, query.questions)
    tests = [test_of(scope, condition) for condition in query.conditions]
    candidates = _candidates(connection, tests)
    if not any(one.name == "state" and "removed" in one.values for one in query.conditions):
        tests.append(Test(func.coalesce(items.c.aside, "") != "removed"))
    return _Asked(scope, tests, candidates, keys, effort)


def _candidates(connection: Connection, tests: Sequence[Test]) -> list[int] | None:
    """The positions of all items that can pass, by the conditions that few items fulfil; None when all have many."""
    found: set[int] | None = None
    for test in tests:
        if test.positions is None or (found is not None and len(found) <= _FIRST_WINDOW):
            continue
        listed = connection.execute(test.positions.limit(FEW + 1)).scalars().all()
        if len(listed) <= FEW:
            found = set(listed) if found is None else found.intersection(listed)
    return None if found is None else sorted(found)


def _found(rows: list[RowMapping], limit: int, keys: tuple[Key, ...], *, total: int | None) -> Found:
    following = cursor_text(keys, _place_of(rows[limit - 1], keys)) if len(rows) > limit else None
    return Found(rows[:limit], following, total, None)


def _few(asked: _Asked, place: Place | None, limit: int) -> list[RowMapping]:
    """The rows of few candidates, sorted."""
    statement = _among(asked, *ROW_COLUMNS)
    if place is not None:
        statement = statement.where(after(asked.keys, place))
    statement = statement.order_by(*order_by(asked.keys)).limit(limit)
    return list(asked.scope.connection.execute(statement, _listed(asked)).mappings())


def _count_few(asked: _Asked) -> int:
    return asked.scope.connection.execute(_among(asked, func.count()), _listed(asked)).scalar_one()


def _listed(asked: _Asked) -> dict[str, str]:
    return {"listed": canonical_json(asked.candidates).decode()}


def _among(asked: _Asked, *columns: Any) -> Any:
    """A select of those candidates that pass: each looked up on its own, whatever the planner thinks of the table."""
    of_project = select(*columns).where(items.c.project_id == asked.scope.project_id, *asked.passing())
    if asked.scope.connection.dialect.name == "sqlite":
        listed = func.json_each(bindparam("listed")).table_valued("value", name="listed")
        return of_project.select_from(items).where(items.c.position.in_(select(listed.c.value)))
    numbers = func.jsonb_array_elements_text(cast(bindparam("listed"), JSONB))
    chosen = select(cast(numbers, BigInteger).label("value")).subquery("listed")
    return of_project.select_from(chosen.join(items, items.c.position == chosen.c.value))


def _source(asked: _Asked) -> Test | None:
    """The test whose passing items an index lists in the order of the page, if there is one."""
    if [key.name for key in asked.keys] != ["position"]:
        return None
    return next((test for test in reversed(asked.tests) if test.along is not None), None)


def _walk_source(asked: _Asked, source: Test, place: Place | None, limit: int) -> tuple[list[RowMapping], Place | None]:
    """Along the positions that an index lists in order, some thousand at a time."""
    is_back = asked.keys[0].is_descending
    if source.positions is None or source.along is None:
        return [], None
    column, base = source.along
    ordered = source.positions.order_by(None).order_by(column.desc() if is_back else column.asc())
    rows: list[RowMapping] = []
    n_window = _FIRST_WINDOW
    at = None if place is None else place.values[0]
    while len(rows) < limit:
        beyond = [] if at is None else [column < at + base if is_back else column > at + base]
        positions = list(asked.scope.connection.execute(ordered.where(*beyond).limit(n_window)).scalars())
        rows += _few(asked._replace(candidates=positions), None, limit - len(rows))
        if len(positions) < n_window:
            return rows, None
        at = positions[-1]
        asked.effort.n_met += n_window
        if len(rows) < limit and asked.effort.is_spent:
            return rows, Place((at,), AFTER_ALL)
        n_window = min(4 * n_window, _WIDEST_WINDOW)
    return rows, None


def _walk(
    asked: _Asked, keys: tuple[Key, ...], place: Place | None, limit: int, *, fixed: tuple[ColumnElement[bool], ...]
) -> tuple[list[RowMapping], Place | None]:
    """Up to `limit` rows in the order of `keys`; and where the walk stopped, when it met too many that do not fit."""
    if len(keys) == 1:
        return _walk_index(asked, keys[0], place, limit, fixed=fixed)
    rows: list[RowMapping] = []
    for group, begins in _groups(asked, keys[0], place, fixed):
        rest = None if begins is None else Place(begins.values[1:], begins.item_id)
        if group.is_wide:
            more, stopped = _walk(asked, keys[1:], rest, limit - len(rows), fixed=(*fixed, *group.passes))
            if stopped is not None:
                return rows + more, Place((group.value, *stopped.values), stopped.item_id)
        else:
            more = _sorted_group(asked, keys, begins, limit - len(rows), fixed=(*fixed, *group.passes))
        rows += more
        if len(rows) >= limit:
            break
        if asked.effort.is_spent and group.value is not None and begins is None:  # else nothing was gained
            return rows, Place((group.value, *_AFTER_ALL[: len(keys) - 1]), AFTER_ALL)
    return rows, None


_AFTER_ALL = (None,) * 8


class _Group(NamedTuple):
    """Items that are next to each other by the first key: one value of it, or several when they are few."""

    value: Any  # the last value; Any: of whatever type the key is
    passes: tuple[ColumnElement[bool], ...]
    is_wide: bool


def _groups(
    asked: _Asked, key: Key, place: Place | None, fixed: tuple[ColumnElement[bool], ...]
) -> Iterator[tuple[_Group, Place | None]]:
    """The groups from a place on, the first of them with the place where it goes on."""
    column, run = key.column, asked.scope.connection.execute
    of_project = and_(items.c.project_id == asked.scope.project_id, *fixed)
    begins = place
    at = None if place is None else place.values[0]
    is_first = True
    while at is not None or (is_first and place is None):
        from_here = [] if at is None else [column <= at if key.is_descending else column >= at]
        ordered = select(column).where(of_project, column.is_not(None), *from_here).order_by(key.ordered)
        value = run(ordered.limit(1)).scalar()
        if value is None:
            break
        from_value = column <= value if key.is_descending else column >= value
        far = run(ordered.where(from_value).limit(1).offset(FEW)).scalar()
        asked.effort.n_met += FEW if far is not None else 0
        if far == value:
            yield _Group(value, (column == value,), is_wide=True), begins
            at = _next_value(run, of_project, key, value)
        else:
            within = [from_value]
            if far is not None:
                within.append(column > far if key.is_descending else column < far)
            last = None if far is None else _next_value(run, of_project, key.turned, far)
            yield _Group(last, tuple(within), is_wide=False), begins
            at = far
        begins, is_first = None, False
    if column.nullable:
        yield _Group(None, (column.is_(None),), is_wide=True), begins if place and place.values[0] is None else None


def _next_value(run: Any, of_project: ColumnElement[bool], key: Key, value: Any) -> Any:
    beyond = key.column < value if key.is_descending else key.column > value
    return run(select(key.column).where(of_project, beyond).order_by(key.ordered).limit(1)).scalar()


def _sorted_group(
    asked: _Asked,
    keys: tuple[Key, ...],
    place: Place | None,
    limit: int,
    *,
    fixed: tuple[ColumnElement[bool], ...],
) -> list[RowMapping]:
    statement = select(*ROW_COLUMNS).where(
        items.c.project_id == asked.scope.project_id, *fixed, *asked.passing(), *([after(keys, place)] if place else [])
    )
    statement = statement.order_by(*order_by(keys)).limit(limit)
    return list(asked.scope.connection.execute(statement).mappings())


def _walk_index(
    asked: _Asked, key: Key, place: Place | None, limit: int, *, fixed: tuple[ColumnElement[bool], ...]
) -> tuple[list[RowMapping], Place | None]:
    """Along the index of one column, first the items that have a value there, then those that have none."""
    rows: list[RowMapping] = []
    if place is None or place.values[0] is not None:
        rows, stopped = _walk_part(asked, key, place, limit, fixed=fixed)
        place = None
        if stopped is not None or len(rows) >= limit:
            return rows, stopped
    if key.column.nullable:
        missing = Key(items.c.id, is_descending=key.is_descending, name=key.name)
        at = None if place is None else Place((place.item_id,), place.item_id)
        none_here = (*fixed, key.column.is_(None))
        more, stopped = _walk_part(asked, missing, at, limit - len(rows), fixed=none_here)
        return rows + more, None if stopped is None else Place((None,), stopped.item_id)
    return rows, None


def _walk_part(
    asked: _Asked, key: Key, place: Place | None, limit: int, *, fixed: tuple[ColumnElement[bool], ...]
) -> tuple[list[RowMapping], Place | None]:
    run = asked.scope.connection.execute
    n_own = 1 if key.column is items.c.id else 0  # what says that a value is missing filters nothing
    is_plain = len(asked.tests) == 1 and len(fixed) == n_own
    rows: list[RowMapping] = []
    n_window = _FIRST_WINDOW
    keyed = [] if key.column is items.c.id else [key.column]
    part = [items.c.project_id == asked.scope.project_id]
    part += [key.column.is_not(None)] if key.column.nullable else []
    part += [one for one in fixed if key.column is items.c.id]  # the items without a value are a part of its index
    while len(rows) < limit:
        window = part if place is None else [*part, key.beyond(place)]
        end = None
        if not is_plain:
            edge = select(*keyed, items.c.id).where(*window).order_by(*key.order).offset(n_window - 1).limit(1)
            end = run(edge).first()
            if end is not None:
                window = [*window, key.up_to(Place((end[0],), end[-1]))]
        statement = select(*ROW_COLUMNS).where(*window, *fixed, *asked.passing()).order_by(*key.order)
        rows += run(statement.limit(limit - len(rows))).mappings()
        if end is None:
            return rows, None
        place = Place((end[0],), end[-1])
        asked.effort.n_met += n_window
        if len(rows) < limit and asked.effort.is_spent:
            return rows, place
        n_window = min(4 * n_window, _WIDEST_WINDOW)
    return rows, None


def _place_of(row: RowMapping, keys: tuple[Key, ...]) -> Place:
    return Place(tuple(row[key.column.name] for key in keys), row["id"])


def _count_many(asked: _Asked, query: ItemQuery) -> tuple[int | None, int | None]:
    """How many items fit where they are many: exactly when all do, else at least so many where one condition is all."""
    run, of_project = asked.scope.connection.execute, items.c.project_id == asked.scope.project_id
    n_conditions = len(query.conditions)
    if n_conditions == 0:
        last = run(select(func.coalesce(func.max(items.c.position), -1)).where(of_project)).scalar_one()
        removed = select(func.count()).where(of_project, items.c.aside == "removed")
        return last + 1 - run(removed).scalar_one(), None
    n_items = run(select(func.coalesce(func.max(items.c.position), -1)).where(of_project)).scalar_one() + 1
    if n_items <= 2 * FEW:
        return run(select(func.count()).select_from(items).where(of_project, *asked.passing())).scalar_one(), None
    return None, FEW if n_conditions == 1 and asked.tests[0].positions is not None else None
