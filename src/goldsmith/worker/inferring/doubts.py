"""The labels that most need a second look, with who said what."""

from collections.abc import Container, Mapping
from typing import NamedTuple

import numpy as np

from goldsmith.labeling.quality_wire import Said, Suspect, SuspectReason
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.quality import suspects
from goldsmith.quality.votes import Votes
from goldsmith.worker.inferring.classes import Asked, ClassesFound, of_voted_classes

_MOST = 300
_MOST_ANSWERS = 50
_EVEN = 0.5
_HARDLY = 0.02
"""A single answer that is less probable than this is worth a look."""


class Doubts(NamedTuple):
    """What needs a second look, worst first, and how much there is of it in all."""

    shown: list[Suspect]
    n: int


def doubts(asked: Asked, found: ClassesFound, *, contested: Container[str]) -> Doubts:
    """Gold that the answers contradict, then labels on which they disagree, then single answers against all others."""
    votes, posterior = found.assay.votes, found.assay.posterior
    models = [one.id for one in asked.annotators.values() if one.kind == "model"]
    skills = found.skills.skills
    of_gold: list[suspects.Suspect] = []
    gold = of_voted_classes(votes, found.gold)
    if gold:
        ranked = suspects.suspect_labels(votes, posterior, gold, skills=skills, models=models, limit=_MOST).ranked
        of_gold = [one for one in ranked if one.score > _EVEN]
    labels = dict(zip(votes.task_names, found.assay.labels, strict=True))
    unsure = _unsure(votes, found, asked.target)
    labels = {name: label for name, label in labels.items() if name in unsure}
    of_labels: tuple[suspects.Suspect, ...] = ()
    if labels:
        of_labels = suspects.suspect_labels(votes, posterior, labels, skills=skills, models=models, limit=_MOST).ranked
    answers = suspects.suspect_answers(votes, posterior, skills=skills, models=models, limit=_MOST_ANSWERS)
    of_answers = [one for one in answers.ranked if one.score >= 1 - _HARDLY and one.task not in unsure]
    item_of = asked.column.item_of
    shown = [_suspect(one, "gold", asked.annotators, item_of) for one in of_gold]
    for one in of_labels:
        reason: SuspectReason = "models" if one.disagreeing_models and one.task not in contested else "contested"
        shown.append(_suspect(one, reason, asked.annotators, item_of))
    shown += [_suspect(one, "answer", asked.annotators, item_of) for one in of_answers]
    return Doubts(_once(shown)[:_MOST], len(of_gold) + len(unsure) + len(of_answers))


def _unsure(votes: Votes, found: ClassesFound, target: float) -> set[str]:
    """The tasks on which answers disagree and whose label is not certain."""
    n_labels = (votes.counts() > 0).sum(axis=1)
    is_unsure = (n_labels > 1) & ~(found.assay.confidence >= target)
    return {votes.task_names[t] for t in np.flatnonzero(is_unsure).tolist()}


def _once(shown: list[Suspect]) -> list[Suspect]:
    """Each item once, for the first reason."""
    return list({one.item_id: one for one in reversed(shown)}.values())[::-1]


def _suspect(
    one: suspects.Suspect, reason: SuspectReason, annotators: Mapping[str, AnnotatorName], item_of: Mapping[str, str]
) -> Suspect:
    return Suspect(
        item_id=item_of[one.task],
        external_id=one.task,
        title="",
        reason=reason,
        label=one.label,
        probability=round(1 - one.score, 6),
        suggested=one.suggested,
        suggested_probability=None if one.suggested is None else round(one.confidence, 6),
        said=[
            Said(
                annotator=annotators.get(said.annotator)
                or AnnotatorName(id=said.annotator, kind="person", name=said.annotator, version=None),
                label=said.label,
                accuracy=None if said.skill is None else said.skill.estimate,
                low=None if said.skill is None else said.skill.low,
                high=None if said.skill is None else said.skill.high,
            )
            for said in one.said
        ],
    )
