"""What people look at: pages of items, one item with its history, an annotator's own work."""

from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.errors import InputError
from goldsmith.labeling.flows.reviews import event_row
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.review_wire import ReviewPage
from goldsmith.labeling.store import annotations, inferences, items, pages, reviews
from goldsmith.labeling.store.pages import ItemQuery
from goldsmith.labeling.wire import (
    Annotation,
    AnnotatorName,
    Consensus,
    Item,
    ItemPage,
    ItemRow,
    Json,
    OwnAnnotation,
    OwnAnnotationPage,
)

MAX_PAGE = 500


def item_page(connection: Connection, project: LoadedProject, query: ItemQuery) -> ItemPage:
    """A page of the project's items.

    Raises:
        InputError: the limit, the sort, the filter or the cursor is not a known one.
    """
    if not 1 <= query.limit <= MAX_PAGE:
        raise InputError(f"limit must be 1 to {MAX_PAGE}, not {query.limit}.")
    asked = replace(query, questions=[question.name for question in project.schema.questions])
    found = pages.page(connection, project.id, asked)
    blobs = items.first_blobs(connection, [row["id"] for row in found.rows])
    rows = [item_row(row, blobs.get(row["id"])) for row in found.rows]
    return ItemPage(rows=rows, next=found.next, total=found.total, at_least=found.at_least)


def item_detail(connection: Connection, project: LoadedProject, item_id: str, *, only_of: str | None) -> Item:
    """One item with its payload, its consensus and its annotations; only one annotator's when one is named.

    Raises:
        NotFound: the project has no such item.
    """
    row = items.item(connection, project.id, item_id)
    shows_all = only_of is None
    found = inferences.consensus_of(connection, [item_id]) if shows_all else []
    return Item(
        id=row["id"],
        external_id=row["external_id"],
        title=row["title"],
        position=row["position"],
        n_people=row["n_people"],
        n_models=row["n_models"],
        confidence=row["confidence"] if shows_all else None,
        is_contested=bool(row["is_contested"]) and shows_all,
        updated_at=row["updated_at"],
        payload=json_of(row["payload"]),
        consensus=[consensus_row(one) for one in found],
        annotations=[annotation_row(one) for one in annotations.of_item(connection, item_id, only_of)],
    )


def own_work(
    connection: Connection, project: LoadedProject, annotator_id: str, *, cursor: str | None, limit: int
) -> OwnAnnotationPage:
    """An annotator's current annotations, newest first.

    Raises:
        InputError: the limit or the cursor is not a possible one.
    """
    before = _sequence(cursor, limit)
    rows = annotations.of_annotator(
        connection, project_id=project.id, annotator_id=annotator_id, before=before, limit=limit + 1
    )
    shown = rows[:limit]
    own = [OwnAnnotation(**msgspec.structs.asdict(annotation_row(row)), title=row["title"]) for row in shown]
    return OwnAnnotationPage(rows=own, next=str(shown[-1]["leaf_seq"]) if len(rows) > limit else None)


def review_page(
    connection: Connection, project: LoadedProject, *, cursor: str | None, limit: int, reviewer_id: str | None
) -> ReviewPage:
    """What was decided about a project's answers, newest first; only one reviewer's decisions when one is named.

    Raises:
        InputError: the limit or the cursor is not a possible one.
    """
    before = _sequence(cursor, limit)
    rows = reviews.page_before(connection, project.id, before=before, limit=limit + 1, reviewer_id=reviewer_id)
    shown = rows[:limit]
    return ReviewPage(
        rows=[event_row(row) for row in shown], next=str(shown[-1]["leaf_seq"]) if len(rows) > limit else None
    )


def annotation_row(row: RowMapping) -> Annotation:
    """An annotation as it goes over the wire."""
    return Annotation(
        id=row["id"],
        item_id=row["item_id"],
        annotator=AnnotatorName(
            id=row["annotator_id"], kind=row["kind"], name=row["name"], version=row["version"] or None
        ),
        purpose=row["purpose"],
        outcome=row["outcome"],
        reason=row["reason"],
        answers=json_of(row["answers"]),
        created_at=row["created_at"],
        schema_version=row["schema_version"],
        guideline_version=row["guideline_version"],
        policy_version=row["policy_version"],
        supersedes=row["supersedes"],
        is_late=bool(row["is_late"]),
        leaf_seq=row["leaf_seq"],
        assistance=None if row["assistance"] is None else json_of(row["assistance"]),
    )


def consensus_row(row: RowMapping) -> Consensus:
    """The consensus on one question as it goes over the wire."""
    value: Any = msgspec.json.decode(row["value"])
    return Consensus(
        question=row["question"],
        value=value,
        confidence=row["confidence"],
        agreement=row["agreement"],
        n_answers=row["n_answers"],
        method=row["method"],
    )


def json_of(text: str) -> Json:
    """The object that a stored canonical JSON text holds."""
    return msgspec.json.decode(text, type=dict[str, Any])


def _sequence(cursor: str | None, limit: int) -> int | None:
    """The place in the log that a cursor names."""
    if not 1 <= limit <= MAX_PAGE:
        raise InputError(f"limit must be 1 to {MAX_PAGE}, not {limit}.")
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise InputError("The cursor is not one that this server gave; start again without it.")
    return None if cursor is None else int(cursor)


def item_row(row: RowMapping, blob: str | None = None) -> ItemRow:
    """An item in a list as it goes over the wire, with the hash of its first file, if it shows one."""
    return ItemRow(
        id=row["id"],
        external_id=row["external_id"],
        title=row["title"],
        position=row["position"],
        n_people=row["n_people"],
        n_models=row["n_models"],
        confidence=row["confidence"],
        consensus=None if row["consensus"] is None else json_of(row["consensus"]),
        is_contested=bool(row["is_contested"]),
        is_certain=bool(row["is_certain"]),
        is_open=bool(row["is_open"]),
        wanted=row["wanted"],
        priority=row["priority"],
        skill=row["skill"],
        tags=msgspec.json.decode(row["tags"] or "[]", type=list[str]),
        aside=row["aside"],
        updated_at=row["updated_at"],
        blob=blob,
        review_stage=row["review_stage"],
    )
