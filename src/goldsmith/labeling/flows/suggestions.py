"""Suggestions: what models say of an item, shown to most annotators, so that its pull on the others can be measured."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.policies import Suggestions
from goldsmith.labeling.store import annotations
from goldsmith.labeling.store.queue import Asked
from goldsmith.labeling.wire import AnnotatorName, NewAnnotation, Suggestion
from goldsmith.store.prepared import Row


def assistance_of(project: LoadedProject, new: NewAnnotation, target: Row) -> str | None:
    """What is stored of the help that an annotator had: whether it was offered by lot, and what they made of it."""
    if new.purpose != "label" or (project.policy.suggestions is Suggestions.NONE and new.assistance is None):
        return None
    is_offered = project.policy.suggestions is not Suggestions.NONE and not project.policy.withholds(
        target["external_id"], target["annotator_id"]
    )
    told = msgspec.structs.asdict(new.assistance) if new.assistance is not None else {}
    return canonical_json({"is_offered": is_offered, **told}).decode()


def for_leases(
    connection: Connection, project: LoadedProject, *, asked: Asked, rows: Sequence[Row]
) -> dict[str, list[Suggestion]]:
    """What models say of leased items, by item; nothing for the share that is answered unaided."""
    if asked.purpose != "label" or project.policy.suggestions is Suggestions.NONE:
        return {}
    aided = [row["item_id"] for row in rows if not project.policy.withholds(row["external_id"], asked.annotator_id)]
    found: dict[str, list[Suggestion]] = {}
    for row in annotations.current_of_items(connection, aided, "label") if aided else []:
        if row["kind"] != "model" or row["outcome"] != "answered":
            continue
        source = AnnotatorName(id=row["annotator_id"], kind="model", name=row["name"], version=row["version"] or None)
        answers = msgspec.json.decode(row["answers"], type=dict[str, Any])
        found.setdefault(row["item_id"], []).append(Suggestion(source=source, answers=answers))
    return found
