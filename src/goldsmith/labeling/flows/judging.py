"""What an answer does to its item at once: its label, how sure that is, and whether another answer is wanted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows.projects import place_in_queue
from goldsmith.labeling.model import CONTESTED_BELOW, CONTESTED_FROM, SHORT, LoadedProject, is_categorical
from goldsmith.labeling.store import annotations
from goldsmith.labeling.workbench import Workbench

if TYPE_CHECKING:
    from goldsmith.quality.routing import Routing
    from goldsmith.quality.routing.judges import Judgement

_FEWEST = 2
"""Of an item with a single answer nothing is said before the next inference: nobody has checked it."""


def judge_item(
    connection: Connection, bench: Workbench, project: LoadedProject, *, item_id: str, row: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The values of an item's row after its newest answer; None where the next inference has to decide them.

    Args:
        connection: of the transaction that has stored the answer.
        bench: the vault.
        project: the item's project.
        item_id: the item.
        row: its counts of answers with the newest one, its position, external id and consensus.
    """
    asked = [question for question in project.schema.questions if question.required and is_categorical(question)]
    judges = bench.judges(connection, project.id)
    if not asked or any(question.name not in judges for question in asked):
        return None
    votes = [
        (vote["annotator_id"], msgspec.json.decode(vote["answers"], type=dict[str, object]))
        for vote in annotations.votes_on(connection, item_id)
    ]
    if len(votes) < _FEWEST:
        return None
    policy = _routing(project)
    found: dict[str, Judgement] = {}
    for question in asked:
        of_question = [
            (annotator, str(question.class_of(answers[question.name])))
            for annotator, answers in votes
            if question.name in answers
        ]
        judgement = judges[question.name].judge(of_question, policy)
        if judgement is None or len(of_question) < _FEWEST:
            return None
        found[question.name] = judgement
    return _values(project, found, row)


def _routing(project: LoadedProject) -> "Routing":
    from goldsmith.quality.routing import Routing  # noqa: PLC0415 - loads numpy, a sixth of a second

    policy = project.policy
    return Routing(start=policy.overlap, target=policy.target_confidence, cap=policy.max_overlap or policy.overlap)


def _values(project: LoadedProject, found: Mapping[str, "Judgement"], row: Mapping[str, Any]) -> dict[str, Any]:
    confidence = min(one.confidence for one in found.values())
    is_contested = _is_undecided(project, found, row, confidence)
    said = msgspec.json.decode(row["consensus"] or "{}", type=dict[str, msgspec.Raw])
    labels = {name: canonical_json(project.schema.question(name).answer_of(one.label)) for name, one in found.items()}
    said.update({name: msgspec.Raw(label) for name, label in labels.items() if len(label) <= SHORT})
    return {
        "confidence": round(confidence, 6),
        "consensus": canonical_json(said).decode(),
        "is_contested": int(is_contested),
        **place_in_queue(project.policy, row, confidence, is_contested=is_contested),
        "judged": [
            {"question": name, "value": labels[name], "confidence": one.confidence, "agreement": None}
            for name, one in found.items()
        ],
    }


def _is_undecided(
    project: LoadedProject, found: Mapping[str, "Judgement"], row: Mapping[str, Any], confidence: float
) -> bool:
    """Whether more answers do not settle the item, or none are to come."""
    policy = project.policy
    if policy.max_overlap is None:
        return row["n_people"] + row["n_models"] >= CONTESTED_FROM and confidence < CONTESTED_BELOW
    is_full = row["n_people"] >= policy.max_overlap
    is_still = any(one.is_contested for one in found.values())
    return confidence < policy.target_confidence and (is_full or (is_still and row["n_people"] >= policy.overlap))
