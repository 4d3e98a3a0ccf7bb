"""Votes that count for less because they are copies, such as those of programs of one family."""

from collections.abc import Sequence

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.quality.annotators.collusion import AlikePair
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes


def independent_weights(votes: Votes, pairs: Sequence[AlikePair]) -> Floats:
    """How many independent votes each vote counts for, so that m copies of one count for about one together.

    The weight of a vote is 1 / (1 + the sum of what its annotator shares with others who answered the task), which is
    1 / m among m copies and 1 for whoever shares nothing. Detected pairs decide, not names: `alike_annotators` first,
    then the consensus of `Votes` with these weights; once more with that consensus where the copies swayed it.

    Args:
        votes: the votes.
        pairs: who shares errors with whom; see `Alikes.pairs_`.

    Returns:
        float64[n_votes], in (0, 1]; its sum over a task is the effective number of independent votes.

    Source: the effective number of equally correlated observations, m / (1 + (m - 1) r), Kish (1965), "Survey
    Sampling", section 5.4, with each pair's own r.

    Example:
        >>> votes = Votes.from_columns(list("aaab"), list("xyzx"), list("0011"))
        >>> copies = AlikePair(
        ...     first=0, second=1, n_shared=20, n_same_wrong=9, expected=1, excess=1, p_value=1e-9)
        >>> independent_weights(votes, [copies]).tolist()
        [0.5, 0.5, 1.0, 1.0]
    """
    sharing = np.array([(one.first, one.second) for one in pairs], np.int64).reshape(-1, 2)
    keys = sharing[:, 0] * votes.n_annotators + sharing[:, 1]
    order = np.argsort(keys, kind="stable")
    excess = np.array([one.excess for one in pairs], np.float64)[order]
    shared = np.zeros(votes.n_votes)
    is_sharing = np.zeros(votes.n_annotators, np.bool_)
    is_sharing[sharing.ravel()] = True
    _add_shared((votes.starts, votes.annotator, is_sharing), keys[order], excess, shared)
    return 1 / (1 + shared)


@in_place
def _add_shared(
    given: tuple[Int64s, Int32s, "np.ndarray[tuple[int], np.dtype[np.bool_]]"],
    keys: Int64s,
    excess: Floats,
    shared: Floats,
) -> None:
    starts, annotator, is_sharing = given
    for t in range(len(starts) - 1):
        for i in range(starts[t], starts[t + 1]):
            if not is_sharing[annotator[i]]:
                continue
            for j in range(i + 1, starts[t + 1]):
                if is_sharing[annotator[j]]:
                    key = int(annotator[i]) * len(is_sharing) + int(annotator[j])
                    for at in range(int(np.searchsorted(keys, key)), len(keys)):
                        if keys[at] != key:
                            break
                        shared[i] += excess[at]
                        shared[j] += excess[at]
