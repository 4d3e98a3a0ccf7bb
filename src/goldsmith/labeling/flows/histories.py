"""One item with everything that happened to it, and its neighbours in a filtered list."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.labeling.flows.reading import item_detail
from goldsmith.labeling.items_wire import FieldNames, FilterNames, ItemEvent, ItemHistory
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import bulk, contests, histories, pages, reviews, threads
from goldsmith.labeling.store.orders import Place, cursor_text, keys_of
from goldsmith.labeling.store.pages import ItemQuery
from goldsmith.labeling.wire import Annotation, Item

_MOST_FIELDS = 30
_MOST_VALUES = 100
_KNOWN_ACTIONS = {"known-answers.stored": "known", "known-answers.forgotten": "unknown"}
_TALK_ACTIONS = {
    "thread.resolved": "resolved",
    "thread.opened": "reopened",
    "contest.opened": "contested",
    "contest.upheld": "upheld",
    "contest.changed": "overturned",
}


def item_history(connection: Connection, project: LoadedProject, item_id: str, query: ItemQuery) -> ItemHistory:
    """An item, its events in order, and the items before and after it in the list that `query` gives.

    Raises:
        NotFound: the project has no such item.
        InputError: the filter or the order is not a possible one.
    """
    item = item_detail(connection, project, item_id, only_of=None)
    row = histories.standing(connection, item_id)
    current = histories.current_ids(connection, item_id)
    found = [*_events(connection, item, row), *_reviews(connection, item), *_talk(connection, item)]
    # What a decision makes known is stored at the same instant, and told after it.
    events = sorted(found, key=lambda event: (event.at, event.kind in _KNOWN_ACTIONS.values()))
    asked = replace(query, questions=[question.name for question in project.schema.questions])
    values = {
        "position": item.position,
        "need": row["queue_rank"],
        "confidence": item.confidence,
        "answers": item.n_people,
        "updated": item.updated_at,
        "priority": row["priority"],
        "id": item.external_id,
        "item": item.id,
    }
    return ItemHistory(
        item=item,
        events=events,
        previous=_neighbour(connection, project.id, asked, values, is_back=True),
        next=_neighbour(connection, project.id, asked, values, is_back=False),
        tags=msgspec.json.decode(row["tags"] or "[]", type=list[str]),
        skill=row["skill"],
        priority=row["priority"],
        aside=row["aside"],
        wanted=row["wanted"],
        current=current,
    )


def filter_names(connection: Connection, project: LoadedProject) -> FilterNames:
    """What the items of a project can be filtered by, besides its questions."""
    names = ["by", "tag", "skill", "reason", *histories.field_names(connection, project.id, _MOST_FIELDS)]
    found = histories.names_of(connection, project.id, names, _MOST_VALUES)
    return FilterNames(rows=[FieldNames(name=name, values=values) for name, values in found.items() if values])


def _neighbour(
    connection: Connection, project_id: str, query: ItemQuery, values: Mapping[str, object], *, is_back: bool
) -> str | None:
    """The next item in one direction; none where the order puts items without a confidence last either way."""
    keys = keys_of(query.sort, is_descending=query.is_descending)
    turned = tuple(key.turned for key in keys) if is_back else keys
    place = Place(tuple(values[key.name] for key in keys), str(values["item"]))
    sort = ",".join(f"-{key.name}" if key.is_descending else key.name for key in turned)
    asked = replace(query, sort=sort, is_descending=False, limit=1, cursor=cursor_text(turned, place))
    found = pages.page(connection, project_id, asked)
    return found.rows[0]["id"] if found.rows else None


def _events(connection: Connection, item: Item, row: RowMapping) -> Iterator[ItemEvent]:
    yield ItemEvent(at=row["created_at"], kind="imported", actor=None, detail={})
    for annotation in item.annotations:
        yield ItemEvent(
            at=annotation.created_at,
            kind=_kind_of(annotation),
            actor=annotation.annotator.name,
            detail={"annotation": annotation.id, "is_late": annotation.is_late, "kind": annotation.annotator.kind},
        )
    for lease in histories.leases_of(connection, item.id):
        detail = {"until": lease["leased_until"], "purpose": lease["purpose"]}
        yield ItemEvent(at=lease["created_at"], kind="leased", actor=lease["name"], detail=detail)
    for leaf in histories.leaves_of(connection, item.id):
        kind = _KNOWN_ACTIONS.get(leaf["action"], str(leaf["action"]))
        yield ItemEvent(at=leaf["created_at"], kind=kind, actor=leaf["actor"], detail={})
    for action in bulk.of_item(connection, item.id):
        detail = {
            "bulk": action["id"],
            "kind": action["kind"],
            "parameters": msgspec.json.decode(action["parameters"]),
            "undone_at": action["undone_at"],
        }
        yield ItemEvent(at=action["created_at"], kind="bulk", actor=action["created_by"], detail=detail)


def _reviews(connection: Connection, item: Item) -> Iterator[ItemEvent]:
    """What reviewers and adjudicators decided, each under the name of its decision."""
    givers = {annotation.id: annotation.annotator.name for annotation in item.annotations}
    for review in reviews.of_item(connection, item.id):
        detail = {
            "review": review["id"],
            "of": givers.get(review["annotation_id"]),
            "text": review["comment"],
            "applies": bool(review["applies"]),
            "is_late": bool(review["is_late"]),
        }
        yield ItemEvent(at=review["created_at"], kind=review["decision"], actor=review["name"], detail=detail)


def _talk(connection: Connection, item: Item) -> Iterator[ItemEvent]:
    """What was said about an item, and contested; the comment of a review is told with the review."""
    said = {(row["created_at"], row["name"], row["comment"]) for row in reviews.of_item(connection, item.id)}
    ids = [thread["id"] for thread in threads.of_item(connection, item.id, seen_by=None)]
    for comment in threads.comments_of(connection, ids):
        if (comment["created_at"], comment["name"], comment["body"]) in said:
            continue
        detail = {"thread": comment["thread_id"], "text": comment["body"], "voice": comment["voice"]}
        yield ItemEvent(at=comment["created_at"], kind="commented", actor=comment["name"], detail=detail)
    reasons = contests.reasons_of(connection, item.id)
    for leaf in histories.actions_on(connection, [*ids, *reasons], [*_TALK_ACTIONS]):
        kind = _TALK_ACTIONS[leaf["action"]]
        text = reasons.get(leaf["object_id"], "") if kind == "contested" else ""
        yield ItemEvent(at=leaf["created_at"], kind=kind, actor=leaf["actor"], detail={"text": text})


def _kind_of(annotation: Annotation) -> str:
    if annotation.purpose == "audit":
        return "audited"
    if annotation.outcome == "skipped":
        return "skipped"
    return "changed" if annotation.supersedes else "answered"
