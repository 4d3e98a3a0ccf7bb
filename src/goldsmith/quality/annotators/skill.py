"""How well each annotator answers, with intervals, and what may be said of whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from goldsmith.quality.annotators.beliefs import MIN_GOLD, Beliefs, beliefs
from goldsmith.quality.annotators.confusions import Confusions, confusions
from goldsmith.quality.annotators.newcomers import Newcomer, newcomer_of
from goldsmith.quality.annotators.shares import Shares
from goldsmith.quality.annotators.spammers import SPAMMER_BELOW, SpammerScores, spammer_scores
from goldsmith.quality.consensus import Consensus
from goldsmith.quality.votes import Floats, Int64s, Votes

_BY_CONSENSUS = 0.5
"""How much lower a spammer has to be where the consensus judges: it thinks worse than is right of people who meet rare
classes. Without this 9% of those with a score of 0.1 or more were called spammers where 7% of tasks were of one class.
"""


class Verdict(StrEnum):
    """What may be said of an annotator."""

    TOO_FEW = "too few answers to say"
    SPAMMER = "answers do not depend on what is true"
    MISLEADING = "answers tell what is true, but by another name"
    SOUND = "answers tell what is true"
    UNSURE = "may be a spammer or not"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatorSkills:
    """The skills of all annotators, in the order of their codes. Attributes end in `_` because they are inferred.

    Attributes:
        annotators: their names.
        n_answers_: int64[n_annotators], how many tasks each answered.
        n_gold_: int64[n_annotators], how many of them have gold.
        is_by_gold_: bool[n_annotators], whether an annotator is judged by gold alone, as from 10 gold answers on.
        accuracy_: how often each is right, float64[n_annotators] with Wilson's 95% intervals.
        confusions_: what `confusion_` is estimated from.
        confusion_: float64[n_annotators, n_classes, n_classes], how often each answers the second class where the first
            is true, each cell with its 95% interval by itself; not a number in rows of classes never met.
        spammer_score_: 0 for answers that do not depend on what is true, 1 for answers that tell it, with 90%
            intervals; see `spammers`.
        verdicts_: what may be said of each. At most 5% of annotators whose true spammer score is 0.1 or more are called
            spammers; in simulations 0 to 5% by gold, 0 to 4% by the consensus.
        newcomer_: what to assume of an annotator of whom nothing is known.
    """

    annotators: tuple[str, ...]
    n_answers_: Int64s
    n_gold_: Int64s
    is_by_gold_: NDArray[np.bool_]
    accuracy_: Shares
    confusions_: Confusions
    confusion_: Shares
    spammer_score_: SpammerScores
    verdicts_: tuple[Verdict, ...]
    newcomer_: Newcomer


def annotator_skills(
    votes: Votes,
    *,
    rng: np.random.Generator,
    gold: Mapping[str, str] | None = None,
    consensus: Consensus | None = None,
) -> AnnotatorSkills:
    """What the answers of each annotator say of them.

    Who answered 10 tasks with gold is judged by gold alone. Others are judged by gold and consensus together; as the
    consensus rests on their own answers too, intervals from it hold only as far as its posterior is calibrated: in
    simulations 95% of them held the accuracy, but 90% where 7% of tasks were of one of two classes.

    Args:
        votes: the votes.
        rng: draws confusion matrices for the intervals of spammer scores.
        gold: the true class by task.
        consensus: fitted to these votes, such as a `SkilledConsensus`.

    Raises:
        VotesError: as `beliefs`.

    Example:
        >>> votes = Votes.from_columns(list("abab"), list("xxyy"), ["no", "yes", "no", "no"])
        >>> found = annotator_skills(votes, gold={"a": "no", "b": "yes"}, rng=np.random.default_rng(0))
        >>> found.accuracy_.estimate.tolist(), str(found.verdicts_[0])
        ([1.0, 0.5], 'too few answers to say')
    """
    known = beliefs(votes, gold=gold, consensus=consensus)
    found = confusions(votes, known)
    scores = spammer_scores(found, rng=rng)
    accuracy = found.accuracy()
    n_gold = known.n_gold(votes)
    return AnnotatorSkills(
        annotators=votes.annotator_names,
        n_answers_=np.bincount(votes.annotator, minlength=votes.n_annotators),
        n_gold_=n_gold,
        is_by_gold_=n_gold >= MIN_GOLD,
        accuracy_=accuracy,
        confusions_=found,
        confusion_=found.rows(),
        spammer_score_=scores,
        verdicts_=_verdicts(votes, known, found, scores=scores, accuracy=accuracy.high),
        newcomer_=newcomer_of(found),
    )


def _verdicts(
    votes: Votes, known: Beliefs, found: Confusions, *, scores: SpammerScores, accuracy: Floats
) -> tuple[Verdict, ...]:
    """The verdict on each annotator; `accuracy` is the upper end of its interval."""
    n = np.maximum(found.counts.sum(axis=(1, 2)), 1e-12)
    by_chance = (found.counts.sum(axis=1) * found.counts.sum(axis=2)).sum(axis=1) / n**2
    is_by_gold = known.n_gold(votes) >= MIN_GOLD
    limit = np.where(is_by_gold, SPAMMER_BELOW, SPAMMER_BELOW * _BY_CONSENSUS)
    with np.errstate(invalid="ignore"):  # not a number where there is no score, and so no verdict
        rules = [
            (~known.suffice(votes) | np.isnan(scores.estimate), Verdict.TOO_FEW),
            (scores.high < limit, Verdict.SPAMMER),
            ((scores.low > SPAMMER_BELOW) & (accuracy < by_chance), Verdict.MISLEADING),
            (scores.low > SPAMMER_BELOW, Verdict.SOUND),
        ]
    which = np.select([condition for condition, _ in rules], range(len(rules)), len(rules))
    named = [*(verdict for _, verdict in rules), Verdict.UNSURE]
    return tuple(named[int(i)] for i in which)
