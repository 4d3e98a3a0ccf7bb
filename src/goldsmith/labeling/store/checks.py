"""Decisions beside the adjudications that came later, and answers beside the suggestions that came before."""

from sqlalchemy import Connection, RowMapping, select

from goldsmith.store.tables.vault import annotations, annotators, current_annotations, reviews


def decisions(connection: Connection, project_id: str, limit: int) -> list[RowMapping]:
    """The newest decisions of a project, oldest first, each with what the annotator had said."""
    newest = (
        select(reviews.c.id)
        .where(reviews.c.project_id == project_id)
        .order_by(reviews.c.leaf_seq.desc())
        .limit(limit)
        .subquery()
    )
    statement = (
        select(
            reviews.c.item_id,
            reviews.c.reviewer_id,
            annotators.c.kind,
            annotators.c.name,
            annotators.c.version,
            reviews.c.purpose,
            reviews.c.decision,
            reviews.c.answers,
            annotations.c.answers.label("said"),
            reviews.c.applies,
            reviews.c.is_drawn,
            reviews.c.leaf_seq,
        )
        .join_from(newest, reviews, reviews.c.id == newest.c.id)
        .join(annotators, annotators.c.id == reviews.c.reviewer_id)
        .outerjoin(annotations, annotations.c.id == reviews.c.annotation_id)
        .order_by(reviews.c.leaf_seq)
    )
    return list(connection.execute(statement).mappings())


def suggested(connection: Connection, project_id: str, limit: int) -> list[RowMapping]:
    """The newest first answers of people to items that a model answered before, with that answer of each model.

    What somebody answered again, after a review or on second thought, is no first answer and is not here.
    """
    person, model = annotations.alias("person"), annotations.alias("model")
    standing = current_annotations.alias("standing")
    newest = (
        select(person.c.id, person.c.item_id, person.c.answers, person.c.assistance, person.c.leaf_seq)
        .where(
            person.c.project_id == project_id,
            person.c.assistance.is_not(None),
            person.c.outcome == "answered",
            person.c.supersedes.is_(None),
        )
        .order_by(person.c.leaf_seq.desc())
        .limit(limit)
        .subquery()
    )
    statement = (
        select(newest.c.answers, newest.c.assistance, model.c.annotator_id, model.c.answers.label("suggested"))
        .join_from(newest, standing, standing.c.item_id == newest.c.item_id)
        .join(model, model.c.id == standing.c.annotation_id)
        .join(annotators, annotators.c.id == model.c.annotator_id)
        .where(
            annotators.c.kind == "model",
            standing.c.purpose == "label",
            model.c.outcome == "answered",
            model.c.leaf_seq < newest.c.leaf_seq,
        )
    )
    return list(connection.execute(statement).mappings())


def models_of(connection: Connection, item_id: str) -> set[str]:
    """The models that ever answered an item, by their ids as annotators."""
    statement = (
        select(annotations.c.annotator_id)
        .join(annotators, annotators.c.id == annotations.c.annotator_id)
        .where(
            annotations.c.item_id == item_id,
            annotations.c.purpose == "label",
            annotations.c.outcome == "answered",
            annotators.c.kind == "model",
        )
    )
    return set(connection.execute(statement).scalars())
