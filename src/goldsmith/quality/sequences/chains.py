"""Compiled passes over chains of tags: forward-backward, and the best valid tags."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled, in_place
from goldsmith.quality.votes import Floats, Int32s, Int64s

_LEAST = -150.0
"""No token's votes speak louder than this logarithm, so that many votes for invalid tags leave valid ones possible."""


_LEVEL = 1e-9
"""Sums of probabilities that differ by no more are level; rounding alone stays far below."""


class Evidence(NamedTuple):
    """The votes, as in `SequenceVotes`."""

    annotator: Int32s
    label: Int32s
    before: Int32s
    starts: Int64s
    ends: Int64s


class Logs(NamedTuple):
    """What the passes rest on.

    Attributes:
        confusion: float64[n_annotators, n_types + 2, n_tags, n_tags], logarithms, by what the annotator gave before,
            tag given and true tag: all that a vote needs lies in one stretch of memory.
        follows: float64[n_tags + 1, n_tags], how probable a tag is after another, no logarithm; 0 where it may not be.
        word: float64[n_tokens, n_tags], logarithms of what the word alone says.
    """

    confusion: Floats
    follows: Floats
    word: Floats


class Sums(NamedTuple):
    """Expected counts: of answers, as in `Logs.confusion`, and of tags after tags, as in `Logs.follows`."""

    answered: Floats
    followed: Floats


class _Passes(NamedTuple):
    """float64[n_tokens, n_tags] each: probabilities of the votes, from the left, from the right."""

    seen: Floats
    forward: Floats
    backward: Floats


@compiled
def update(evidence: Evidence, logs: Logs, posterior: Floats, sums: Sums) -> None:
    """Fill `posterior`, float64[n_tokens, n_tags], and add to `sums`, text by text."""
    n_tags = posterior.shape[1]
    longest = np.diff(evidence.ends).max()
    seen_, forward_, backward_ = np.empty((longest, n_tags)), np.empty((longest, n_tags)), np.empty((longest, n_tags))
    for text in range(evidence.ends.shape[0] - 1):
        first, last = evidence.ends[text], evidence.ends[text + 1]
        seen, forward, backward = seen_[: last - first], forward_[: last - first], backward_[: last - first]
        _see(evidence, logs, first, seen)
        _go_forward(seen, logs.follows, forward)
        _go_backward(seen, logs.follows, backward)
        for token in range(first, last):
            at = token - first
            total = 0.0
            for tag in range(n_tags):
                posterior[token, tag] = forward[at, tag] * backward[at, tag]
                total += posterior[token, tag]
            for tag in range(n_tags):
                posterior[token, tag] /= total
            for i in range(evidence.starts[token], evidence.starts[token + 1]):
                row = sums.answered[evidence.annotator[i], evidence.before[i], evidence.label[i]]
                for tag in range(n_tags):
                    row[tag] += posterior[token, tag]
        for tag in range(n_tags):
            sums.followed[n_tags, tag] += posterior[first, tag]
        _count_pairs(_Passes(seen, forward, backward), logs.follows, sums.followed)


@in_place
def _see(evidence: Evidence, logs: Logs, first: int, seen: Floats) -> None:
    """Fill `seen` with how probable the votes on each token are under each tag, the likeliest tag's being 1."""
    n_tags = seen.shape[1]
    for at in range(seen.shape[0]):
        token = first + at
        row = seen[at]
        for tag in range(n_tags):
            row[tag] = logs.word[token, tag]
        for i in range(evidence.starts[token], evidence.starts[token + 1]):
            given = logs.confusion[evidence.annotator[i], evidence.before[i], evidence.label[i]]
            for tag in range(n_tags):
                row[tag] += given[tag]
        highest = row[0]
        for tag in range(1, n_tags):
            highest = max(highest, row[tag])
        for tag in range(n_tags):
            row[tag] = np.exp(max(row[tag] - highest, _LEAST))


@in_place
def _go_forward(seen: Floats, follows: Floats, forward: Floats) -> None:
    n_tokens, n_tags = seen.shape
    for at in range(n_tokens):
        total = 0.0
        for tag in range(n_tags):
            reached = 0.0
            if at:
                for earlier in range(n_tags):
                    reached += forward[at - 1, earlier] * follows[earlier, tag]
            else:
                reached = follows[n_tags, tag]
            forward[at, tag] = reached * seen[at, tag]
            total += forward[at, tag]
        for tag in range(n_tags):
            forward[at, tag] /= total


@in_place
def _go_backward(seen: Floats, follows: Floats, backward: Floats) -> None:
    n_tokens, n_tags = seen.shape
    for tag in range(n_tags):
        backward[n_tokens - 1, tag] = 1.0
    for at in range(n_tokens - 2, -1, -1):
        total = 0.0
        for tag in range(n_tags):
            left = 0.0
            for later in range(n_tags):
                left += follows[tag, later] * seen[at + 1, later] * backward[at + 1, later]
            backward[at, tag] = left
            total += left
        for tag in range(n_tags):
            backward[at, tag] /= total


@in_place
def _count_pairs(passes: _Passes, follows: Floats, followed: Floats) -> None:
    seen, forward, backward = passes
    n_tokens, n_tags = seen.shape
    for at in range(n_tokens - 1):
        total = 0.0
        for tag in range(n_tags):
            for later in range(n_tags):
                total += forward[at, tag] * follows[tag, later] * seen[at + 1, later] * backward[at + 1, later]
        for tag in range(n_tags):
            for later in range(n_tags):
                pair = forward[at, tag] * follows[tag, later] * seen[at + 1, later] * backward[at + 1, later]
                followed[tag, later] += pair / total


@compiled
def best_tags(posterior: Floats, ends: Int64s, allowed: NDArray[np.bool_]) -> Int32s:
    """int32[n_tokens], of all valid tags of each text those with the most probability in sum; of level ones the first.

    Args:
        posterior: float64[n_tokens, n_tags].
        ends: int64[n_sequences + 1], as in `SequenceVotes`.
        allowed: bool[n_tags + 1, n_tags], as `bio.may_follow` gives.
    """
    n_tokens, n_tags = posterior.shape
    best = np.empty(n_tokens, np.int32)
    came_from = np.zeros((n_tokens, n_tags), np.int32)
    score, later = np.empty(n_tags), np.empty(n_tags)
    for text in range(ends.shape[0] - 1):
        first, last = ends[text], ends[text + 1]
        for tag in range(n_tags):
            score[tag] = posterior[first, tag] if allowed[n_tags, tag] else -np.inf
        for token in range(first + 1, last):
            for tag in range(n_tags):
                came_from[token, tag] = 0
                highest = -np.inf
                for earlier in range(n_tags):
                    if allowed[earlier, tag] and score[earlier] > highest + _LEVEL:
                        highest, came_from[token, tag] = score[earlier], earlier
                later[tag] = highest + posterior[token, tag]
            score[:] = later
        best[last - 1] = 0
        for tag in range(1, n_tags):
            if score[tag] > score[best[last - 1]] + _LEVEL:
                best[last - 1] = tag
        for token in range(last - 1, first, -1):
            best[token - 1] = came_from[token, best[token]]
    return best
