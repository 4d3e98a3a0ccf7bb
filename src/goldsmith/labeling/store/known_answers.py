"""Known answers, by item and question: gold that was given, and what reviewers decided."""

from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, tuple_, update

from goldsmith.store.tables.vault import items, known_answers

DECIDED = frozenset({"review", "confirmed"})
"""The origins of answers that are the label, since a reviewer has looked at the item."""

MEASURING = frozenset({"given", "confirmed"})
"""The origins of answers that measure: their items were chosen before anybody answered them."""

_COLUMNS = (
    known_answers.c.item_id,
    known_answers.c.question,
    known_answers.c.value,
    known_answers.c.origin,
    known_answers.c.note,
    known_answers.c.created_at,
    known_answers.c.created_by,
    known_answers.c.is_suspended,
)


def of_items(connection: Connection, item_ids: list[str]) -> list[RowMapping]:
    """The known answers of some items, by item and question."""
    statement = (
        select(*_COLUMNS)
        .where(known_answers.c.item_id.in_(item_ids))
        .order_by(known_answers.c.item_id, known_answers.c.question)
    )
    return list(connection.execute(statement).mappings())


def decided(connection: Connection, item_ids: list[str]) -> dict[str, dict[str, str]]:
    """What reviewers decided about some items, as canonical JSON by item and question."""
    found: dict[str, dict[str, str]] = {}
    for row in of_items(connection, item_ids):
        if row["origin"] in DECIDED:
            found.setdefault(row["item_id"], {})[row["question"]] = row["value"]
    return found


def page_after(
    connection: Connection, project_id: str, after: tuple[str, str], limit: int, *, item_id: str | None = None
) -> list[RowMapping]:
    """The next known answers of a project, or of one item, by item and question, with the items' external ids."""
    statement = (
        select(*_COLUMNS, items.c.external_id)
        .join_from(known_answers, items, items.c.id == known_answers.c.item_id)
        .where(
            known_answers.c.project_id == project_id,
            tuple_(known_answers.c.item_id, known_answers.c.question) > tuple_(*after),
        )
        .order_by(known_answers.c.item_id, known_answers.c.question)
        .limit(limit)
    )
    if item_id is not None:
        statement = statement.where(known_answers.c.item_id == item_id)
    return list(connection.execute(statement).mappings())


def replace(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Put known answers in the place of those of the same items and questions."""
    if rows:
        one = delete(known_answers).where(
            known_answers.c.item_id == bindparam("of_item"), known_answers.c.question == bindparam("to_question")
        )
        connection.execute(one, [{"of_item": row["item_id"], "to_question": row["question"]} for row in rows])
        connection.execute(insert(known_answers), rows)


def forget(connection: Connection, item_id: str, question: str | None = None) -> int:
    """Take the known answers of an item away, or the one to a question; how many there were."""
    statement = delete(known_answers).where(known_answers.c.item_id == item_id)
    if question is not None:
        statement = statement.where(known_answers.c.question == question)
    return connection.execute(statement).rowcount


def suspend(connection: Connection, item_id: str) -> None:
    """Let what is known of an item measure nothing until somebody has decided about it."""
    connection.execute(update(known_answers).where(known_answers.c.item_id == item_id).values(is_suspended=1))


def trust(connection: Connection, item_id: str) -> None:
    """Let what is known of an item measure again."""
    connection.execute(update(known_answers).where(known_answers.c.item_id == item_id).values(is_suspended=0))


def forget_decided(connection: Connection, item_id: str, besides: list[str]) -> None:
    """Take away what reviewers decided about an item, besides the answers to some questions; gold stays."""
    statement = delete(known_answers).where(known_answers.c.item_id == item_id, known_answers.c.origin == "review")
    connection.execute(statement.where(known_answers.c.question.not_in(besides)))


def items_by_external_id(connection: Connection, project_id: str, external_ids: list[str]) -> dict[str, str]:
    """The ids of those of the external ids (at most some hundreds) that the project has."""
    statement = select(items.c.external_id, items.c.id).where(
        items.c.project_id == project_id, items.c.external_id.in_(external_ids)
    )
    return {row.external_id: row.id for row in connection.execute(statement)}
