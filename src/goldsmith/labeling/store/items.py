"""Items: import, counts, and what inference and the queue keep on their rows. Counts never touch the payloads."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, case, cast, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import TableValuedAlias

from goldsmith.errors import NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.store.prepared import Prepared
from goldsmith.store.tables.media import item_blobs
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
    items.c.review_stage,
    items.c.queue_rank,
    items.c.wanted,
    items.c.is_open,
    items.c.is_certain,
    items.c.priority,
    items.c.skill,
    items.c.tags,
    items.c.aside,
)
_PLACE = (
    items.c.id,
    items.c.external_id,
    items.c.position,
    items.c.confidence,
    items.c.is_certain,
    items.c.is_open,
    items.c.n_people,
    items.c.n_models,
    items.c.queue_rank,
    items.c.wanted,
    items.c.is_contested,
    items.c.review_stage,
    items.c.priority,
    items.c.skill,
    items.c.tags,
    items.c.asked,
    items.c.aside,
)
_REVIEW_COUNTS = {
    "to_review": and_(items.c.review_stage == "review", items.c.is_contested == 0),
    "in_rework": items.c.review_stage == "rework",
    "to_adjudicate": or_(items.c.review_stage == "adjudicate", items.c.is_contested == 1),
    "settled": items.c.review_stage == "settled",
}
_IS_KEPT = items.c.aside.is_(None)
_ASKED_SQLITE = func.json_each(bindparam("ids")).table_valued("value", name="asked")
_ASKED_POSTGRESQL = (
    func.jsonb_array_elements_text(cast(bindparam("ids"), JSONB)).table_valued("value", name="asked").render_derived()
)


def _existing(asked: TableValuedAlias) -> Select[Any, Any]:
    """Each id of `asked` looked up on its own: whatever the planner knows of the table, it never reads a project."""
    digest = (
        select(items.c.content_sha256)
        .where(items.c.project_id == bindparam("project_id"), items.c.external_id == asked.c.value)
        .scalar_subquery()
    )
    return select(asked.c.value.label("external_id"), digest.label("content_sha256"))


_EXISTING = Prepared(_existing(_ASKED_SQLITE), postgresql=_existing(_ASKED_POSTGRESQL))
_POSITIONS = Prepared(
    select(items.c.id, items.c.position).join_from(_ASKED_SQLITE, items, items.c.id == _ASKED_SQLITE.c.value),
    postgresql=select(items.c.id, items.c.position).join_from(
        _ASKED_POSTGRESQL, items, items.c.id == _ASKED_POSTGRESQL.c.value
    ),
)
_LAST_POSITION = select(func.coalesce(func.max(items.c.position), -1)).where(
    items.c.project_id == bindparam("project_id")
)
_ONE = (
    select(*ROW_COLUMNS, item_contents.c.payload)
    .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
    .where(items.c.project_id == bindparam("project_id"), items.c.id == bindparam("item_id"))
)

_LOCK = select(items.c.id).where(items.c.id == bindparam("item_id")).with_for_update(key_share=True)


def positions(connection: Connection, item_ids: Sequence[str]) -> dict[str, int]:
    """The positions of some items, by id."""
    rows = _POSITIONS.rows(connection, {"ids": canonical_json(list(item_ids)).decode()})
    return {row["id"]: row["position"] for row in rows}


def first_blobs(connection: Connection, item_ids: Sequence[str]) -> dict[str, str]:
    """The hash of one file of each of some items that show files."""
    statement = (
        select(item_blobs.c.item_id, func.min(item_blobs.c.sha256))
        .where(item_blobs.c.item_id.in_(item_ids))
        .group_by(item_blobs.c.item_id)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def existing_digests(connection: Connection, project_id: str, external_ids: list[str]) -> dict[str, str]:
    """The content digest of those of `external_ids` (at most some thousands) that the project has."""
    asked = {"project_id": project_id, "ids": canonical_json(external_ids).decode()}
    rows = _EXISTING.rows(connection, asked)
    return {row["external_id"]: row["content_sha256"] for row in rows if row["content_sha256"] is not None}


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


def has_row_locks(connection: Connection) -> bool:
    """Whether several may write at once, and so have to lock what they read; one thread alone writes SQLite."""
    return connection.dialect.name != "sqlite"


def lock(connection: Connection, item_id: str) -> None:
    """Let other writers of an item wait until this transaction ends; what is read afterwards is the newest."""
    if has_row_locks(connection):
        connection.execute(_LOCK, {"item_id": item_id})


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
        *(
            func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)
            for name, condition in _REVIEW_COUNTS.items()
        ),
    ).where(items.c.project_id == project_id, _IS_KEPT)
    return {name: int(value) for name, value in connection.execute(statement).mappings().one().items()}


def by_answers(connection: Connection, project_id: str) -> list[dict[str, int]]:
    """How many items have each number of people's answers, and how many of these are certain and contested."""
    statement = (
        select(
            items.c.n_people.label("n_answers"),
            func.count().label("n_items"),
            func.sum(items.c.is_certain).label("n_certain"),
            func.sum(items.c.is_contested).label("n_contested"),
        )
        .where(items.c.project_id == project_id, _IS_KEPT)
        .group_by(items.c.n_people)
        .order_by(items.c.n_people)
    )
    return [{name: int(value) for name, value in row.items()} for row in connection.execute(statement).mappings()]


def confidence_histogram(connection: Connection, project_id: str, n_bins: int) -> list[int]:
    """How many items have a confidence in each of `n_bins` equal parts of [0, 1]."""
    part = func.floor(items.c.confidence * n_bins)
    of_project = items.c.project_id == project_id
    chosen = select(part.label("part"), func.count().label("n")).group_by(part)
    every = chosen.where(of_project, items.c.confidence.is_not(None))
    aside = chosen.where(of_project, (items.c.confidence + 0).is_not(None), items.c.aside.is_not(None))
    bins = [0] * n_bins
    # All by the index of confidences alone; then those set aside are taken away, which are few and have an index that
    # the sum leads to.
    for statement, sign in ((every, 1), (aside, -1)):
        for row in connection.execute(statement):
            bins[min(int(row.part), n_bins - 1)] += sign * row.n
    return bins


def confidences(connection: Connection, project_id: str) -> list[RowMapping]:
    """The id and the confidence of each item of a project, by position."""
    statement = (
        select(items.c.id, items.c.confidence)
        .where(items.c.project_id == project_id)
        .order_by(items.c.position, items.c.id)
    )
    return list(connection.execute(statement).mappings())


def chunk_after(connection: Connection, project_id: str, position: int, limit: int) -> list[RowMapping]:
    """The next items by position, locked where rows have locks, with what the queue needs to know of each."""
    statement = (
        select(*_PLACE)
        .where(items.c.project_id == project_id, items.c.position > position)
        .order_by(items.c.position, items.c.id)
        .limit(limit)
        .with_for_update(key_share=True)
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
    """The next items with their payloads, in the order of their external ids; without those that were set aside."""
    statement = (
        select(items.c.id, items.c.external_id, items.c.content_sha256, items.c.n_people, item_contents.c.payload)
        .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
        .where(items.c.project_id == project_id, items.c.external_id > after, _IS_KEPT)
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


def of_project(connection: Connection, project_id: str, item_ids: list[str]) -> set[str]:
    """Those of some ids that are items of the project."""
    statement = select(items.c.id).where(items.c.project_id == project_id, items.c.id.in_(item_ids))
    return set(connection.execute(statement).scalars())


def standings(connection: Connection, item_ids: list[str]) -> dict[str, RowMapping]:
    """Some items by id, locked where rows have locks: their answers, their consensus, their place in the queue."""
    statement = (
        select(*_PLACE, items.c.consensus)
        .where(items.c.id.in_(item_ids))
        .order_by(items.c.id)
        .with_for_update(key_share=True)
    )
    return {row["id"]: row for row in connection.execute(statement).mappings()}


def ids_outside_audit(connection: Connection, project_id: str) -> list[str]:
    """The ids of all items that no audit sample holds, in the order of their external ids."""
    drawn = select(audit_items.c.item_id).where(audit_items.c.project_id == project_id)
    statement = (
        select(items.c.id)
        .where(items.c.project_id == project_id, items.c.id.not_in(drawn), _IS_KEPT)
        .order_by(items.c.external_id)
    )
    return list(connection.execute(statement).scalars())


def insert_audit_items(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add items to the audit sample."""
    if rows:
        connection.execute(insert(audit_items), rows)
