"""M-MSR: skills from how often pairs of annotators agree, with the extreme pairs left out."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.odds import ballots, normalise, sums
from goldsmith.quality.skills import Iterations, NonNegative
from goldsmith.quality.starts import annotator_keys
from goldsmith.quality.votes import Floats, Int64s, Votes

PAIRS_AT_ONCE = 2**22
MAX_DISTANCE = 64
SIGN_STEPS = 100


class MMSR(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="m-msr"):
    """Matrix mean-subsequence-reduced: robust to annotators who do anything at all, as long as they are few.

    How often two annotators agree beyond chance is the product of their skills, so the skills are a factor of a matrix
    of which only pairs with common tasks are known. `skill_` is that factor: 1 is always right, 0 guesses, below 0 is
    wrong more often than by guessing. Memory O(n_tasks * n_classes + pairs of annotators with a common task).

    Attributes:
        trimmed: how much of each annotator's pairs is left out on either side, at most.
        tolerance: stop when the matrix changes by no more than this share of its Frobenius norm.
        max_iterations: stop after so many rounds.
        seed: seeds the hash that decides between level classes.

    Source: Ma and Olshevsky (2020), "Adversarial Crowdsourcing Through Robust Rank-One Matrix Completion", NeurIPS,
    algorithms 1 and 2. Departures: signs are found first, as those of the leading eigenvector of the signs of the
    pairs, and the pairs are taken with them, not without any, which makes skill of noise; skills start at 1, not at
    random, and never fall below what chance does in so many tasks; what is left out is a share of each annotator's own
    pairs, not a number for all; who shares no task with anybody has the median skill. Votes with weights are refused:
    in a pair each vote counts for one.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> MMSR().fit(votes).labels_.tolist()
        [0, 1]
    """

    trimmed: Annotated[float, msgspec.Meta(ge=0, lt=0.5)] = 0.25
    tolerance: NonNegative = 1e-3
    max_iterations: Iterations = 100

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`; `prior_` is each class's mean posterior, the model's own is level.

        Raises:
            VotesError: votes have weights other than 1, or there are too many tasks with too many classes for a table
                of them.
        """
        check_size(votes, numbers_per_task=votes.n_classes)
        if votes.weight is not None and (votes.weight != 1.0).any():
            raise VotesError("m-msr compares annotators in pairs, where votes have no weights; use another method.")
        pairs = _pairs(votes)
        signs = _signs(pairs, votes.n_annotators)
        towards = pairs._replace(agreement=pairs.agreement * signs[pairs.one] * signs[pairs.other])
        size, n_iterations, has_converged = self._sizes(towards, votes)
        is_compared = np.bincount(pairs.one, minlength=votes.n_annotators) > 0
        skill = size * signs
        skill[~is_compared] = np.median(skill[is_compared]) if is_compared.any() else 1.0
        odds = _log_odds(skill, votes)
        posterior = ballots(votes).totals(odds[votes.annotator])
        _ = normalise(posterior)
        return RatedConsensus(
            votes=votes,
            posterior_=posterior,
            labels_=decide(posterior, votes, seed=self.seed),
            prior_=posterior.mean(axis=0),
            skill_=skill,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )

    def _sizes(self, pairs: "_Pairs", votes: Votes) -> "_Sizes":
        """How far each skill is from 0, by turns from each side of the matrix."""
        least = 1.0 / np.sqrt(votes.n_tasks)
        left = right = np.ones(votes.n_annotators)
        for n_iterations in range(1, self.max_iterations + 1):
            old_left, old_right = left, right
            right = np.maximum(self._trimmed_means(pairs, left, right), least)
            left = np.maximum(self._trimmed_means(pairs, right, left), least)
            square = (left @ left) * (right @ right)
            overlap = (left @ old_left) * (right @ old_right)
            change = square + (old_left @ old_left) * (old_right @ old_right) - 2.0 * overlap
            if change <= max(self.tolerance**2, 1e-14) * square:  # below it, rounding is larger
                return _Sizes(_balanced(left, right), n_iterations, has_converged=True)
        return _Sizes(_balanced(left, right), self.max_iterations, has_converged=False)

    def _trimmed_means(self, pairs: "_Pairs", known: Floats, own: Floats) -> Floats:
        """What each annotator's pairs make of them, given the others: the mean of what is neither too high nor too low.

        Of the pairs on either side of the annotator's own value the farthest are left out.
        """
        ratio = pairs.agreement / known[pairs.other]
        n_annotators = own.size
        ratio = ratio[np.lexsort((ratio, pairs.one))]
        n_pairs = np.bincount(pairs.one, minlength=n_annotators)
        rank = np.arange(ratio.size) - (np.cumsum(n_pairs) - n_pairs)[pairs.one]
        n_trimmed = np.floor(n_pairs * self.trimmed)
        n_low = np.minimum(sums(pairs.one, (ratio < own[pairs.one]).astype(np.float64), n_annotators), n_trimmed)
        n_high = np.minimum(sums(pairs.one, (ratio > own[pairs.one]).astype(np.float64), n_annotators), n_trimmed)
        is_kept = ((rank >= n_low[pairs.one]) & (rank < (n_pairs - n_high)[pairs.one])).astype(np.float64)
        n_kept = sums(pairs.one, is_kept, n_annotators)
        return np.where(n_kept > 0, sums(pairs.one, is_kept * ratio, n_annotators) / np.maximum(n_kept, 1.0), own)


class _Sizes(NamedTuple):
    size: Floats
    n_iterations: int
    has_converged: bool


class _Pairs(NamedTuple):
    """Each pair of annotators with a common task, both ways, sorted by the first."""

    one: Int64s
    other: Int64s
    agreement: Floats
    """float64[n_pairs], in -1 / (n_classes - 1) to 1: how often they agree, 0 being chance."""


def _pairs(votes: Votes) -> _Pairs:
    keys, counts = np.empty(0, np.int64), np.empty((0, 2))
    order = np.lexsort((annotator_keys(votes, seed=0)[votes.annotator], votes.task))
    for left, right in _pairs_of_places(votes):
        one, other = votes.annotator[order[left]].astype(np.int64), votes.annotator[order[right]]
        key = np.minimum(one, other) * votes.n_annotators + np.maximum(one, other)
        agrees = votes.label[order[left]] == votes.label[order[right]]
        keys, place = np.unique(np.concatenate((keys, key)), return_inverse=True)
        added = np.concatenate((counts, np.column_stack((agrees, np.ones(key.size)))))
        counts = np.column_stack([sums(place, column, keys.size) for column in added.T])
    n_others = max(votes.n_classes - 1, 1)
    agreement = (votes.n_classes * counts[:, 0] / counts[:, 1] - 1.0) / n_others
    one, other = np.divmod(keys, votes.n_annotators)
    both = np.concatenate((one, other)), np.concatenate((other, one)), np.concatenate((agreement, agreement))
    order = np.argsort(both[0], kind="stable")
    return _Pairs(both[0][order], both[1][order], both[2][order])


def _pairs_of_places(votes: Votes) -> Iterator[tuple[Int64s, Int64s]]:
    """The places of all two votes on one task that are near enough to each other, some millions at a time."""
    n_after = votes.starts[votes.task + 1] - np.arange(votes.n_votes) - 1
    held: list[tuple[Int64s, Int64s]] = []
    for distance in range(1, min(int(votes.n_answers.max()), MAX_DISTANCE + 1)):
        left = np.flatnonzero(n_after >= distance)
        held.append((left, left + distance))
        if sum(places.size for places, _ in held) > PAIRS_AT_ONCE:
            yield np.concatenate([places for places, _ in held]), np.concatenate([places for _, places in held])
            held = []
    if held:
        yield np.concatenate([places for places, _ in held]), np.concatenate([places for _, places in held])


def _balanced(left: Floats, right: Floats) -> Floats:
    return left * float(np.sqrt(np.linalg.norm(right) / np.linalg.norm(left)))


def _signs(pairs: _Pairs, n_annotators: int) -> Floats:
    """Whether each annotator is for or against the truth, the most being for it."""
    n_pairs = np.maximum(np.bincount(pairs.one, minlength=n_annotators), 1)
    sign, leaning = np.sign(pairs.agreement), np.ones(n_annotators)
    for _ in range(SIGN_STEPS):
        leaning = leaning + sums(pairs.one, sign * leaning[pairs.other], n_annotators) / n_pairs
        leaning /= np.abs(leaning).max() or 1.0
    is_against = leaning < -1e-9  # what is only rounding is for it
    return np.where(is_against, -1.0, 1.0) * (-1.0 if is_against.sum() * 2 > n_annotators else 1.0)


def _log_odds(skill: Floats, votes: Votes) -> Floats:
    """The logarithm of how much likelier each annotator's answer is right than each other class, bounded by chance."""
    if votes.n_classes == 1:
        return np.zeros(votes.n_annotators)
    n_classes, n_others = votes.n_classes, votes.n_classes - 1
    margin = min(1.0 / np.sqrt(votes.n_tasks), 0.25)
    bounded = np.clip(skill, -1.0 / n_others + margin, 1.0 - margin)
    right = bounded * n_others / n_classes + 1.0 / n_classes
    return np.log(right * n_others / (1.0 - right))


plugin = MMSR
