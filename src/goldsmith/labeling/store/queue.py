"""The queue: leases are predicates. An expired lease is one whose `leased_until` lies before now; nobody sweeps."""

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Exists,
    RowMapping,
    Select,
    Text,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from goldsmith.store.prepared import Prepared, Row
from goldsmith.store.tables.vault import audit_items, current_annotations, item_contents, items, leases

_ITEM_COLUMNS = (
    items.c.id.label("item_id"),
    items.c.external_id,
    items.c.queue_rank,
    items.c.n_people,
    items.c.n_models,
    items.c.confidence,
    item_contents.c.payload,
)
_IS_OPEN = literal_column("items.is_open") == literal_column("1")  # spelled as in the partial index
_ME = bindparam("annotator_id", type_=Text)
_NOW = bindparam("now", type_=BigInteger)
_PURPOSE = bindparam("purpose", type_=Text)


def _per_item(one: Select[Any]) -> Exists:
    """Whether `one` gives a row for the item at hand.

    The offset changes no answer: it keeps PostgreSQL from making a join of it that reads all that was ever answered.
    """
    return one.offset(0).correlate(items).exists()


_HELD = Prepared(
    select(leases.c.id, leases.c.leased_until, *_ITEM_COLUMNS)
    .join_from(leases, items, items.c.id == leases.c.item_id)
    .join(item_contents, item_contents.c.item_id == items.c.id)
    .where(
        leases.c.annotator_id == _ME,
        leases.c.project_id == bindparam("project_id"),
        leases.c.purpose == _PURPOSE,
        leases.c.leased_until >= _NOW,
    )
    .order_by(leases.c.id)
    .limit(bindparam("n"))
)
_OTHERS = leases.alias("others")
_MINE = leases.alias("mine")
_IN_FLIGHT = (
    select(func.count())
    .select_from(_OTHERS)
    .where(
        _OTHERS.c.item_id == items.c.id,
        _OTHERS.c.purpose == _PURPOSE,
        _OTHERS.c.leased_until >= _NOW,
        _OTHERS.c.annotator_id != _ME,
    )
    .correlate(items)
    .scalar_subquery()
)
_HELD_BY_ME = _per_item(
    select(_MINE.c.id).where(
        _MINE.c.item_id == items.c.id,
        _MINE.c.annotator_id == _ME,
        _MINE.c.purpose == _PURPOSE,
        _MINE.c.leased_until >= _NOW,
    )
)
_ANSWERED_BY_ME = _per_item(
    select(current_annotations.c.item_id).where(
        current_annotations.c.item_id == items.c.id,
        current_annotations.c.annotator_id == _ME,
        current_annotations.c.purpose == _PURPOSE,
    )
)
_AUDITED = _per_item(
    select(current_annotations.c.item_id).where(
        current_annotations.c.item_id == items.c.id, current_annotations.c.purpose == "audit"
    )
)
_CANDIDATES = (
    select(*_ITEM_COLUMNS)
    .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
    .where(
        items.c.project_id == bindparam("project_id"),
        _IS_OPEN,
        tuple_(items.c.queue_rank, items.c.id)
        > tuple_(bindparam("rank", type_=BigInteger), bindparam("after", type_=Text)),
        items.c.n_people + _IN_FLIGHT < items.c.wanted,
        ~_HELD_BY_ME,
        ~_ANSWERED_BY_ME,
    )
    .order_by(items.c.queue_rank, items.c.id)
    .limit(bindparam("n"))
)
_AUDIT_CANDIDATES = (
    select(*_ITEM_COLUMNS)
    .join_from(audit_items, items, items.c.id == audit_items.c.item_id)
    .join(item_contents, item_contents.c.item_id == items.c.id)
    .where(audit_items.c.project_id == bindparam("project_id"), ~_AUDITED, _IN_FLIGHT == 0, ~_HELD_BY_ME)
    .order_by(audit_items.c.item_id)
    .limit(bindparam("n"))
)
_ROOM = case(
    (_PURPOSE == "audit", case((_AUDITED, 0), else_=1)),
    else_=case((_IS_OPEN, items.c.wanted - items.c.n_people), else_=0),
)
_GUARDED = select(
    bindparam("lease_id", type_=Text).label("id"),
    _NOW.label("created_at"),
    items.c.project_id,
    items.c.id,
    _ME.label("annotator_id"),
    _PURPOSE.label("purpose"),
    bindparam("leased_until", type_=BigInteger).label("leased_until"),
).where(items.c.id == bindparam("item_id"), _IN_FLIGHT < _ROOM)
_LEASE_COLUMNS = ["id", "created_at", "project_id", "item_id", "annotator_id", "purpose", "leased_until"]


def _take(insert: Any) -> Any:
    statement = insert(leases).from_select(_LEASE_COLUMNS, _GUARDED)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["item_id", "annotator_id", "purpose"],
        set_={"id": new.id, "created_at": new.created_at, "leased_until": new.leased_until},
    )


def _locked(statement: Any, *, waits: bool) -> Prepared:
    return Prepared(statement.with_for_update(of=items, key_share=True, skip_locked=not waits))


_LOCKED = {
    ("label", False): _locked(_CANDIDATES, waits=False),
    ("label", True): _locked(_CANDIDATES, waits=True),
    ("audit", False): _locked(_AUDIT_CANDIDATES, waits=False),
    ("audit", True): _locked(_AUDIT_CANDIDATES, waits=True),
}
_TAKE = Prepared(_take(sqlite.insert), postgresql=_take(postgresql.insert))
_EXTEND = update(leases).where(leases.c.id == bindparam("lease_id")).values(leased_until=bindparam("until"))
_RELEASE = delete(leases).where(leases.c.id == bindparam("lease_id"), leases.c.annotator_id == _ME)
_LEASE = select(leases.c.project_id, leases.c.item_id, leases.c.purpose, leases.c.leased_until).where(
    leases.c.id == bindparam("lease_id"), leases.c.annotator_id == _ME
)


class Asked(NamedTuple):
    """Who asks for items of which project, for what, and when."""

    project_id: str
    annotator_id: str
    purpose: str
    now: int


def held(connection: Connection, asked: Asked, n: int) -> list[Row]:
    """The items that an annotator holds now, in the order they were taken."""
    return _HELD.rows(connection, asked._asdict() | {"n": n})


def candidates(connection: Connection, asked: Asked, n: int, *, after: tuple[int, str], waits: bool) -> list[Row]:
    """The next items of the queue that this annotator may answer, after a place in it.

    Where rows have locks they are locked; an item that somebody else has locked is passed over, or waited for.
    """
    parameters = asked._asdict() | {"n": n, "rank": after[0], "after": after[1]}
    return _LOCKED["label", waits].rows(connection, parameters)


def audit_candidates(connection: Connection, asked: Asked, n: int, *, waits: bool) -> list[Row]:
    """The next items of the audit sample that nobody has audited or holds, locked like `candidates`."""
    return _LOCKED["audit", waits].rows(connection, asked._asdict() | {"n": n})


def take(connection: Connection, values: dict[str, Any]) -> bool:
    """Lease one item; False when others took it up to its overlap in the meantime."""
    return _TAKE.run(connection, values) == 1


def lease(connection: Connection, *, lease_id: str, annotator_id: str) -> RowMapping | None:
    """An annotator's lease, also one that has run out."""
    return connection.execute(_LEASE, {"lease_id": lease_id, "annotator_id": annotator_id}).mappings().first()


def extend(connection: Connection, *, lease_id: str, until: int) -> None:
    """Move the end of a lease."""
    connection.execute(_EXTEND, {"lease_id": lease_id, "until": until})


def release(connection: Connection, *, lease_id: str, annotator_id: str) -> None:
    """Give a lease back."""
    connection.execute(_RELEASE, {"lease_id": lease_id, "annotator_id": annotator_id})


def n_open_up_to(connection: Connection, project_id: str, limit: int) -> int:
    """How many items are open, counted no further than `limit`."""
    some = (
        select(items.c.id)
        .where(items.c.project_id == project_id, _IS_OPEN)
        .order_by(items.c.queue_rank)
        .limit(limit)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def empty_counts(connection: Connection, asked: Asked) -> dict[str, int]:
    """The counts that say why an annotator's queue is empty."""
    project_id, annotator_id, purpose, now = asked
    of_project = items.c.project_id == project_id
    totals = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(items.c.is_open), 0),
            func.coalesce(func.sum(items.c.is_certain), 0),
            func.coalesce(func.sum(case((items.c.n_people > 0, 1), else_=0)), 0),
        ).where(of_project)
    ).one()
    mine = (
        select(func.count()).select_from(current_annotations).join(items, items.c.id == current_annotations.c.item_id)
    )
    answered_by_me = connection.execute(
        mine.where(
            of_project,
            current_annotations.c.annotator_id == annotator_id,
            current_annotations.c.purpose == purpose,
        )
    ).scalar_one()
    in_flight = connection.execute(
        select(func.count())
        .select_from(leases)
        .where(
            leases.c.project_id == project_id,
            leases.c.purpose == purpose,
            leases.c.leased_until >= now,
            leases.c.annotator_id != annotator_id,
        )
    ).scalar_one()
    return {
        "n_items": int(totals[0]),
        "open": int(totals[1]),
        "certain": int(totals[2]),
        "finished": int(totals[0]) - int(totals[1]),
        "answered": int(totals[3]),
        "answered_by_you": answered_by_me,
        "in_flight": in_flight,
    }
