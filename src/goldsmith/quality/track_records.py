"""Track records: how sure an answer may be that nobody else has checked."""

from statistics import NormalDist

import numpy as np

from goldsmith.quality.votes import Floats, Votes

_Z = NormalDist().inv_cdf(0.975)


def track_records(votes: Votes) -> Floats:
    """For each annotator, how often others have agreed with it: the low end of a 95% interval.

    Each task that the annotator shares with others is one trial, and its outcome the share of the others' votes that
    equal its own.

    Returns:
        float64[n_annotators], in [0, 1]; not a number for an annotator who shares no task.

    Source: Wilson (1927), JASA 22, the low end of the interval; shares in the place of successes.

    Example:
        >>> votes = Votes.from_columns(list("aabbc"), list("xyxyx"), list("00110"))
        >>> track_records(votes).round(2).tolist()
        [0.34, 0.34]
    """
    counts = votes.counts()
    n_others = votes.n_answers[votes.task] - 1
    is_shared = n_others > 0
    agreeing = counts[votes.task, votes.label] - 1
    share = np.divide(agreeing, n_others, out=np.zeros(votes.n_votes), where=is_shared)
    n = np.bincount(votes.annotator, weights=is_shared, minlength=votes.n_annotators)
    right = np.bincount(votes.annotator, weights=share, minlength=votes.n_annotators)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = right / n
        centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * np.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return np.where(n > 0, np.clip(centre - half, 0.0, 1.0), np.nan)


def unchecked_at_most(confidence: Floats, votes: Votes) -> Floats:
    """The confidence of each task's label, no higher than its author's track record where only one has answered.

    A model of annotators says of an answer that nobody checked what it says of its author, and of an author whom
    hardly anybody contradicts it thinks too well.

    Args:
        confidence: float64[n_tasks], in [0, 1].
        votes: the votes it was inferred from.

    Returns:
        float64[n_tasks]; not a number where the only author has no track record.
    """
    is_alone = votes.n_answers == 1
    records = track_records(votes)
    author = votes.annotator[votes.starts[:-1]]
    return np.where(is_alone, np.minimum(confidence, records[author]), confidence)
