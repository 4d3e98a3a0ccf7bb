"""The annotations of whole projects and of many items, as exports, inference and progress read them."""

from sqlalchemy import (
    BigInteger,
    Connection,
    RowMapping,
    Text,
    and_,
    bindparam,
    case,
    func,
    select,
)

from goldsmith.labeling.store.annotations import WITH_ANNOTATOR
from goldsmith.store.prepared import Prepared, Row
from goldsmith.store.tables.vault import (
    annotations,
    annotators,
    current_annotations,
    item_contents,
    items,
    leases,
)

_ME = bindparam("annotator_id", type_=Text)
_RETIRED = Prepared(
    select(leases.c.item_id, annotations.c.answers, annotations.c.schema_version)
    .join_from(leases, annotations, annotations.c.item_id == leases.c.item_id)
    .where(
        leases.c.annotator_id == _ME,
        leases.c.project_id == bindparam("project_id"),
        leases.c.purpose == "label",
        leases.c.leased_until >= bindparam("now", type_=BigInteger),
        annotations.c.annotator_id == _ME,
        annotations.c.purpose == "label",
        annotations.c.outcome == "answered",
        ~select(current_annotations.c.item_id)
        .where(
            current_annotations.c.item_id == leases.c.item_id,
            current_annotations.c.annotator_id == _ME,
            current_annotations.c.purpose == "label",
        )
        .correlate(leases)
        .exists(),
    )
    .order_by(annotations.c.leaf_seq)
)


def retired_of_held(connection: Connection, *, project_id: str, annotator_id: str, now: int) -> dict[str, Row]:
    """What an annotator answered last to the items that they hold, where none of their answers counts any more."""
    held = {"project_id": project_id, "annotator_id": annotator_id, "now": now}
    return {row["item_id"]: row for row in _RETIRED.rows(connection, held)}


def after_seq(connection: Connection, project_id: str, seq: int, limit: int) -> list[RowMapping]:
    """The project's annotations after a place in the log, superseded ones too, with the ids of their items."""
    statement = (
        WITH_ANNOTATOR.add_columns(items.c.external_id)
        .join(items, items.c.id == annotations.c.item_id)
        .where(annotations.c.project_id == project_id, annotations.c.leaf_seq > seq)
        .order_by(annotations.c.leaf_seq)
        .limit(limit)
    )
    return list(connection.execute(statement).mappings())


def current_of_items(connection: Connection, item_ids: list[str], purpose: str) -> list[RowMapping]:
    """The current annotations of some items, by item and then in a fixed order of annotators."""
    statement = (
        WITH_ANNOTATOR.join(current_annotations, current_annotations.c.annotation_id == annotations.c.id)
        .where(current_annotations.c.item_id.in_(item_ids), annotations.c.purpose == purpose)
        .order_by(annotations.c.item_id, annotators.c.kind, annotators.c.name, annotators.c.version)
    )
    return list(connection.execute(statement).mappings())


def window_after(connection: Connection, project_id: str, seq: int, limit: int) -> list[RowMapping]:
    """The next annotations after a place in the log; `counts` says which are current answers, and no audit's."""
    window = (
        select(annotations)
        .where(annotations.c.project_id == project_id, annotations.c.leaf_seq > seq)
        .order_by(annotations.c.leaf_seq)
        .limit(limit)
        .subquery()
    )
    current = (  # looked up for each, so that no engine reads all that was ever answered
        select(current_annotations.c.annotation_id)
        .where(
            current_annotations.c.item_id == window.c.item_id,
            current_annotations.c.annotator_id == window.c.annotator_id,
            current_annotations.c.purpose == window.c.purpose,
        )
        .scalar_subquery()
    )
    does_count = and_(window.c.purpose == "label", window.c.outcome == "answered", current == window.c.id)
    statement = (
        select(
            window.c.leaf_seq,
            window.c.item_id,
            items.c.external_id,
            window.c.annotator_id,
            window.c.answers,
            window.c.created_at,
            window.c.active_ms,
            case((does_count, 1), else_=0).label("counts"),
        )
        .join_from(window, items, items.c.id == window.c.item_id)
        .order_by(window.c.leaf_seq)
    )
    return list(connection.execute(statement).mappings())


def newest(connection: Connection, project_id: str) -> RowMapping | None:
    """The place in the log and the time of the project's newest annotation."""
    statement = (
        select(annotations.c.leaf_seq, annotations.c.created_at)
        .where(annotations.c.project_id == project_id)
        .order_by(annotations.c.leaf_seq.desc())
        .limit(1)
    )
    return connection.execute(statement).mappings().first()


def last_seq(connection: Connection, project_id: str) -> int:
    """The place in the log of the project's newest annotation, -1 when it has none."""
    statement = select(func.coalesce(func.max(annotations.c.leaf_seq), -1)).where(
        annotations.c.project_id == project_id
    )
    return connection.execute(statement).scalar_one()


def answer_counts(connection: Connection, project_id: str) -> list[RowMapping]:
    """How many current answers each annotator of the project gave."""
    statement = (
        select(annotators.c.id, annotators.c.kind, annotators.c.name, annotators.c.version, func.count().label("n"))
        .join_from(annotations, annotators, annotators.c.id == annotations.c.annotator_id)
        .join(current_annotations, current_annotations.c.annotation_id == annotations.c.id)
        .where(
            annotations.c.project_id == project_id,
            annotations.c.outcome == "answered",
            annotations.c.purpose == "label",
        )
        .group_by(annotators.c.id, annotators.c.kind, annotators.c.name, annotators.c.version)
        .order_by(annotators.c.kind, annotators.c.name, annotators.c.version)
    )
    return list(connection.execute(statement).mappings())


def older_between(connection: Connection, project_id: str, *, version: int, after: int, until: int) -> list[RowMapping]:
    """The current answers made under a schema before `version`, of items by position, with the items' payloads."""
    statement = (
        select(
            annotations.c.id,
            annotations.c.item_id,
            annotations.c.answers,
            annotations.c.schema_version,
            annotators.c.kind,
            item_contents.c.payload,
        )
        .join_from(items, current_annotations, current_annotations.c.item_id == items.c.id)
        .join(annotations, annotations.c.id == current_annotations.c.annotation_id)
        .join(annotators, annotators.c.id == annotations.c.annotator_id)
        .join(item_contents, item_contents.c.item_id == items.c.id)
        .where(
            items.c.project_id == project_id,
            items.c.position > after,
            items.c.position <= until,
            annotations.c.purpose == "label",
            annotations.c.outcome == "answered",
            annotations.c.schema_version < version,
        )
        .order_by(items.c.position, annotations.c.leaf_seq)
    )
    return list(connection.execute(statement).mappings())
