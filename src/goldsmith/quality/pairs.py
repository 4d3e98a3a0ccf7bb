"""Which votes pairs of annotators have given to the same tasks."""

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.quality.votes import Int32s, Int64s, Votes


class SharedVotes(NamedTuple):
    """The votes of each pair of annotators on the tasks that both answered, pair by pair.

    Attributes:
        starts: int64[n_pairs + 1]; those of pair p are from starts[p] up to, not including, starts[p + 1].
        annotators: int32[n_pairs, 2], the codes of both, the lower one first.
        first: int64[n_shared], the place in `Votes` of the vote by the first of the two.
        second: int64[n_shared], that of the other, on the same task.
    """

    starts: Int64s
    annotators: Int32s
    first: Int64s
    second: Int64s


def shared_votes(votes: Votes) -> SharedVotes:
    """All pairs of annotators who share a task, in O(n_votes * answers per task), not annotators squared.

    Example:
        >>> votes = Votes.from_columns(list("aabb"), list("xyyz"), list("0011"))
        >>> shared_votes(votes).annotators.tolist()
        [[0, 1], [1, 2]]
    """
    n_answers = votes.n_answers
    n = int((n_answers * (n_answers - 1) // 2).sum())
    key, first, second = (np.empty(n, np.int64) for _ in range(3))
    _pair(votes.starts, votes.annotator, votes.n_annotators, (key, first, second))
    order = np.argsort(key, kind="stable")
    key = key[order]
    begins = np.flatnonzero(np.append(True, key[1:] != key[:-1])[:n])
    annotators = np.column_stack(np.divmod(key[begins], votes.n_annotators)).astype(np.int32)
    return SharedVotes(np.append(begins, n), annotators, first[order], second[order])


@in_place
def _pair(starts: Int64s, annotator: Int32s, n_annotators: int, found: tuple[Int64s, Int64s, Int64s]) -> None:
    at = 0
    for t in range(len(starts) - 1):
        for i in range(starts[t], starts[t + 1]):
            for j in range(i + 1, starts[t + 1]):
                found[0][at] = np.int64(annotator[i]) * n_annotators + annotator[j]
                found[1][at] = i
                found[2][at] = j
                at += 1
