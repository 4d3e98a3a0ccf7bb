"""What was measured of a project's questions, and how far it was at each inference."""

from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from goldsmith.store.tables.vault import inference_points, items, qualities


class _Measured(msgspec.Struct, frozen=True):
    kind: str
    n_gold: int


_POINT_COLUMNS = (
    inference_points.c.up_to_seq,
    inference_points.c.created_at,
    inference_points.c.n_answers,
    inference_points.c.n_certain,
    inference_points.c.n_items,
    inference_points.c.expected_accuracy,
)


def quality(connection: Connection, project_id: str) -> RowMapping | None:
    """What was last measured of the questions."""
    statement = select(qualities.c.created_at, qualities.c.questions, qualities.c.plan).where(
        qualities.c.project_id == project_id
    )
    return connection.execute(statement).mappings().first()


def n_gold(connection: Connection, project_id: str) -> int:
    """On how many gold items the confidence is calibrated, of the question with classes that has the fewest."""
    found = quality(connection, project_id)
    questions = [] if found is None else msgspec.json.decode(found["questions"], type=list[_Measured])
    return min((one.n_gold for one in questions if one.kind == "classes"), default=0)


def live_models(connection: Connection, project_id: str) -> str | None:
    """The models that foresee what an answer does to its item; None where there are none."""
    return connection.execute(
        select(qualities.c.live_models).where(qualities.c.project_id == project_id)
    ).scalar_one_or_none()


def replace_quality(connection: Connection, values: dict[str, Any]) -> None:
    """Put what was measured in the place of what was measured before."""
    connection.execute(delete(qualities).where(qualities.c.project_id == values["project_id"]))
    connection.execute(insert(qualities), values)


def points(connection: Connection, project_id: str) -> list[RowMapping]:
    """How far the project was at each inference, oldest first, without the plans."""
    statement = (
        select(*_POINT_COLUMNS)
        .where(inference_points.c.project_id == project_id)
        .order_by(inference_points.c.up_to_seq)
    )
    return list(connection.execute(statement).mappings())


def newest_plan(connection: Connection, project_id: str, *, most_answers: float | None = None) -> RowMapping | None:
    """The newest plan that was kept, or of those that were made with no more than so many answers."""
    statement = (
        select(inference_points.c.created_at, inference_points.c.n_answers, inference_points.c.plan)
        .where(inference_points.c.project_id == project_id, inference_points.c.plan.is_not(None))
        .order_by(inference_points.c.up_to_seq.desc())
        .limit(1)
    )
    if most_answers is not None:
        statement = statement.where(inference_points.c.n_answers <= most_answers)
    return connection.execute(statement).mappings().first()


def replace_point(connection: Connection, values: dict[str, Any]) -> None:
    """Note how far the project is after these answers."""
    connection.execute(
        delete(inference_points).where(
            inference_points.c.project_id == values["project_id"],
            inference_points.c.up_to_seq == values["up_to_seq"],
        )
    )
    connection.execute(insert(inference_points), values)


def titles(connection: Connection, item_ids: list[str]) -> dict[str, str]:
    """The titles of some items."""
    statement = select(items.c.id, items.c.title).where(items.c.id.in_(item_ids))
    return {row.id: row.title for row in connection.execute(statement)}


def n_people_answers(connection: Connection, project_id: str) -> int:
    """How many answers of people the items of a project have."""
    statement = select(func.coalesce(func.sum(items.c.n_people), 0)).where(items.c.project_id == project_id)
    return int(connection.execute(statement).scalar_one())
