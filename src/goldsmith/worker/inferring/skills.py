"""What the answers of each annotator say of them, as it goes over the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from goldsmith.labeling.quality_wire import SkillRow
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.quality.annotators import (
    AlikePair,
    AnnotatorSkills,
    Drifts,
    Speeds,
    Verdict,
    annotator_skills,
    beliefs,
    drifts,
    per_vote,
    speeds,
)
from goldsmith.quality.assay import Assay
from goldsmith.quality.votes import Floats, Votes
from goldsmith.worker.inferring.columns import AnswerColumns

MOST_CLASSES = 20
"""A confusion matrix of more classes is not shown."""

_SEED = 20_251_122
_WARNINGS = frozenset({Verdict.SPAMMER, Verdict.MISLEADING})


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillsFound:
    """The rows by annotator, in the order of the annotators' codes, and the skills that they come from."""

    rows: list[SkillRow]
    skills: AnnotatorSkills


def skill_rows(
    found: Assay,
    column: AnswerColumns,
    *,
    gold: Mapping[str, str],
    pairs: Sequence[AlikePair],
    annotators: Mapping[str, AnnotatorName],
) -> SkillsFound:
    """What the answers of each annotator say of them.

    Args:
        found: the consensus of their answers.
        column: their answers, with times.
        gold: known classes by external id.
        pairs: who makes the same errors too often.
        annotators: who they are, by id.
    """
    votes, rng = found.votes, np.random.default_rng(_SEED)
    calibrated = replace(found.consensus, posterior_=found.posterior)
    voted = {name: label for name, label in gold.items() if label in set(votes.classes)}
    known = beliefs(votes, gold=voted, consensus=calibrated)
    skills = annotator_skills(votes, rng=rng, gold=voted, consensus=calibrated)
    times = per_vote(votes, column.externals, column.annotators, np.array(column.times, np.float64))
    seconds = np.array(column.active_ms, np.float64) / 1000
    seconds[seconds <= 0] = np.nan
    paces = speeds(votes, per_vote(votes, column.externals, column.annotators, seconds))
    changes = drifts(votes, times, known, rng=rng)
    is_met = skills.confusions_.is_met()
    rows = [
        _row(
            a,
            skills=skills,
            paces=paces,
            changes=changes,
            alike=_alike_of(a, pairs, votes),
            confusion=_shown(skills.confusion_.estimate[a], is_met[a]),
            annotators=annotators,
        )
        for a in range(votes.n_annotators)
    ]
    return SkillsFound(rows=rows, skills=skills)


def confusion_of(found: SkillsFound) -> list[list[float | None]]:
    """By true class, the shares of the classes answered by all annotators; see `_shown`."""
    together = found.skills.confusions_.together()
    return _shown(together.rows().estimate[0], together.is_met()[0])


def _shown(shares: Floats, is_met: NDArray[np.bool_]) -> list[list[float | None]]:
    """A confusion matrix as it is shown.

    Args:
        shares: float64[n_classes, n_classes], each row a distribution.
        is_met: bool[n_classes].

    Returns:
        The shares; None in rows of classes that were not met. Empty where there are more than `MOST_CLASSES`.
    """
    if len(shares) > MOST_CLASSES:
        return []
    return [[_number(cell) if met else None for cell in row] for row, met in zip(shares, is_met.tolist(), strict=True)]


def _row(
    a: int,
    *,
    skills: AnnotatorSkills,
    paces: Speeds,
    changes: Drifts,
    alike: list[str],
    confusion: list[list[float | None]],
    annotators: Mapping[str, AnnotatorName],
) -> SkillRow:
    name = skills.annotators[a]
    verdict, accuracy, score = skills.verdicts_[a], skills.accuracy_, skills.spammer_score_
    is_drifting = bool(changes.is_drifting[a])
    since = _number(changes.since[a])
    return SkillRow(
        annotator=annotators.get(name) or AnnotatorName(id=name, kind="person", name=name, version=None),
        n_answers=int(skills.n_answers_[a]),
        n_gold=int(skills.n_gold_[a]),
        is_by_gold=bool(skills.is_by_gold_[a]),
        accuracy=_number(accuracy.estimate[a]),
        low=_number(accuracy.low[a]),
        high=_number(accuracy.high[a]),
        spammer_score=_number(score.estimate[a]),
        spammer_low=_number(score.low[a]),
        spammer_high=_number(score.high[a]),
        verdict=str(verdict),
        is_warning=verdict in _WARNINGS or is_drifting or bool(alike),
        median_s=_number(paces.median_s[a]),
        is_far_in_speed=bool(paces.is_far[a]),
        drift=None if not is_drifting else "worse" if changes.change[a] < 0 else "better",
        drift_since=int(since) if is_drifting and since is not None else None,
        alike=alike,
        confusion=confusion,
    )


def _alike_of(a: int, pairs: Sequence[AlikePair], votes: Votes) -> list[str]:
    others = [pair.second if pair.first == a else pair.first for pair in pairs if a in (pair.first, pair.second)]
    return [votes.annotator_names[other] for other in sorted(set(others))]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
