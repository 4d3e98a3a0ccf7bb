"""What was inferred: the consensus of items, and the measures of a project."""

from typing import Any

from sqlalchemy import Connection, RowMapping, case, delete, insert, select, update

from goldsmith.store.tables.vault import consensus, inferences, items

_COLUMNS = (
    consensus.c.item_id,
    consensus.c.question,
    consensus.c.value,
    consensus.c.confidence,
    consensus.c.agreement,
    consensus.c.n_answers,
    consensus.c.method,
)


def consensus_of(connection: Connection, item_ids: list[str]) -> list[RowMapping]:
    """The consensus of some items, by item and question."""
    statement = (
        select(*_COLUMNS).where(consensus.c.item_id.in_(item_ids)).order_by(consensus.c.item_id, consensus.c.question)
    )
    return list(connection.execute(statement).mappings())


def items_between(connection: Connection, project_id: str, *, after: str, until: str | None, limit: int) -> list[str]:
    """The next items of a project that have a consensus, by id: after `after`, and up to `until`."""
    project = select(items.c.project_id).where(items.c.id == consensus.c.item_id).scalar_subquery()
    statement = (
        select(consensus.c.item_id)
        .where(consensus.c.item_id > after, project == project_id)
        .distinct()
        .order_by(consensus.c.item_id)
        .limit(limit)
    )
    if until is not None:
        statement = statement.where(consensus.c.item_id <= until)
    return list(connection.execute(statement).scalars())


def replace_consensus(connection: Connection, item_ids: list[str], rows: list[dict[str, Any]]) -> None:
    """Put `rows` in the place of whatever was inferred for these items before."""
    if item_ids:
        connection.execute(delete(consensus).where(consensus.c.item_id.in_(item_ids)))
    if rows:
        connection.execute(insert(consensus), rows)


def outdate(connection: Connection, project_id: str) -> None:
    """Let the project be inferred anew, although no answer has come in: what is known of its items has changed.

    Each call leaves another mark below zero, so that an inference that is under way can tell that it knows too little.
    """
    mark = case((inferences.c.up_to_seq < 0, inferences.c.up_to_seq - 1), else_=-2)
    connection.execute(update(inferences).where(inferences.c.project_id == project_id).values(up_to_seq=mark))


def mark_of(connection: Connection, project_id: str) -> int:
    """The mark that `outdate` left last; 0 where there is none."""
    found = connection.execute(
        select(inferences.c.up_to_seq).where(inferences.c.project_id == project_id)
    ).scalar_one_or_none()
    return 0 if found is None or found >= 0 else found


def replace_inference(connection: Connection, values: dict[str, Any]) -> None:
    """Put the project's measures in the place of the ones before."""
    connection.execute(delete(inferences).where(inferences.c.project_id == values["project_id"]))
    connection.execute(insert(inferences), values)
