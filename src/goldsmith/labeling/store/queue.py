"""The queue: leases are predicates. An expired lease is one whose `leased_until` lies before now; nobody sweeps."""

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Exists,
    RowMapping,
    Select,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from goldsmith.store.prepared import Prepared, Row
from goldsmith.store.tables.vault import (
    annotations,
    annotators,
    assignments,
    audit_items,
    contests,
    current_annotations,
    item_contents,
    items,
    known_answers,
    leases,
    reviews,
    reworks,
)

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
_GOLD_ROOM = bindparam("gold_room", type_=BigInteger)
_ALWAYS = 1_000_000  # room for whoever does their own answer again


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
_MY_REWORK = _per_item(select(reworks.c.item_id).where(reworks.c.item_id == items.c.id, reworks.c.annotator_id == _ME))
_KEPT_FOR_OTHERS = _per_item(
    select(assignments.c.item_id).where(assignments.c.item_id == items.c.id, assignments.c.annotator_id != _ME)
)
_IS_ABLE = or_(items.c.skill.is_(None), bindparam("skills", type_=Text).like("%|" + items.c.skill + "|%"))
_HAS_ROOM = items.c.n_people + _IN_FLIGHT < items.c.wanted
_IS_GOLD = _per_item(
    select(known_answers.c.item_id).where(
        known_answers.c.item_id == items.c.id,
        known_answers.c.origin != "review",
        known_answers.c.is_suspended == 0,
    )
)
_MINE_TO_REVIEW = _per_item(
    select(annotations.c.id).where(
        annotations.c.item_id == items.c.id,
        annotations.c.annotator_id == _ME,
        annotations.c.purpose == "label",
        annotations.c.outcome == "answered",
    )
)
_CONCERNS_ME = or_(
    _per_item(select(annotations.c.id).where(annotations.c.item_id == items.c.id, annotations.c.annotator_id == _ME)),
    _per_item(
        select(reviews.c.id).where(
            reviews.c.item_id == items.c.id, reviews.c.reviewer_id == _ME, reviews.c.purpose == "review"
        )
    ),
    _per_item(
        select(contests.c.id).where(
            contests.c.item_id == items.c.id, contests.c.author_id == _ME, contests.c.state == "open"
        )
    ),
    _per_item(
        select(known_answers.c.item_id)
        .join_from(known_answers, annotators, annotators.c.name == known_answers.c.created_by)
        .where(
            known_answers.c.item_id == items.c.id,
            known_answers.c.is_suspended == 1,
            annotators.c.id == _ME,
            annotators.c.kind == "person",
        )
    ),
)
"""An adjudicator has not answered the item, reviewed it, contested what is known of it, or given that."""
_WAITS_FOR_REVIEW = literal_column("items.review_stage") == literal_column("'review'")
_WAITS_FOR_ADJUDICATION = literal_column("(items.review_stage = 'adjudicate' OR items.is_contested = 1)", type_=Boolean)
_OF_PROJECT = items.c.project_id == bindparam("project_id")
_NEXT = (items.c.queue_rank, items.c.id)
_IS_FREE = and_(_IN_FLIGHT == 0, ~_HELD_BY_ME)
_CONTENTS = select(*_ITEM_COLUMNS).join_from(items, item_contents, item_contents.c.item_id == items.c.id)
_REVIEW_CANDIDATES = (
    _CONTENTS.where(_OF_PROJECT, _WAITS_FOR_REVIEW, items.c.is_contested == 0, _IS_FREE, ~_MINE_TO_REVIEW)
    .order_by(*_NEXT)
    .limit(bindparam("n"))
)
_ADJUDICATION_CANDIDATES = (
    _CONTENTS.where(_OF_PROJECT, _WAITS_FOR_ADJUDICATION, _IS_FREE, ~_CONCERNS_ME)
    .order_by(*_NEXT)
    .limit(bindparam("n"))
)
_ASSIGNED_CANDIDATES = (
    select(*_ITEM_COLUMNS)
    .join_from(assignments, items, items.c.id == assignments.c.item_id)
    .join(item_contents, item_contents.c.item_id == items.c.id)
    .where(
        assignments.c.annotator_id == _ME,
        assignments.c.project_id == bindparam("project_id"),
        _IS_OPEN,
        _HAS_ROOM,
        ~_HELD_BY_ME,
        ~_ANSWERED_BY_ME,
    )
    .order_by(*_NEXT)
    .limit(bindparam("n"))
)
_GOLD_IDS = (
    select(known_answers.c.item_id)
    .where(
        known_answers.c.project_id == bindparam("project_id"),
        known_answers.c.origin != "review",
        known_answers.c.is_suspended == 0,
    )
    .distinct()
    .subquery("gold")
)
_GOLD_CANDIDATES = (
    select(*_ITEM_COLUMNS)
    .join_from(_GOLD_IDS, items, items.c.id == _GOLD_IDS.c.item_id)
    .join(item_contents, item_contents.c.item_id == items.c.id)
    .where(
        items.c.n_people + _IN_FLIGHT < bindparam("gold_room", type_=BigInteger),
        ~_HELD_BY_ME,
        ~_ANSWERED_BY_ME,
        ~_KEPT_FOR_OTHERS,
        _IS_ABLE,
    )
    .order_by(items.c.n_people, items.c.external_id)
    .limit(bindparam("n"))
)
_N_GOLD_BY_ME = Prepared(
    select(func.count())
    .select_from(_GOLD_IDS)
    .join(
        current_annotations,
        and_(
            current_annotations.c.item_id == _GOLD_IDS.c.item_id,
            current_annotations.c.annotator_id == _ME,
            current_annotations.c.purpose == "label",
        ),
    )
)
_REWORKS = Prepared(
    select(
        *_ITEM_COLUMNS,
        reworks.c.review_id,
        reviews.c.comment,
        annotations.c.id.label("annotation_id"),
        annotations.c.answers,
        reworks.c.created_at,
    )
    .join_from(reworks, items, items.c.id == reworks.c.item_id)
    .join(item_contents, item_contents.c.item_id == items.c.id)
    .join(reviews, reviews.c.id == reworks.c.review_id)
    .join(
        current_annotations,
        and_(
            current_annotations.c.item_id == reworks.c.item_id,
            current_annotations.c.annotator_id == reworks.c.annotator_id,
            current_annotations.c.purpose == "label",
        ),
    )
    .join(annotations, annotations.c.id == current_annotations.c.annotation_id)
    .where(reworks.c.annotator_id == _ME, reworks.c.project_id == bindparam("project_id"))
    .order_by(reworks.c.created_at, reworks.c.item_id)
    .limit(bindparam("n"))
)
_CANDIDATES = (
    select(*_ITEM_COLUMNS)
    .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
    .where(
        items.c.project_id == bindparam("project_id"),
        _IS_OPEN,
        tuple_(items.c.queue_rank, items.c.id)
        > tuple_(bindparam("rank", type_=BigInteger), bindparam("after", type_=Text)),
        _HAS_ROOM,
        ~_HELD_BY_ME,
        ~_ANSWERED_BY_ME,
        _IS_ABLE,
        ~_KEPT_FOR_OTHERS,
    )
    .order_by(*_NEXT)
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
    (_PURPOSE == "review", case((and_(_WAITS_FOR_REVIEW, ~_MINE_TO_REVIEW), 1), else_=0)),
    (_PURPOSE == "adjudicate", case((and_(_WAITS_FOR_ADJUDICATION, ~_CONCERNS_ME), 1), else_=0)),
    (_MY_REWORK, _ALWAYS),
    else_=case(
        (_IS_OPEN, items.c.wanted - items.c.n_people),
        (and_(_GOLD_ROOM > 0, _IS_GOLD), _GOLD_ROOM - items.c.n_people),
        else_=0,
    ),
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
    ("review", False): _locked(_REVIEW_CANDIDATES, waits=False),
    ("review", True): _locked(_REVIEW_CANDIDATES, waits=True),
    ("adjudicate", False): _locked(_ADJUDICATION_CANDIDATES, waits=False),
    ("adjudicate", True): _locked(_ADJUDICATION_CANDIDATES, waits=True),
    ("assigned", False): _locked(_ASSIGNED_CANDIDATES, waits=False),
    ("gold", False): _locked(_GOLD_CANDIDATES, waits=False),
}
_TAKE = Prepared(_take(sqlite.insert), postgresql=_take(postgresql.insert))
_EXTEND = update(leases).where(leases.c.id == bindparam("lease_id")).values(leased_until=bindparam("until"))
_RELEASE = delete(leases).where(leases.c.id == bindparam("lease_id"), leases.c.annotator_id == _ME)
_LEASE = select(leases.c.project_id, leases.c.item_id, leases.c.purpose, leases.c.leased_until).where(
    leases.c.id == bindparam("lease_id"), leases.c.annotator_id == _ME
)


class Asked(NamedTuple):
    """Who asks for items of which project, for what, and when.

    Attributes:
        skills: the asker's skill tags, between bars.
        gold_room: how many people may answer a gold item; 0 where gold is not handed out beyond the queue.
    """

    project_id: str
    annotator_id: str
    purpose: str
    now: int
    skills: str = "|"
    gold_room: int = 0


def held(connection: Connection, asked: Asked, n: int) -> list[Row]:
    """The items that an annotator holds now, in the order they were taken."""
    return _HELD.rows(connection, asked._asdict() | {"n": n})


def candidates(connection: Connection, asked: Asked, n: int, *, after: tuple[int, str], waits: bool) -> list[Row]:
    """The next items of the queue that this annotator may answer, after a place in it.

    Where rows have locks they are locked; an item that somebody else has locked is passed over, or waited for.
    """
    parameters = asked._asdict() | {"n": n, "rank": after[0], "after": after[1]}
    return _LOCKED["label", waits].rows(connection, parameters)


def special_candidates(connection: Connection, asked: Asked, n: int, *, kind: str, waits: bool) -> list[Row]:
    """The next items of one kind, locked like `candidates`.

    Args:
        connection: to the vault.
        asked: who asks.
        n: how many.
        kind: `audit` (of the sample, audited by nobody), `review` and `adjudicate` (waiting for it, nobody's own),
            `assigned` (kept for the asker) or `gold` (whose answers are known, seen by fewer than may see it).
        waits: whether to wait for items that somebody else has locked.
    """
    return _LOCKED[kind, waits].rows(connection, asked._asdict() | {"n": n})


def returned(connection: Connection, asked: Asked, n: int) -> list[Row]:
    """The annotator's answers that came back, the first one first, with their items and why."""
    return _REWORKS.rows(connection, asked._asdict() | {"n": n})


def n_gold_answered(connection: Connection, asked: Asked) -> int:
    """How many items whose answers are known the annotator has answered."""
    found = _N_GOLD_BY_ME.first(connection, asked._asdict())
    return 0 if found is None else int(next(iter(found.values())))


def take(connection: Connection, values: dict[str, Any]) -> bool:
    """Lease one item; False when others took it up to its overlap in the meantime."""
    return _TAKE.run(connection, {"gold_room": 0} | values) == 1


def lease(connection: Connection, *, lease_id: str, annotator_id: str) -> RowMapping | None:
    """An annotator's lease, also one that has run out."""
    return connection.execute(_LEASE, {"lease_id": lease_id, "annotator_id": annotator_id}).mappings().first()


def extend(connection: Connection, *, lease_id: str, until: int) -> None:
    """Move the end of a lease."""
    connection.execute(_EXTEND, {"lease_id": lease_id, "until": until})


def release(connection: Connection, *, lease_id: str, annotator_id: str) -> None:
    """Give a lease back."""
    connection.execute(_RELEASE, {"lease_id": lease_id, "annotator_id": annotator_id})


def release_item(
    connection: Connection,
    *,
    item_id: str,
    purpose: str | None = None,
    only: str | None = None,
    besides: str | None = None,
) -> int:
    """End the leases of an item, for one purpose or all, of one annotator, of all, or of all besides one; how many."""
    statement = delete(leases).where(leases.c.item_id == item_id)
    if purpose is not None:
        statement = statement.where(leases.c.purpose == purpose)
    if only is not None:
        statement = statement.where(leases.c.annotator_id == only)
    if besides is not None:
        statement = statement.where(leases.c.annotator_id != besides)
    return connection.execute(statement).rowcount


def n_open_up_to(connection: Connection, project_id: str, limit: int, *, purpose: str = "label") -> int:
    """How many items are open, or wait for a review or an adjudication, counted no further than `limit`."""
    waits = {"review": _WAITS_FOR_REVIEW, "adjudicate": _WAITS_FOR_ADJUDICATION}.get(purpose, _IS_OPEN)
    some = (
        select(items.c.id)
        .where(items.c.project_id == project_id, waits)
        .order_by(items.c.queue_rank)
        .limit(limit)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(some)).scalar_one()
