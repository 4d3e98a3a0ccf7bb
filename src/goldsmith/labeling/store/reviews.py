"""Decisions about answers: append-only, found again by the id that the client made; and what came back."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    RowMapping,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from goldsmith.store.prepared import Prepared, Row
from goldsmith.store.tables.vault import (
    annotations,
    annotators,
    contests,
    current_annotations,
    item_contents,
    items,
    known_answers,
    leases,
    log_leaves,
    reviews,
    reworks,
)

_TARGET = Prepared(
    select(
        items.c.id,
        items.c.external_id,
        items.c.n_people,
        items.c.review_stage,
        items.c.is_contested,
        leases.c.leased_until,
        item_contents.c.payload,
    )
    .join_from(items, item_contents, item_contents.c.item_id == items.c.id)
    .outerjoin(
        leases,
        and_(
            leases.c.item_id == items.c.id,
            leases.c.annotator_id == bindparam("reviewer_id"),
            leases.c.purpose == bindparam("purpose"),
        ),
    )
    .where(items.c.id == bindparam("item_id"), items.c.project_id == bindparam("project_id"))
)
_STORED = Prepared(
    select(
        reviews.c.item_id,
        reviews.c.reviewer_id,
        reviews.c.content_sha256,
        reviews.c.is_late,
        reviews.c.applies,
        reviews.c.leaf_seq,
        reviews.c.created_at,
        log_leaves.c.leaf_hash,
    )
    .join_from(reviews, log_leaves, log_leaves.c.seq == reviews.c.leaf_seq)
    .where(reviews.c.id == bindparam("review_id"))
)
_WHOLE_NUMBERS = {
    "created_at": BigInteger,
    "active_ms": BigInteger,
    "leaf_seq": BigInteger,
    "schema_version": Integer,
    "guideline_version": Integer,
    "policy_version": Integer,
    "is_late": Integer,
    "applies": Integer,
    "is_drawn": Integer,
}
_NAMES = [column.name for column in reviews.columns]


def _own_answers(purpose: str) -> Any:
    """Whether whoever decides has answered the item: any answer bars from adjudication, a label from review."""
    mine = select(annotations.c.id).where(
        annotations.c.item_id == bindparam("item_id"), annotations.c.annotator_id == bindparam("reviewer_id")
    )
    if purpose == "review":
        mine = mine.where(annotations.c.purpose == "label", annotations.c.outcome == "answered")
    return exists(mine)


def _guarded(purpose: str) -> Prepared:
    """Append a decision unless it would be about one's own work: the database itself says no."""
    values = [bindparam(name, type_=_WHOLE_NUMBERS.get(name, Text)).label(name) for name in _NAMES]
    guard = ~_own_answers(purpose)
    if purpose == "adjudicate":
        guard = and_(
            guard,
            ~exists(
                select(reviews.c.id).where(
                    reviews.c.item_id == bindparam("item_id"),
                    reviews.c.reviewer_id == bindparam("reviewer_id"),
                    reviews.c.purpose == "review",
                )
            ),
            ~exists(
                select(contests.c.id).where(
                    contests.c.item_id == bindparam("item_id"),
                    contests.c.author_id == bindparam("reviewer_id"),
                    contests.c.state == "open",
                )
            ),
            ~exists(
                select(known_answers.c.item_id).where(
                    known_answers.c.item_id == bindparam("item_id"),
                    known_answers.c.is_suspended == 1,
                    known_answers.c.created_by == bindparam("actor", type_=Text),
                )
            ),
        )
    return Prepared(insert(reviews).from_select(_NAMES, select(*values).where(guard)))


_INSERT = {purpose: _guarded(purpose) for purpose in ("review", "adjudicate")}
_WITH_REVIEWER = select(
    reviews.c.id,
    reviews.c.item_id,
    reviews.c.reviewer_id,
    annotators.c.kind,
    annotators.c.name,
    annotators.c.version,
    reviews.c.purpose,
    reviews.c.decision,
    reviews.c.annotation_id,
    reviews.c.answers,
    reviews.c.taken,
    reviews.c.comment,
    reviews.c.created_at,
    reviews.c.schema_version,
    reviews.c.guideline_version,
    reviews.c.policy_version,
    reviews.c.is_late,
    reviews.c.applies,
    reviews.c.is_drawn,
    reviews.c.leaf_seq,
).join_from(reviews, annotators, annotators.c.id == reviews.c.reviewer_id)


def target(connection: Connection, *, project_id: str, item_id: str, reviewer_id: str, purpose: str) -> Row | None:
    """What a decision about this item has to know: where it stands, the reviewer's lease, the payload."""
    parameters = {"project_id": project_id, "item_id": item_id, "reviewer_id": reviewer_id, "purpose": purpose}
    return _TARGET.first(connection, parameters)


def stored(connection: Connection, review_id: str) -> Row | None:
    """The decision with this id and its leaf, if it was stored before."""
    return _STORED.first(connection, {"review_id": review_id})


def add(connection: Connection, values: dict[str, Any]) -> bool:
    """Append a decision; False where it would be about the reviewer's own work."""
    return _INSERT[values["purpose"]].run(connection, values) == 1


def of_item(connection: Connection, item_id: str) -> list[RowMapping]:
    """The decisions about an item in the order they came."""
    statement = _WITH_REVIEWER.where(reviews.c.item_id == item_id).order_by(reviews.c.leaf_seq)
    return list(connection.execute(statement).mappings())


def page_before(
    connection: Connection, project_id: str, *, before: int | None, limit: int, reviewer_id: str | None
) -> list[RowMapping]:
    """The newest decisions of a project before a place in the log; only one reviewer's when one is named."""
    statement = (
        _WITH_REVIEWER.where(reviews.c.project_id == project_id).order_by(reviews.c.leaf_seq.desc()).limit(limit)
    )
    if before is not None:
        statement = statement.where(reviews.c.leaf_seq < before)
    if reviewer_id is not None:
        statement = statement.where(reviews.c.reviewer_id == reviewer_id)
    return list(connection.execute(statement).mappings())


def standing(connection: Connection, item_ids: list[str], *, only_people: bool) -> list[RowMapping]:
    """The answers that stand for some items: the newest of each annotator, skipped ones left out."""
    statement = (
        select(
            annotations.c.id,
            annotations.c.item_id,
            annotations.c.annotator_id,
            annotators.c.kind,
            annotators.c.name,
            annotators.c.version,
            annotations.c.answers,
            annotations.c.schema_version,
        )
        .join_from(current_annotations, annotations, annotations.c.id == current_annotations.c.annotation_id)
        .join(annotators, annotators.c.id == annotations.c.annotator_id)
        .where(
            current_annotations.c.item_id.in_(item_ids),
            current_annotations.c.purpose == "label",
            annotations.c.outcome == "answered",
        )
        .order_by(annotations.c.item_id, annotations.c.leaf_seq)
    )
    if only_people:
        statement = statement.where(annotators.c.kind == "person")
    return list(connection.execute(statement).mappings())


def answers_ever(connection: Connection, item_id: str) -> list[RowMapping]:
    """Every answer an item ever had, with whose it was and whether it stands."""
    stands = exists(
        select(current_annotations.c.annotation_id).where(current_annotations.c.annotation_id == annotations.c.id)
    )
    statement = select(
        annotations.c.id, annotations.c.annotator_id, annotations.c.answers, stands.label("stands")
    ).where(annotations.c.item_id == item_id, annotations.c.purpose == "label", annotations.c.outcome == "answered")
    return list(connection.execute(statement).mappings())


def disputed(connection: Connection, item_ids: list[str]) -> set[str]:
    """Those of some items whose answers of people are not all the same."""
    statement = (
        select(annotations.c.item_id)
        .join_from(current_annotations, annotations, annotations.c.id == current_annotations.c.annotation_id)
        .join(annotators, annotators.c.id == annotations.c.annotator_id)
        .where(
            current_annotations.c.item_id.in_(item_ids),
            current_annotations.c.purpose == "label",
            annotations.c.outcome == "answered",
            annotators.c.kind == "person",
        )
        .group_by(annotations.c.item_id)
        .having(func.count(annotations.c.answers.distinct()) > 1)
    )
    return set(connection.execute(statement).scalars())


def set_stage(connection: Connection, item_id: str, stage: str) -> None:
    """Say where an item stands in review."""
    connection.execute(update(items).where(items.c.id == item_id).values(review_stage=stage))


def unsettle(connection: Connection, item_id: str) -> None:
    """Let a settled item be looked at anew, since what was decided of it is known no longer."""
    is_settled = and_(items.c.id == item_id, items.c.review_stage == "settled")
    connection.execute(update(items).where(is_settled).values(review_stage="none"))


def leave_adjudication(connection: Connection, item_id: str) -> None:
    """Let an item go on that waited for an adjudicator without anybody having decided about it."""
    waits = and_(items.c.id == item_id, items.c.review_stage == "adjudicate")
    is_decided = exists(select(reviews.c.id).where(reviews.c.item_id == items.c.id)).correlate(items)
    connection.execute(update(items).where(waits, ~is_decided).values(review_stage="none"))


def add_rework(connection: Connection, values: dict[str, Any]) -> None:
    """Give an answer back to its annotator."""
    drop_rework(connection, item_id=values["item_id"], annotator_id=values["annotator_id"])
    connection.execute(insert(reworks).values(**values))


def drop_rework(connection: Connection, *, item_id: str, annotator_id: str | None = None) -> None:
    """End the rework of an item, for one annotator or for all."""
    statement = delete(reworks).where(reworks.c.item_id == item_id)
    if annotator_id is not None:
        statement = statement.where(reworks.c.annotator_id == annotator_id)
    connection.execute(statement)


def n_reworks(connection: Connection, item_id: str) -> int:
    """How many annotators have answers to this item to do again."""
    return connection.execute(select(func.count()).where(reworks.c.item_id == item_id)).scalar_one()


def reworked_annotations(connection: Connection, item_id: str) -> list[str]:
    """The answers to an item that came back and were not done again."""
    statement = (
        select(current_annotations.c.annotation_id)
        .join_from(
            reworks,
            current_annotations,
            and_(
                current_annotations.c.item_id == reworks.c.item_id,
                current_annotations.c.annotator_id == reworks.c.annotator_id,
                current_annotations.c.purpose == "label",
            ),
        )
        .where(reworks.c.item_id == item_id)
    )
    return list(connection.execute(statement).scalars())


def end_lease(connection: Connection, *, item_id: str, reviewer_id: str, purpose: str) -> None:
    """Close the lease that a decision answers."""
    connection.execute(
        delete(leases).where(
            leases.c.item_id == item_id, leases.c.annotator_id == reviewer_id, leases.c.purpose == purpose
        )
    )
