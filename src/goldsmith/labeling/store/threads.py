"""Threads of comments on items, on answers and on regions of them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    RowMapping,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from goldsmith.store.prepared import Prepared
from goldsmith.store.tables.vault import annotations, annotators, comments, items, leases, log_leaves, threads

_THREAD = select(
    threads.c.id,
    threads.c.created_at,
    threads.c.changed_at,
    threads.c.item_id,
    items.c.external_id,
    items.c.title,
    threads.c.author_id,
    threads.c.about_id,
    threads.c.review_id,
    threads.c.anchor,
    threads.c.state,
).join_from(threads, items, items.c.id == threads.c.item_id)

_ME = bindparam("annotator_id", type_=Text)
_N_OPEN = Prepared(
    select(leases.c.item_id, func.count().label("n"))
    .join_from(leases, threads, threads.c.item_id == leases.c.item_id)
    .where(
        leases.c.annotator_id == _ME,
        leases.c.project_id == bindparam("project_id"),
        leases.c.purpose == bindparam("purpose"),
        leases.c.leased_until >= bindparam("now", type_=BigInteger),
        threads.c.state == "open",
        or_(threads.c.author_id == _ME, threads.c.about_id == _ME),
    )
    .group_by(leases.c.item_id)
)


def thread(connection: Connection, project_id: str, thread_id: str) -> RowMapping | None:
    """One thread of a project."""
    statement = _THREAD.where(threads.c.project_id == project_id, threads.c.id == thread_id)
    return connection.execute(statement).mappings().first()


def of_item(connection: Connection, item_id: str, *, seen_by: str | None) -> list[RowMapping]:
    """The threads of an item, oldest first; only those that one annotator may see when one is named."""
    statement = _seen(_THREAD.where(threads.c.item_id == item_id), seen_by).order_by(threads.c.id)
    return list(connection.execute(statement).mappings())


def n_open_of_held(
    connection: Connection, *, project_id: str, annotator_id: str, purpose: str, now: int
) -> dict[str, int]:
    """How many open threads that concern an annotator there are on the items that they hold, where there are some."""
    held = {"project_id": project_id, "annotator_id": annotator_id, "purpose": purpose, "now": now}
    return {row["item_id"]: row["n"] for row in _N_OPEN.rows(connection, held)}


def newest(
    connection: Connection,
    project_id: str,
    *,
    state: str,
    seen_by: str | None,
    before: tuple[int, str] | None,
    limit: int,
) -> list[RowMapping]:
    """The threads of a project in a state, the one that changed last first."""
    statement = _seen(_THREAD.where(threads.c.project_id == project_id, threads.c.state == state), seen_by)
    if before is not None:
        changed_at, thread_id = before
        is_older = or_(
            threads.c.changed_at < changed_at, and_(threads.c.changed_at == changed_at, threads.c.id < thread_id)
        )
        statement = statement.where(is_older)
    order = (threads.c.changed_at.desc(), threads.c.id.desc())
    return list(connection.execute(statement.order_by(*order).limit(limit)).mappings())


def about_return(connection: Connection, item_id: str, annotator_id: str) -> str | None:
    """The thread in which an annotator reads why their answers to an item came back."""
    statement = (
        select(threads.c.id)
        .where(threads.c.item_id == item_id, threads.c.about_id == annotator_id, threads.c.review_id.is_not(None))
        .order_by(threads.c.id.desc())
        .limit(1)
    )
    return connection.execute(statement).scalar()


def comments_of(connection: Connection, thread_ids: list[str]) -> list[RowMapping]:
    """The comments of some threads, in the order they came."""
    statement = (
        select(
            comments.c.id,
            comments.c.thread_id,
            comments.c.author_id,
            annotators.c.name,
            comments.c.voice,
            comments.c.body,
            comments.c.created_at,
        )
        .join_from(comments, annotators, annotators.c.id == comments.c.author_id)
        .where(comments.c.thread_id.in_(thread_ids))
        .order_by(comments.c.leaf_seq)
    )
    return list(connection.execute(statement).mappings())


def comment(connection: Connection, comment_id: str) -> RowMapping | None:
    """The comment with this id and its leaf, if it was stored before."""
    statement = (
        select(
            comments.c.id,
            comments.c.thread_id,
            comments.c.author_id,
            comments.c.content_sha256,
            comments.c.created_at,
            comments.c.leaf_seq,
            log_leaves.c.leaf_hash,
        )
        .join_from(comments, log_leaves, log_leaves.c.seq == comments.c.leaf_seq)
        .where(comments.c.id == comment_id)
    )
    return connection.execute(statement).mappings().first()


def add_thread(connection: Connection, values: dict[str, Any]) -> None:
    """Open a thread."""
    connection.execute(insert(threads).values(**values))


def add_comment(connection: Connection, values: dict[str, Any]) -> None:
    """Append a comment to a thread."""
    connection.execute(insert(comments).values(**values))


def touch(connection: Connection, thread_id: str, now: int, *, state: str) -> None:
    """Note that a thread has changed, and the state it is in now."""
    connection.execute(update(threads).where(threads.c.id == thread_id).values(changed_at=now, state=state))


def knows_item(connection: Connection, *, item_id: str, annotator_id: str) -> bool:
    """Whether an annotator has an item before them, or has answered it."""
    has_answered = exists(
        select(annotations.c.id).where(annotations.c.item_id == item_id, annotations.c.annotator_id == annotator_id)
    )
    holds = exists(select(leases.c.id).where(leases.c.item_id == item_id, leases.c.annotator_id == annotator_id))
    return bool(connection.execute(select(or_(has_answered, holds))).scalar())


def _seen(statement: Any, seen_by: str | None) -> Any:
    if seen_by is None:
        return statement
    return statement.where(or_(threads.c.author_id == seen_by, threads.c.about_id == seen_by))
