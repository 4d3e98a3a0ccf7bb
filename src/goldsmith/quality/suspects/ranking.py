"""Labels that are likely wrong, most suspect first: labels that were given, and single answers."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.annotators import AnnotatorSkills
from goldsmith.quality.calibration import NO_CLASS, UNKNOWN
from goldsmith.quality.suspects.classifiers import joined
from goldsmith.quality.suspects.evidence import NO_VOTE, Suspect, Suspects, Witnesses, other_label
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

LIMIT = 100


def label_errors(posterior: Floats, label: Int32s) -> Floats:
    """How probable it is that each task's label is wrong: 1 minus its probability.

    Args:
        posterior: float64[n_tasks, n_classes], calibrated, rows that sum to 1.
        label: int32[n_tasks], the class given, `UNKNOWN`, or `NO_CLASS` where it is none of the classes.

    Returns:
        float64[n_tasks], in [0, 1]; 1 where the label is no class, not a number where none is given.

    Source: Northcutt, Jiang and Chuang (2021), "Confident learning", JAIR 70 (self-confidence), with the posterior of
    the votes as model. The label itself is not counted as a vote: where labels and votes are independent it is one, but
    counting it by its own confusion matrix found fewer errors on 13 sets of real answers (49 in the place of 56% of
    corrupted labels among as many first suspects).

    Example:
        >>> label_errors(np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([1, 1])).round(3).tolist()
        [0.9, 0.2]
    """
    own = np.where(label >= 0, posterior[np.arange(len(label)), np.maximum(label, 0)], 0.0)
    return np.where(label == UNKNOWN, np.nan, np.clip(1.0 - own, 0.0, 1.0))


def suspect_labels(
    votes: Votes,
    posterior: Floats,
    labels: Mapping[str, str],
    *,
    skills: AnnotatorSkills | None = None,
    models: Collection[str] = (),
    probabilities: Floats | None = None,
    limit: int = LIMIT,
) -> Suspects:
    """The labels of tasks that the votes contradict most, with the evidence: those of a data set, or of a release.

    Args:
        votes: the votes.
        posterior: float64[n_tasks, n_classes], calibrated, such as `Assay.posterior`; never a clipped one of maximum
            likelihood, whose zeros make all suspects alike.
        labels: the label of tasks, by name.
        skills: how good the annotators are, to show.
        models: the names of annotators that are models.
        probabilities: float64[n_tasks, n_classes], a classifier's, out of sample; see `joined`.
        limit: how many suspects at most.

    Raises:
        VotesError: none of the labels is about a task with votes, or the arrays do not fit together.

    Source: `label_errors`, `joined`.

    Example:
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001111"))
        >>> found = suspect_labels(votes, np.array([[0.8, 0.2], [0.1, 0.9]]), {"a": "0", "b": "0"})
        >>> [(one.task, one.suggested, one.score) for one in found.ranked][0]
        ('b', '1', 0.9)
    """
    label = votes.codes_of(labels)
    known = _with_classifier(votes, posterior, probabilities, label)
    tasks = np.flatnonzero(label != UNKNOWN)
    if not len(tasks):
        raise VotesError(f"none of the {len(labels):,} labels is about a task with votes; call tasks alike in both.")
    scores = label_errors(known, label)[tasks]
    accused = _Accused(tasks, label[tasks], scores)
    names = {task: labels[votes.task_names[task]] for task in tasks[label[tasks] == NO_CLASS].tolist()}
    witnesses = Witnesses(votes, skills, models)
    return Suspects(
        ranked=tuple(
            _suspect(votes, known, accused, place, witnesses=witnesses, names=names, by=probabilities)
            for place in _first(scores, limit)
        ),
        n_checked=len(tasks),
        n_contradicted=_n_contradicted(known, accused),
        n_unchecked=len(labels) - len(tasks),
    )


def suspect_answers(
    votes: Votes,
    posterior: Floats,
    *,
    skills: AnnotatorSkills | None = None,
    models: Collection[str] = (),
    probabilities: Floats | None = None,
    limit: int = LIMIT,
) -> Suspects:
    """The answers of single annotators that the consensus contradicts most, with the evidence.

    An answer is judged by the posterior of its task, of which it is a part itself; one that nobody else has checked is
    not judged, but where there is a classifier.

    Args:
        votes: the votes.
        posterior: float64[n_tasks, n_classes], calibrated.
        skills: how good the annotators are, to show.
        models: the names of annotators that are models.
        probabilities: float64[n_tasks, n_classes], a classifier's, out of sample; see `joined`.
        limit: how many suspects at most.

    Raises:
        VotesError: the arrays do not fit together.

    Source: `label_errors`, `joined`.

    Example:
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001111"))
        >>> found = suspect_answers(votes, np.array([[0.8, 0.2], [0.1, 0.9]]))
        >>> found.ranked[0].annotator, found.ranked[0].label, found.n_contradicted
        ('z', '1', 1)
    """
    known = _with_classifier(votes, posterior, probabilities)
    is_checked = votes.n_answers[votes.task] > 1 if probabilities is None else np.ones(votes.n_votes, np.bool_)
    places = np.flatnonzero(is_checked)
    task, label = votes.task[places].astype(np.int64), votes.label[places]
    scores = np.clip(1.0 - known[task, label], 0.0, 1.0)
    accused = _Accused(task, label, scores)
    who: list[int] = votes.annotator[places].tolist()
    witnesses = Witnesses(votes, skills, models)
    return Suspects(
        ranked=tuple(
            _suspect(
                votes,
                known,
                accused,
                place,
                witnesses=witnesses,
                by=probabilities,
                annotator=votes.annotator_names[who[place]],
            )
            for place in _first(scores, limit)
        ),
        n_checked=len(places),
        n_contradicted=_n_contradicted(known, accused),
        n_unchecked=votes.n_votes - len(places),
    )


class _Accused(NamedTuple):
    task: Int64s
    label: Int32s
    score: Floats


def _with_classifier(
    votes: Votes, posterior: Floats, probabilities: Floats | None, label: Int32s | None = None
) -> Floats:
    if posterior.shape != (votes.n_tasks, votes.n_classes):
        raise VotesError(
            f"a posterior of the shape {posterior.shape} does not fit votes on {votes.n_tasks} tasks for "
            f"{votes.n_classes} classes."
        )
    return posterior if probabilities is None else joined(posterior, probabilities, label)


def _first(scores: Floats, limit: int) -> list[int]:
    return np.argsort(-scores, kind="stable")[: max(0, limit)].tolist()


def _n_contradicted(known: Floats, accused: _Accused) -> int:
    return int((known[accused.task].max(axis=1) > 1.0 - accused.score + 1e-9).sum())


def _suspect(
    votes: Votes,
    known: Floats,
    accused: _Accused,
    place: int,
    *,
    witnesses: Witnesses,
    by: Floats | None,
    names: Mapping[int, str] | None = None,
    annotator: str | None = None,
) -> Suspect:
    task, label = int(accused.task[place]), int(accused.label[place])
    suggested = other_label(known[task], label)
    is_class = label >= 0
    return Suspect(
        task=votes.task_names[task],
        annotator=annotator,
        label=votes.classes[label] if is_class else (names or {})[task],
        score=float(accused.score[place]),
        suggested=None if suggested is None else votes.classes[suggested],
        confidence=0.0 if suggested is None else float(known[task, suggested]),
        said=witnesses.of(task),
        by_classifier=None if by is None or not is_class else float(by[task, label] / by[task].sum()),
        note="" if is_class else NO_VOTE,
    )
