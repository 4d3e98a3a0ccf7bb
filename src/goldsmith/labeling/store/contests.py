"""Contested gold."""

from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, select, update

from goldsmith.store.tables.vault import annotations, contests, current_annotations, items, known_answers, reviews

_CONTEST = (
    select(
        contests.c.id,
        contests.c.created_at,
        contests.c.resolved_at,
        contests.c.item_id,
        items.c.external_id,
        items.c.title,
        contests.c.author_id,
        contests.c.reason,
        contests.c.state,
        contests.c.content_sha256,
        reviews.c.comment.label("resolution"),
    )
    .join_from(contests, items, items.c.id == contests.c.item_id)
    .outerjoin(reviews, reviews.c.id == contests.c.review_id)
)


def contest(connection: Connection, contest_id: str) -> RowMapping | None:
    """The contest with this id, if it was stored before."""
    return connection.execute(_CONTEST.where(contests.c.id == contest_id)).mappings().first()


def add(connection: Connection, values: dict[str, Any]) -> None:
    """Store a contest."""
    connection.execute(insert(contests).values(**values))


def is_open(connection: Connection, item_id: str) -> bool:
    """Whether the known answers of an item are contested just now."""
    return bool(open_of(connection, item_id))


def open_of(connection: Connection, item_id: str) -> list[str]:
    """The contests of an item that nobody has decided about."""
    statement = select(contests.c.id).where(contests.c.item_id == item_id, contests.c.state == "open")
    return list(connection.execute(statement.order_by(contests.c.id)).scalars())


def reasons_of(connection: Connection, item_id: str) -> dict[str, str]:
    """Why the known answers of an item were ever contested, by contest."""
    statement = select(contests.c.id, contests.c.reason).where(contests.c.item_id == item_id).order_by(contests.c.id)
    return {row.id: row.reason for row in connection.execute(statement)}


def open_among(connection: Connection, item_ids: list[str]) -> dict[str, list[str]]:
    """Why the known answers of some items are contested just now, by item; the first contest first."""
    statement = select(contests.c.item_id, contests.c.reason).where(
        contests.c.item_id.in_(item_ids), contests.c.state == "open"
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(statement.order_by(contests.c.item_id, contests.c.id)):
        found.setdefault(row.item_id, []).append(row.reason)
    return found


def resolve(connection: Connection, contest_id: str, *, state: str, review_id: str | None, now: int) -> None:
    """Say what became of a contest, and by which decision; by none where the known answer was changed itself."""
    values = {"state": state, "review_id": review_id, "resolved_at": now}
    connection.execute(update(contests).where(contests.c.id == contest_id).values(**values))


def newest(
    connection: Connection, project_id: str, *, state: str | None, author_id: str | None, limit: int
) -> list[RowMapping]:
    """The contests of a project, newest first."""
    statement = _CONTEST.where(contests.c.project_id == project_id).order_by(contests.c.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(contests.c.state == state)
    if author_id is not None:
        statement = statement.where(contests.c.author_id == author_id)
    return list(connection.execute(statement).mappings())


def counts(connection: Connection, project_id: str, *, author_id: str | None) -> dict[str, int]:
    """How many contests a project has, by state; only one annotator's when one is named."""
    statement = select(contests.c.state, func.count().label("n")).where(contests.c.project_id == project_id)
    if author_id is not None:
        statement = statement.where(contests.c.author_id == author_id)
    return {row.state: row.n for row in connection.execute(statement.group_by(contests.c.state))}


def answered_gold(connection: Connection, project_id: str, annotator_id: str, limit: int) -> list[RowMapping]:
    """What one annotator answered to items with gold, newest first, with what is known."""
    statement = (
        select(
            known_answers.c.item_id,
            items.c.title,
            known_answers.c.question,
            known_answers.c.value,
            known_answers.c.note,
            known_answers.c.is_suspended,
            annotations.c.answers,
            annotations.c.created_at,
        )
        .join_from(known_answers, items, items.c.id == known_answers.c.item_id)
        .join(
            current_annotations,
            and_(
                current_annotations.c.item_id == known_answers.c.item_id,
                current_annotations.c.annotator_id == annotator_id,
                current_annotations.c.purpose == "label",
            ),
        )
        .join(annotations, annotations.c.id == current_annotations.c.annotation_id)
        .where(
            known_answers.c.project_id == project_id,
            known_answers.c.origin.in_(("given", "confirmed")),
            annotations.c.outcome == "answered",
        )
        .order_by(annotations.c.leaf_seq.desc(), known_answers.c.question)
        .limit(limit)
    )
    return list(connection.execute(statement).mappings())
