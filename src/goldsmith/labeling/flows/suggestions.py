"""Suggestions: what models say of an item, shown to most annotators, so that its pull on the others can be measured."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.lease_wire import Assistance, NewAnnotation, Suggestion
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.policies import Policy, Suggestions
from goldsmith.labeling.store import answer_lists, checks, projects
from goldsmith.labeling.store.queue import Asked
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.store.prepared import Row


def assistance_of(
    connection: Connection, project: LoadedProject, *, new: NewAnnotation, target: Row, questions: Collection[str]
) -> str | None:
    """What is stored of the help that an annotator had: whether it was drawn for them, and what they made of it.

    An annotation is never refused for it. What cannot be true is left out, and said under `left_out`.
    """
    policy = _policy(connection, project, new.policy_version)
    has_some = policy.suggestions is not Suggestions.NONE
    if new.purpose != "label" or not (has_some or new.assistance):
        return None
    is_offered = not policy.withholds(target["external_id"], target["annotator_id"]) if has_some else None
    stored: dict[str, object] = {"is_offered": is_offered}
    if new.assistance is not None:
        can_show = checks.models_of(connection, new.item_id) if is_offered else set[str]()
        stored |= _checked(new.assistance, can_show=can_show, questions=questions)
    return canonical_json(stored).decode()


def _checked(told: Assistance, *, can_show: Collection[str], questions: Collection[str]) -> dict[str, object]:
    """What a client says, as far as it can be true, and in words what was left out of it."""
    shown = [one for one in dict.fromkeys(told.shown) if one in can_show]
    accepted = [name for name in dict.fromkeys(told.accepted) if shown and name in questions]
    changed = [name for name in dict.fromkeys(told.changed) if shown and name in questions and name not in accepted]
    left_out = [f"shown: {one[:80]!r} is no model whose answer was offered" for one in told.shown if one not in shown]
    for kind, names, kept in (("accepted", told.accepted, accepted), ("changed", told.changed, changed)):
        left_out += [f"{kind}: {name[:80]!r} {_why(name, shown, questions)}" for name in names if name not in kept]
    found: dict[str, object] = {"shown": shown, "accepted": accepted, "changed": changed}
    return found | ({"left_out": left_out} if left_out else {})


def _why(name: str, shown: Collection[str], questions: Collection[str]) -> str:
    if name not in questions:
        return "is no question of the schema"
    return "was accepted, which is said already" if shown else "cannot be, since no suggestion was shown"


def _policy(connection: Connection, project: LoadedProject, version: int) -> Policy:
    """The policy that the item was handed out under."""
    if version == project.policy_version:
        return project.policy
    return msgspec.json.decode(projects.document(connection, project.id, "policy", version), type=Policy)


def for_leases(
    connection: Connection, project: LoadedProject, *, asked: Asked, rows: Sequence[Row]
) -> dict[str, list[Suggestion]]:
    """What models say of leased items, by item; nothing for the share that is answered unaided."""
    if asked.purpose != "label" or project.policy.suggestions is Suggestions.NONE:
        return {}
    aided = [row["item_id"] for row in rows if not project.policy.withholds(row["external_id"], asked.annotator_id)]
    found: dict[str, list[Suggestion]] = {}
    for row in answer_lists.current_of_items(connection, aided, "label") if aided else []:
        if row["kind"] != "model" or row["outcome"] != "answered":
            continue
        source = AnnotatorName(id=row["annotator_id"], kind="model", name=row["name"], version=row["version"] or None)
        answers = msgspec.json.decode(row["answers"], type=dict[str, Any])
        found.setdefault(row["item_id"], []).append(Suggestion(source=source, answers=answers))
    return found
