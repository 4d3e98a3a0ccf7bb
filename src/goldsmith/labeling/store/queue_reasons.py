"""Why somebody gets nothing from the queue, or does or does not get one item: counts and facts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, case, exists, func, or_, select

from goldsmith.labeling.store.queue import Asked
from goldsmith.store.tables.vault import (
    annotations,
    annotators,
    assignments,
    contests,
    current_annotations,
    items,
    known_answers,
    leases,
    reviews,
    reworks,
)

_IS_OPEN = items.c.is_open == 1
_TO_ADJUDICATE = or_(items.c.review_stage == "adjudicate", items.c.is_contested == 1)


def whole_counts(connection: Connection, project_id: str, skills: str) -> dict[str, int]:
    """Counts of all items of a project, in one go: what an empty queue tells somebody with these skills."""
    wanted = {
        "open": _IS_OPEN,
        "certain": items.c.is_certain == 1,
        "answered": items.c.n_people > 0,
        "needs_skill": and_(_IS_OPEN, ~_is_able(skills)),
        "in_rework": items.c.review_stage == "rework",
        "settled": items.c.review_stage == "settled",
    }
    sums = [func.coalesce(func.sum(case((which, 1), else_=0)), 0).label(name) for name, which in wanted.items()]
    statement = select(func.count().label("n_items"), *sums).where(items.c.project_id == project_id)
    return {name: int(n) for name, n in connection.execute(statement).mappings().one().items()}


def empty_counts(connection: Connection, asked: Asked, whole: Mapping[str, int]) -> dict[str, int]:
    """The counts that say why an annotator's queue is empty, with those of the whole project."""
    return {
        "n_items": whole["n_items"],
        "open": whole["open"],
        "certain": whole["certain"],
        "finished": whole["n_items"] - whole["open"],
        "answered": whole["answered"],
        "answered_by_you": _n_answered(connection, asked),
        "in_flight": _n_in_flight(connection, asked),
        "needs_skill": whole["needs_skill"],
        "kept_for_others": _n_kept_for_others(connection, asked),
    }


def empty_review_counts(connection: Connection, asked: Asked, whole: Mapping[str, int]) -> dict[str, int]:
    """The counts that say why there is nothing to review or to adjudicate, with those of the whole project."""
    is_review = asked.purpose == "review"
    to_review = and_(items.c.review_stage == "review", items.c.is_contested == 0)
    waits = to_review if is_review else _TO_ADJUDICATE
    return {
        "n_items": whole["n_items"],
        "waiting": _n_items(connection, asked, waits),
        "your_own_work": _n_items(connection, asked, waits, _concerns(asked)),
        "in_flight": _n_in_flight(connection, asked),
        "in_rework": whole["in_rework"],
        "settled": whole["settled"],
    }


def facts(connection: Connection, asked: Asked, item_id: str) -> RowMapping | None:
    """What decides whether an annotator gets an item."""
    mine = and_(leases.c.item_id == items.c.id, leases.c.annotator_id == asked.annotator_id)
    is_live = and_(leases.c.leased_until >= asked.now, leases.c.purpose == asked.purpose)
    held_until = select(func.max(leases.c.leased_until)).where(mine, is_live).scalar_subquery()
    n_others = (
        select(func.count())
        .select_from(leases)
        .where(leases.c.item_id == items.c.id, leases.c.annotator_id != asked.annotator_id, is_live)
        .scalar_subquery()
    )
    has_answered = exists(
        select(current_annotations.c.item_id).where(
            current_annotations.c.item_id == items.c.id,
            current_annotations.c.annotator_id == asked.annotator_id,
            current_annotations.c.purpose == ("audit" if asked.purpose == "audit" else "label"),
        )
    )
    has_rework = exists(
        select(reworks.c.item_id).where(reworks.c.item_id == items.c.id, reworks.c.annotator_id == asked.annotator_id)
    )
    statement = select(
        items.c.id,
        items.c.external_id,
        items.c.queue_rank,
        items.c.wanted,
        items.c.n_people,
        items.c.is_open,
        items.c.is_contested,
        items.c.priority,
        items.c.skill,
        items.c.review_stage,
        held_until.label("held_until"),
        n_others.label("n_others"),
        has_answered.label("has_answered"),
        has_rework.label("has_rework"),
        _concerns(asked).label("concerns"),
        _is_kept_for_others(asked).label("is_kept_for_others"),
        _is_able(asked.skills).label("is_able"),
    ).where(items.c.id == item_id, items.c.project_id == asked.project_id)
    return connection.execute(statement).mappings().first()


def n_before(connection: Connection, project_id: str, rank: int, item_id: str, *, limit: int) -> int:
    """How many open items stand before a place in the queue, counted no further than `limit`."""
    before = or_(items.c.queue_rank < rank, and_(items.c.queue_rank == rank, items.c.id < item_id))
    some = select(items.c.id).where(items.c.project_id == project_id, _IS_OPEN, before).limit(limit).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def live_leases(connection: Connection, project_id: str, now: int, limit: int) -> list[RowMapping]:
    """Who holds which items just now, the lease that ends first first."""
    statement = (
        select(
            leases.c.id,
            leases.c.item_id,
            items.c.external_id,
            items.c.title,
            leases.c.annotator_id,
            annotators.c.kind,
            annotators.c.name,
            annotators.c.version,
            leases.c.purpose,
            leases.c.created_at,
            leases.c.leased_until,
        )
        .join_from(leases, items, items.c.id == leases.c.item_id)
        .join(annotators, annotators.c.id == leases.c.annotator_id)
        .where(leases.c.project_id == project_id, leases.c.leased_until >= now)
        .order_by(leases.c.leased_until, leases.c.id)
        .limit(limit)
    )
    return list(connection.execute(statement).mappings())


def _n_items(connection: Connection, asked: Asked, *conditions: Any) -> int:
    statement = select(func.count()).select_from(items).where(items.c.project_id == asked.project_id, *conditions)
    return connection.execute(statement).scalar_one()


def _n_answered(connection: Connection, asked: Asked) -> int:
    """By the index of the annotator's own annotations."""
    statement = (
        select(func.count())
        .select_from(annotations)
        .join(current_annotations, current_annotations.c.annotation_id == annotations.c.id)
    )
    return connection.execute(
        statement.where(
            annotations.c.annotator_id == asked.annotator_id,
            annotations.c.project_id == asked.project_id,
            annotations.c.purpose == asked.purpose,
        )
    ).scalar_one()


def _n_kept_for_others(connection: Connection, asked: Asked) -> int:
    """From the assignments, which are fewer than the items."""
    is_open = select(items.c.is_open).where(items.c.id == assignments.c.item_id).scalar_subquery()
    return connection.execute(
        select(func.count())
        .select_from(assignments)
        .where(
            assignments.c.project_id == asked.project_id,
            assignments.c.annotator_id != asked.annotator_id,
            is_open == 1,
        )
    ).scalar_one()


def _n_in_flight(connection: Connection, asked: Asked) -> int:
    return connection.execute(
        select(func.count())
        .select_from(leases)
        .where(
            leases.c.project_id == asked.project_id,
            leases.c.purpose == asked.purpose,
            leases.c.leased_until >= asked.now,
            leases.c.annotator_id != asked.annotator_id,
        )
    ).scalar_one()


def _is_able(skills: str) -> Any:
    able = skills.strip("|").split("|")
    return or_(items.c.skill.is_(None), items.c.skill.in_(able))


def _is_kept_for_others(asked: Asked) -> Any:
    return exists(
        select(assignments.c.item_id).where(
            assignments.c.item_id == items.c.id, assignments.c.annotator_id != asked.annotator_id
        )
    )


def _concerns(asked: Asked) -> Any:
    """Whether an item is the asker's own work, or they have decided or contested it, or gave what is contested."""
    me = asked.annotator_id
    own = exists(
        select(annotations.c.id).where(
            annotations.c.item_id == items.c.id,
            annotations.c.annotator_id == me,
            annotations.c.purpose == "label",
            annotations.c.outcome == "answered",
        )
    )
    if asked.purpose != "adjudicate":
        return own
    anything = select(annotations.c.id).where(annotations.c.item_id == items.c.id, annotations.c.annotator_id == me)
    reviewed = select(reviews.c.id).where(
        reviews.c.item_id == items.c.id, reviews.c.reviewer_id == me, reviews.c.purpose == "review"
    )
    contested = select(contests.c.id).where(
        contests.c.item_id == items.c.id, contests.c.author_id == me, contests.c.state == "open"
    )
    gave = (
        select(known_answers.c.item_id)
        .join_from(known_answers, annotators, annotators.c.name == known_answers.c.created_by)
        .where(
            known_answers.c.item_id == items.c.id,
            known_answers.c.is_suspended == 1,
            annotators.c.id == me,
            annotators.c.kind == "person",
        )
    )
    return or_(exists(anything), exists(reviewed), exists(contested), exists(gave))
