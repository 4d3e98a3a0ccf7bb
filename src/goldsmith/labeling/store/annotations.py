"""Annotations: append-only, found again by the id that the client made."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from goldsmith.store.prepared import Prepared, Row
from goldsmith.store.tables.vault import (
    annotations,
    annotators,
    assignments,
    current_annotations,
    item_contents,
    items,
    known_answers,
    leases,
    log_leaves,
    reworks,
)

WITH_ANNOTATOR = select(
    annotations.c.id,
    annotations.c.item_id,
    annotations.c.annotator_id,
    annotators.c.kind,
    annotators.c.name,
    annotators.c.version,
    annotations.c.purpose,
    annotations.c.outcome,
    annotations.c.reason,
    annotations.c.answers,
    annotations.c.created_at,
    annotations.c.schema_version,
    annotations.c.guideline_version,
    annotations.c.policy_version,
    annotations.c.supersedes,
    annotations.c.is_late,
    annotations.c.leaf_seq,
    annotations.c.assistance,
).join_from(annotations, annotators, annotators.c.id == annotations.c.annotator_id)
_PREVIOUS = annotations.alias("previous")
_TARGET = Prepared(
    select(
        items.c.n_people,
        items.c.wanted,
        items.c.is_open,
        items.c.n_models,
        items.c.position,
        items.c.external_id,
        items.c.consensus,
        items.c.review_stage,
        items.c.priority,
        items.c.asked,
        items.c.aside,
        reworks.c.review_id.label("rework_id"),
        assignments.c.annotator_id.label("assigned_to"),
        exists(
            select(known_answers.c.item_id).where(
                known_answers.c.item_id == items.c.id, known_answers.c.origin != "given"
            )
        ).label("is_decided"),
        leases.c.leased_until,
        _PREVIOUS.c.id.label("previous_id"),
        _PREVIOUS.c.outcome.label("previous_outcome"),
        item_contents.c.payload,
    )
    .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
    .outerjoin(
        leases,
        and_(
            leases.c.item_id == items.c.id,
            leases.c.annotator_id == bindparam("annotator_id"),
            leases.c.purpose == bindparam("purpose"),
        ),
    )
    .outerjoin(
        current_annotations,
        and_(
            current_annotations.c.item_id == items.c.id,
            current_annotations.c.annotator_id == bindparam("annotator_id"),
            current_annotations.c.purpose == bindparam("purpose"),
        ),
    )
    .outerjoin(reworks, and_(reworks.c.item_id == items.c.id, reworks.c.annotator_id == bindparam("annotator_id")))
    .outerjoin(assignments, assignments.c.item_id == items.c.id)
    .outerjoin(_PREVIOUS, _PREVIOUS.c.id == current_annotations.c.annotation_id)
    .where(items.c.id == bindparam("item_id"), items.c.project_id == bindparam("project_id"))
)
_STORED = Prepared(
    select(
        annotations.c.item_id,
        annotations.c.annotator_id,
        annotations.c.content_sha256,
        annotations.c.is_late,
        annotations.c.leaf_seq,
        annotations.c.created_at,
        log_leaves.c.leaf_hash,
    )
    .join_from(annotations, log_leaves, log_leaves.c.seq == annotations.c.leaf_seq)
    .where(annotations.c.id == bindparam("annotation_id"))
)
_INSERT = Prepared(insert(annotations))


def _point(build: Any) -> Any:
    statement = build(current_annotations)
    return statement.on_conflict_do_update(
        index_elements=["item_id", "annotator_id", "purpose"],
        set_={"annotation_id": statement.excluded.annotation_id, "created_at": statement.excluded.created_at},
    )


_POINT = Prepared(_point(sqlite.insert), postgresql=_point(postgresql.insert))
_COUNT_PERSON = Prepared(
    update(items)
    .where(items.c.id == bindparam("item_id"))
    .values(
        n_people=bindparam("people"),
        is_open=bindparam("open"),
        review_stage=bindparam("stage"),
        updated_at=bindparam("now"),
    )
)
_COUNT_MODEL = Prepared(
    update(items)
    .where(items.c.id == bindparam("item_id"))
    .values(n_models=items.c.n_models + bindparam("delta"), updated_at=bindparam("now"))
)
_COUNT_JUDGED = Prepared(
    update(items)
    .where(items.c.id == bindparam("item"))
    .values(
        n_people=bindparam("people"),
        confidence=bindparam("sure"),
        consensus=bindparam("said"),
        is_contested=bindparam("contested"),
        wanted=bindparam("wants"),
        queue_rank=bindparam("rank"),
        is_open=bindparam("open"),
        is_certain=bindparam("certain"),
        review_stage=bindparam("stage"),
        updated_at=bindparam("now"),
    )
)
_VOTES = Prepared(
    select(annotations.c.annotator_id, annotations.c.answers)
    .join_from(current_annotations, annotations, annotations.c.id == current_annotations.c.annotation_id)
    .where(
        current_annotations.c.item_id == bindparam("item_id"),
        current_annotations.c.purpose == "label",
        annotations.c.outcome == "answered",
    )
    .order_by(annotations.c.leaf_seq)
)
_SAID = (
    select(
        current_annotations.c.item_id,
        annotators.c.name,
        annotations.c.outcome,
        annotations.c.reason,
        annotations.c.answers,
    )
    .join_from(current_annotations, annotations, annotations.c.id == current_annotations.c.annotation_id)
    .join(annotators, annotators.c.id == current_annotations.c.annotator_id)
    .where(current_annotations.c.purpose == "label")
)
_SAID_OF_ONE = Prepared(_SAID.where(current_annotations.c.item_id == bindparam("item_id")))
_END_LEASE = Prepared(
    delete(leases).where(
        leases.c.item_id == bindparam("item_id"),
        leases.c.annotator_id == bindparam("annotator_id"),
        leases.c.purpose == bindparam("purpose"),
    )
)


def target(connection: Connection, *, project_id: str, item_id: str, annotator_id: str, purpose: str) -> Row | None:
    """What an annotation of this item by this annotator has to know: counts, lease, what it supersedes, payload."""
    parameters = {"project_id": project_id, "item_id": item_id, "annotator_id": annotator_id, "purpose": purpose}
    return _TARGET.first(connection, parameters)


def stored(connection: Connection, annotation_id: str) -> Row | None:
    """The annotation with this id and its leaf, if it was stored before."""
    return _STORED.first(connection, {"annotation_id": annotation_id})


def insert_annotations(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Append annotations and make each the current one of its annotator for its item."""
    _INSERT.run_many(connection, rows)
    pointers = [
        {
            "item_id": row["item_id"],
            "annotator_id": row["annotator_id"],
            "purpose": row["purpose"],
            "annotation_id": row["id"],
            "created_at": row["created_at"],
        }
        for row in rows
    ]
    _POINT.run_many(connection, pointers)


def count_person(connection: Connection, values: dict[str, Any], now: int) -> None:
    """Set how many people have answered an item, whether it still waits for one, and where it stands in review."""
    _COUNT_PERSON.run(
        connection,
        {
            "item_id": values["item_id"],
            "people": values["n_people"],
            "open": values["is_open"],
            "stage": values["review_stage"],
            "now": now,
        },
    )


def count_judged(connection: Connection, values: dict[str, Any], now: int) -> None:
    """Set how many people have answered an item, what their answers come to, and where that puts it in the queue."""
    _COUNT_JUDGED.run(
        connection,
        {
            "item": values["item_id"],
            "people": values["n_people"],
            "sure": values["confidence"],
            "said": values["consensus"],
            "contested": values["is_contested"],
            "wants": values["wanted"],
            "rank": values["queue_rank"],
            "open": values["is_open"],
            "certain": values["is_certain"],
            "stage": values["review_stage"],
            "now": now,
        },
    )


def votes_on(connection: Connection, item_id: str) -> list[Row]:
    """The annotator and the answers of each current answer to an item, in the order in which they came."""
    return _VOTES.rows(connection, {"item_id": item_id})


def said_of(connection: Connection, item_ids: list[str]) -> Sequence[Mapping[Any, Any]]:
    """The current annotations of some items: the item, the annotator's name, the outcome, the reason, the answers."""
    if len(item_ids) == 1:
        return _SAID_OF_ONE.rows(connection, {"item_id": item_ids[0]})
    return list(connection.execute(_SAID.where(current_annotations.c.item_id.in_(item_ids))).mappings())


def count_models(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add to the number of models' answers of items; each row has `item_id`, `delta`, `now`."""
    if rows:
        _COUNT_MODEL.run_many(connection, rows)


def end_lease(connection: Connection, *, item_id: str, annotator_id: str, purpose: str) -> None:
    """Close the lease that an annotation answers."""
    _END_LEASE.run(connection, {"item_id": item_id, "annotator_id": annotator_id, "purpose": purpose})


def of_item(connection: Connection, item_id: str, annotator_id: str | None) -> list[RowMapping]:
    """The annotations of an item in the order they came; only one annotator's when one is named."""
    statement = WITH_ANNOTATOR.where(annotations.c.item_id == item_id).order_by(annotations.c.leaf_seq)
    if annotator_id is not None:
        statement = statement.where(annotations.c.annotator_id == annotator_id)
    return list(connection.execute(statement).mappings())


def of_annotator(
    connection: Connection, *, project_id: str, annotator_id: str, before: int | None, limit: int
) -> list[RowMapping]:
    """An annotator's current annotations, newest first, with the titles of their items."""
    statement = (
        WITH_ANNOTATOR.add_columns(items.c.title)
        .join(items, items.c.id == annotations.c.item_id)
        .join(
            current_annotations,
            and_(
                current_annotations.c.item_id == annotations.c.item_id,
                current_annotations.c.annotator_id == annotations.c.annotator_id,
                current_annotations.c.purpose == annotations.c.purpose,
                current_annotations.c.annotation_id == annotations.c.id,
            ),
        )
        .where(annotations.c.annotator_id == annotator_id, annotations.c.project_id == project_id)
        .order_by(annotations.c.leaf_seq.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(annotations.c.leaf_seq < before)
    return list(connection.execute(statement).mappings())


def current_of_other_versions(
    connection: Connection, *, project_id: str, name: str, annotator_id: str
) -> list[RowMapping]:
    """What other versions of a model currently say about the project's items."""
    statement = (
        select(annotations.c.id, annotations.c.item_id)
        .join_from(annotations, annotators, annotators.c.id == annotations.c.annotator_id)
        .join(current_annotations, current_annotations.c.annotation_id == annotations.c.id)
        .where(
            annotations.c.project_id == project_id,
            annotators.c.kind == "model",
            annotators.c.name == name,
            annotators.c.id != annotator_id,
        )
        .order_by(annotations.c.leaf_seq)
    )
    return list(connection.execute(statement).mappings())


def retire(connection: Connection, annotation_ids: list[str]) -> None:
    """Make annotations no longer current; they stay in the history."""
    statement = delete(current_annotations).where(current_annotations.c.annotation_id == bindparam("retired"))
    if annotation_ids:
        connection.execute(statement, [{"retired": one} for one in annotation_ids])
