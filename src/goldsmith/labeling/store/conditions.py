"""What a condition of a filter asks the database: a test of an item's row, and where an index lists what passes it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY, array

from goldsmith.errors import InputError
from goldsmith.kit.nearest import nearest
from goldsmith.labeling.filters import Condition, Operator
from goldsmith.store.facets import facet_id, place_of
from goldsmith.store.tables.finding import facets, item_facets, item_words
from goldsmith.store.tables.vault import items, projects, threads
from goldsmith.store.words import words_query

ANY = "*"
"""As a value: whatever it is, as long as there is one."""
_MOST_IDS = 1_000
_FEW_IDS = 8
_IS_OPEN = literal_column("items.is_open") == literal_column("1")  # these are spelled as in the partial indexes
STATES: dict[str, ColumnElement[bool]] = {
    "open": _IS_OPEN,
    "certain": literal_column("items.is_certain") == literal_column("1"),
    "uncertain": literal_column("items.is_certain") == literal_column("0"),
    "answered": items.c.n_people > 0,
    "unanswered": items.c.n_people == 0,
    "contested": literal_column("items.is_contested") == literal_column("1"),
    "to-review": items.c.review_stage == "review",
    "in-rework": items.c.review_stage == "rework",
    "to-adjudicate": or_(items.c.review_stage == "adjudicate", items.c.is_contested == 1),
    "settled": items.c.review_stage == "settled",
    "set-aside": items.c.aside == "set_aside",
    "removed": items.c.aside == "removed",
}
_BY_POSITION: tuple[Column[Any], ...] = (items.c.position,)
_BY_RANK: tuple[Column[Any], ...] = (items.c.queue_rank, items.c.id)
_ORDERS: dict[str, tuple[Column[Any], ...] | None] = {
    **dict.fromkeys(STATES, _BY_POSITION),
    "to-review": _BY_RANK,
    "to-adjudicate": _BY_RANK,
    "in-rework": None,  # of few items, found along the list
    "settled": None,
    "open": _BY_RANK,
    "answered": (items.c.n_people, items.c.id),
    "unanswered": (items.c.n_people, items.c.id),
}
MOST_LISTED = 10_001
"""Of the items with one facet among several, so many are listed and no more."""
_THREADS: dict[str, tuple[ColumnElement[bool], ...]] = {"commented": (), "unresolved": (threads.c.state == "open",)}
_FACET_STATES = {"skipped": ("skipped", "yes"), "known": ("known", "yes")}
_NUMBERS: dict[str, Column[Any]] = {
    "confidence": items.c.confidence,
    "answers": items.c.n_people,
    "models": items.c.n_models,
    "priority": items.c.priority,
    "position": items.c.position,
    "updated": items.c.updated_at,
}
_INDEXED = frozenset({"confidence", "answers", "priority", "position", "updated"})
_FACETS = ("by", "tag", "skill", "reason")
_FACETS_OF_QUESTIONS = ("consensus", "answer", "known", "confidence", "agreement")
NAMES = ("text", "id", "state", *_NUMBERS, *_FACETS, *(f"{one}.…" for one in _FACETS_OF_QUESTIONS), "field.…")


class Scope(NamedTuple):
    """Whose items are looked through: a project, its number, and its questions."""

    connection: Connection
    project_id: str
    number: int
    questions: Sequence[str]

    @property
    def base(self) -> int:
        """The place of the project's first item."""
        return place_of(self.number, 0)


class Along(NamedTuple):
    """The column of an index that counts positions, from a base on."""

    column: ColumnElement[int]
    base: int


class Test(NamedTuple):
    """What a condition asks: of an item's row, and the positions of all that pass, where an index lists them.

    `along` is there when the index lists them by position, so that the first are found without the others.
    """

    passes: ColumnElement[bool]
    positions: Select[Any] | None = None
    along: Along | None = None


def scope_of(connection: Connection, project_id: str, questions: Sequence[str]) -> Scope:
    """The scope of a project; `questions` are the names that its filters may use."""
    number = connection.execute(select(projects.c.number).where(projects.c.id == project_id)).scalar_one()
    return Scope(connection, project_id, number or 0, questions)


def test_of(scope: Scope, condition: Condition) -> Test:
    """What `condition` asks of the items of a project.

    Raises:
        InputError: the name is unknown, or cannot be compared like that, or a value is not possible.
    """
    name = condition.name
    if name == "text":
        return _of_text(scope, condition)
    if name == "state":
        return _of_state(scope, condition)
    if name == "id":
        _only(condition, Operator.IS, Operator.IS_NOT)
        return _of_column(scope, condition, items.c.external_id.in_(condition.values), order=(items.c.external_id,))
    if name in _NUMBERS:
        column = _NUMBERS[name]
        order = (column, items.c.id) if name in _INDEXED else None
        return _of_column(scope, condition, _compared(condition, column), order=order)
    if name in _FACETS or name.partition(".")[0] in (*_FACETS_OF_QUESTIONS, "field"):
        return _of_facet(scope, _checked(scope, condition))
    raise InputError(f"There is nothing called {name[:60]!r} to filter by; {nearest(name, NAMES)}")


def _of_text(scope: Scope, condition: Condition) -> Test:
    _only(condition, Operator.CONTAINS, Operator.IS)
    engine = scope.connection.dialect.name
    asked = words_query(condition.values[0], engine)
    if asked is None:
        raise InputError(f"The search {condition.values[0][:60]!r} has no word; give letters or digits.")
    place = item_words.c.place if engine == "postgresql" else literal_column("item_words.rowid", BigInteger)
    if engine == "postgresql":
        matches = item_words.c.words.bool_op("@@")(cast(asked, TSQUERY))
    else:
        matches = text("item_words match :asked").bindparams(asked=asked)
    # The sum keeps PostgreSQL from reading every item in the range instead of asking the index of words.
    ranged = place if engine == "sqlite" else place + 0
    is_in = ranged.between(scope.base, place_of(scope.number + 1, 0) - 1)
    positions = select((place - scope.base).label("position")).select_from(item_words).where(matches, is_in)
    if engine == "postgresql":
        one = select(literal(1)).select_from(item_words).where(place == items.c.position + scope.base, matches)
        return Test(_per_item(one), positions)
    # FTS5 lists a million matches in a tenth of a second, but takes long to look up one, of a beginning above all.
    found = select(place).select_from(item_words).where(matches, is_in)
    return Test((items.c.position + scope.base).in_(found), positions, Along(place, scope.base))


def _of_state(scope: Scope, condition: Condition) -> Test:
    _only(condition, Operator.IS, Operator.IS_NOT)
    tests: list[Test] = []
    for value in condition.values:
        if value in _FACET_STATES:
            tests.append(_of_ids(scope, [facet_id(scope.project_id, *_FACET_STATES[value])]))
        elif value in _THREADS:
            tests.append(_of_threads(scope, _THREADS[value]))
        elif value in STATES:
            tests.append(_of_column(scope, None, STATES[value], order=_ORDERS[value]))
        else:
            raise InputError(
                f"There is no state {value[:40]!r}; {nearest(value, [*STATES, *_FACET_STATES, *_THREADS])}"
            )
    if condition.operator is Operator.IS_NOT:
        return Test(not_(or_(*(test.passes for test in tests))))
    return tests[0] if len(tests) == 1 else Test(or_(*(test.passes for test in tests)))


def _of_threads(scope: Scope, which: tuple[ColumnElement[bool], ...]) -> Test:
    one = select(literal(1)).select_from(threads).where(threads.c.item_id == items.c.id, *which)
    positions = select(items.c.position).join_from(threads, items, items.c.id == threads.c.item_id)
    return Test(_per_item(one), positions.where(threads.c.project_id == scope.project_id, *which))


def _of_column(
    scope: Scope,
    condition: Condition | None,
    passes: ColumnElement[bool],
    *,
    order: tuple[Column[Any], ...] | None,
) -> Test:
    """A test of a column; `order` is that of the index that lists what passes, if there is one."""
    if condition is not None and condition.operator is Operator.IS_NOT:
        return Test(func.coalesce(not_(passes), True) if condition.name == "confidence" else not_(passes))
    if order is None:
        return Test(passes)
    positions = select(items.c.position).where(items.c.project_id == scope.project_id, passes)
    return Test(passes, positions.order_by(*order), Along(items.c.position, 0) if order is _BY_POSITION else None)


def _of_facet(scope: Scope, condition: Condition) -> Test:
    if condition.operator in {Operator.IS, Operator.IS_NOT} and condition.values != (ANY,):
        ids = [facet_id(scope.project_id, condition.name, value) for value in condition.values]
        test = _of_ids(scope, ids)
    else:
        chosen = select(facets.c.id).where(
            facets.c.project_id == scope.project_id, facets.c.name == condition.name, *_facet_range(condition)
        )
        found = list(scope.connection.execute(chosen.limit(_MOST_IDS + 1)).scalars())
        test = _of_ids(scope, found if len(found) <= _MOST_IDS else chosen)
    return Test(not_(test.passes)) if condition.operator is Operator.IS_NOT else test


def _facet_range(condition: Condition) -> list[ColumnElement[bool]]:
    if condition.operator in {Operator.IS, Operator.IS_NOT}:
        return []
    value = condition.values[0]
    if condition.operator is Operator.CONTAINS:
        return [facets.c.value.icontains(value, autoescape=True)]
    number = _as_number(value)
    column, bound = (facets.c.value, value) if number is None else (facets.c.number, number)
    return [_COMPARE[condition.operator](column, bound)]


def _of_ids(scope: Scope, ids: list[int] | Select[Any]) -> Test:
    """The items that have one of these facets."""
    is_one = item_facets.c.facet_id.in_(ids)
    positions = _positions_of_ids(scope, ids)
    is_few = isinstance(ids, list) and len(ids) <= _FEW_IDS
    # Of few facets each is looked up, else the item's own, which are fewer: the sum hides the column from its index.
    among = is_one if is_few else (item_facets.c.facet_id + 0).in_(ids)
    one = select(literal(1)).select_from(item_facets).where(item_facets.c.place == items.c.position + scope.base, among)
    is_one_facet = isinstance(ids, list) and len(ids) == 1
    return Test(_per_item(one), positions, Along(item_facets.c.place, scope.base) if is_one_facet else None)


def _positions_of_ids(scope: Scope, ids: list[int] | Select[Any]) -> Select[Any]:
    """The positions of the items that have one of these facets: by position for one, facet by facet for several."""
    position = (item_facets.c.place - scope.base).label("position")
    if isinstance(ids, list) and len(ids) == 1:
        of_one = select(position).where(item_facets.c.facet_id == ids[0])
        return of_one.order_by(item_facets.c.facet_id, item_facets.c.place)
    if scope.connection.dialect.name == "sqlite":
        return select(position).where(item_facets.c.facet_id.in_(ids))
    # Left to itself, PostgreSQL reads the whole table for a list of facets.
    asked = (select(func.unnest(array(ids, type_=BigInteger)).label("id")) if isinstance(ids, list) else ids).subquery(
        "asked"
    )
    found = (
        select(position)
        .where(item_facets.c.facet_id == asked.c.id)
        .order_by(item_facets.c.place)
        .limit(MOST_LISTED)
        .lateral("found")
    )
    return select(found.c.position).select_from(asked.join(found, true()))


def _per_item(one: Select[Any]) -> ColumnElement[bool]:
    """Whether `one` gives a row; the offset keeps PostgreSQL from making a join of it, as in the queue."""
    return one.offset(0).correlate(items).exists()


def _checked(scope: Scope, condition: Condition) -> Condition:
    """The condition, once it is known that the project has the question and the annotators that it names."""
    family, _, rest = condition.name.partition(".")
    question, at, who = rest.partition("@")
    if family in _FACETS_OF_QUESTIONS and question.partition(".")[0] not in scope.questions:
        known = [f"{family}.{one}" for one in scope.questions]
        raise InputError(f"The project has no question {question[:60]!r}; {nearest(condition.name, known)}")
    if condition.name == "by":
        _only(condition, Operator.IS, Operator.IS_NOT)
    names = [who] if at else [one for one in condition.values if condition.name == "by" and one != ANY]
    for name in names:
        asked = select(facets.c.id).where(facets.c.id == facet_id(scope.project_id, "by", name))
        if scope.connection.execute(asked).first() is None:
            raise InputError(f"Nobody called {name[:60]!r} has answered in this project; name annotators as items do.")
    return condition


def _compared(condition: Condition, column: Column[Any]) -> ColumnElement[bool]:
    if condition.operator is Operator.CONTAINS:
        raise InputError(f"{condition.name} is a number; compare it with =, !=, <, <=, > or >=.")
    bounds = [_bound(condition.name, value) for value in condition.values]
    if condition.operator in {Operator.IS, Operator.IS_NOT}:
        return and_(column.in_(bounds)) if len(bounds) > 1 else column == bounds[0]
    return _COMPARE[condition.operator](column, bounds[0])


def _bound(name: str, value: str) -> float | int:
    if name == "updated":
        try:
            instant = datetime.fromisoformat(value)
        except ValueError as error:
            raise InputError(f"updated is a day or an instant such as 2026-11-23, not {value[:40]!r}.") from error
        return int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    number = _as_number(value)
    if number is None or abs(number) > 2**53:
        raise InputError(f"{name} is compared with a number, not {value[:40]!r}.")
    return number if name == "confidence" else int(number) if number.is_integer() else number


def _as_number(value: str) -> float | None:
    try:
        number = float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _only(condition: Condition, *operators: Operator) -> None:
    if condition.operator not in operators:
        raise InputError(
            f"{condition.name} can be compared with {' or '.join(operators)}, not with {condition.operator}."
        )


_COMPARE: dict[Operator, Callable[[Any, Any], ColumnElement[bool]]] = {
    Operator.LESS: lambda column, bound: column < bound,
    Operator.AT_MOST: lambda column, bound: column <= bound,
    Operator.MORE: lambda column, bound: column > bound,
    Operator.AT_LEAST: lambda column, bound: column >= bound,
}
