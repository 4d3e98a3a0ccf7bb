"""What speaks against a label: who said what, how good they are, and which models disagree."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from goldsmith.quality.annotators import AnnotatorSkills
from goldsmith.quality.intervals import Interval
from goldsmith.quality.votes import Floats, Votes

NO_VOTE = "nobody voted for this label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer to a task.

    Attributes:
        annotator: who gave it.
        label: what it was.
        is_model: whether a model gave it.
        skill: how often this annotator is right, with a 95% interval; None where nothing is known of them.
    """

    annotator: str
    label: str
    is_model: bool
    skill: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A label that is likely wrong, with the evidence.

    Attributes:
        task: the task's name.
        annotator: whose answer it is; None for a label of the task that was given.
        label: the label under suspicion.
        score: how probable the evidence makes it that it is wrong, in [0, 1].
        suggested: the most probable other label; None where the votes know no other.
        confidence: the calibrated probability of that; 0 without one.
        said: all answers to the task, those of the best annotators first.
        by_classifier: the classifier's probability for the label under suspicion; None without a classifier.
        note: what else there is to say; empty mostly.
    """

    task: str
    annotator: str | None
    label: str
    score: float
    suggested: str | None
    confidence: float
    said: tuple[Said, ...]
    by_classifier: float | None = None
    note: str = ""

    @property
    def disagreeing_models(self) -> tuple[str, ...]:
        """The models that answered another label."""
        return tuple(one.annotator for one in self.said if one.is_model and one.label != self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """What was found among labels.

    Attributes:
        ranked: the most suspect ones, most suspect first.
        n_checked: how many labels were looked at.
        n_contradicted: for how many of them another label is more probable.
        n_unchecked: labels of which the votes cannot tell: of tasks without votes, or answers that nobody else checked.
    """

    ranked: tuple[Suspect, ...]
    n_checked: int
    n_contradicted: int
    n_unchecked: int


class Witnesses:
    """All that is known of those who answered.

    Args:
        votes: the votes.
        skills: of their annotators; None where they are not known.
        models: the names of annotators that are models.
    """

    def __init__(self, votes: Votes, skills: AnnotatorSkills | None, models: Collection[str]) -> None:
        self._votes = votes
        self._models = frozenset(models)
        self._skills = [None] * votes.n_annotators if skills is None else _intervals(skills)

    def of(self, task: int) -> tuple[Said, ...]:
        """The answers to a task, those of the best annotators first."""
        votes = self._votes
        places = range(int(votes.starts[task]), int(votes.starts[task + 1]))
        said = [self._said(int(votes.annotator[place]), int(votes.label[place])) for place in places]
        return tuple(sorted(said, key=lambda one: -(-1.0 if one.skill is None else one.skill.estimate or 0.0)))

    def _said(self, annotator: int, label: int) -> Said:
        name = self._votes.annotator_names[annotator]
        return Said(
            annotator=name,
            label=self._votes.classes[label],
            is_model=name in self._models,
            skill=self._skills[annotator],
        )


def _intervals(skills: AnnotatorSkills) -> list[Interval | None]:
    found = skills.accuracy_
    rows: list[list[float]] = np.stack((found.estimate, found.low, found.high), axis=1).tolist()
    n_answers: list[int] = skills.n_answers_.tolist()
    return [
        None if np.isnan(row).any() else Interval(estimate=row[0], low=row[1], high=row[2], n=n)
        for row, n in zip(rows, n_answers, strict=True)
    ]


def other_label(row: Floats, label: int) -> int | None:
    """The most probable class but `label`, the first of level ones; None where there is no other class."""
    others = row.copy()
    if label >= 0:
        others[label] = -1.0
    best = int(others.argmax())
    return None if best == label else best
