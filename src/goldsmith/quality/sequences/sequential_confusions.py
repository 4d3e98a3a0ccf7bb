"""Sequential confusions: what an annotator marks depends on what is true and on what they marked just before."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from goldsmith.quality.sequences.bio import Span, may_follow, spans_of
from goldsmith.quality.sequences.chains import Evidence, Logs, Sums, best_tags, update
from goldsmith.quality.sequences.votes import SequenceVotes
from goldsmith.quality.votes import Floats, Int32s, Int64s

NonNegative = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceConsensus:
    """The inferred tag of every token. Attributes end in `_` because they are inferred.

    Attributes:
        posterior_: float64[n_tokens, n_tags], each row a probability distribution, not calibrated.
        tags_: int32[n_tokens], the valid tags with the most probability in sum.
        confusion_: float64[n_annotators, n_types + 2, n_tags, n_tags], the probability that the annotator gives the
            last tag where the third is true, after having given the second (as in `SequenceVotes.before`).
        following_: float64[n_tags + 1, n_tags], how probable each tag is after each other; the last row starts a text.
        n_iterations_: how many passes over the votes were made.
        has_converged_: whether it stopped because hardly anything changed any more.
        ends: where each text's tokens end, as in `SequenceVotes`.
        names: the name of each tag code.
    """

    posterior_: Floats
    tags_: Int32s
    confusion_: Floats
    following_: Floats
    n_iterations_: int
    has_converged_: bool
    ends: Int64s
    names: tuple[str, ...]

    def spans(self, text: int) -> tuple[tuple[Span, float], ...]:
        """The spans of one text, each with the least probability that one of its tokens has.

        No span is more probable than its least probable token, so this is an upper bound.
        """
        first, last = int(self.ends[text]), int(self.ends[text + 1])
        tags: list[int] = self.tags_[first:last].tolist()
        of_tag = self.posterior_[np.arange(first, last), tags]
        return tuple(
            (span, float(of_tag[span.start : span.end].min())) for span in spans_of([self.names[tag] for tag in tags])
        )


class SequentialConfusions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """True tags as a chain in which no `I-x` follows anything but its own type, and sequential confusions.

    Each annotator has a confusion matrix for each type of what they marked just before, since whether one goes on with
    a span is decided by whether one began it. Thin rows are filled from those of all annotators. Words that are given
    count as weak evidence: a word that is a name elsewhere is more likely one here.

    Attributes:
        pooled: how many answers the rows of all annotators together are worth in those of each.
        diagonal: pseudo-count of the right tag in each row of each annotator.
        pooled_diagonal: pseudo-count of the right tag in the rows of all annotators; the wrong ones share as much.
            It keeps rare tags from drifting to mean something else.
        word_weight: how much the words count, in [0, 1]; 0 for not at all.
        tolerance: stop when the tokens' probabilities change by no more than this on average.
        max_iterations: stop after so many passes over the votes.

    Source: Simpson and Gurevych (2019), "A Bayesian approach for sequence tagging with crowds", EMNLP, the model
    BSC-seq with variational inference (section 5); Nguyen et al. (2017), "Aggregating and predicting sequence labels
    from crowd annotations", ACL, for the chain. Departures: what went before is known by type alone, not by `B` or `I`;
    rows are shrunk towards those of all annotators; a word counts by its other places alone and to the power
    `word_weight`, since its places are not independent; tags are decided so that most tokens are expected to be right.

    Example:
        >>> answers = [{"ann": ["B-PER", "I-PER", "O"], "bob": ["B-PER", "I-PER", "O"], "cat": ["O", "O", "O"]}]
        >>> SequentialConfusions().fit(SequenceVotes.from_tags(answers)).spans(0)[0][0]
        Span(start=0, end=2, type='PER')
    """

    pooled: NonNegative = 20.0
    diagonal: Positive = 20.0
    pooled_diagonal: Positive = 300.0
    word_weight: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    tolerance: NonNegative = 2e-4
    max_iterations: Annotated[int, msgspec.Meta(ge=1)] = 100

    def fit(self, votes: SequenceVotes) -> SequenceConsensus:
        """The consensus of `votes`; one pass takes O(n_votes * n_tags + n_tokens * n_tags ** 2)."""
        evidence = Evidence(votes.annotator, votes.label, votes.before, votes.starts, votes.ends)
        posterior = _shares(votes)
        sums = _first_sums(votes, posterior)
        allowed = may_follow(posterior.shape[1])
        n_iterations, has_converged = 0, False
        while True:
            confusion = _expected_logs(sums.answered + self._pseudo_counts(sums.answered), axis=2)
            following = np.where(allowed, sums.followed + 1, 1e-300)
            if has_converged or n_iterations == self.max_iterations:
                break
            follows = np.where(allowed, np.exp(_expected_logs(following, axis=1)), 0.0)
            logs = Logs(np.ascontiguousarray(confusion), follows, self._word_logs(votes, posterior, n_iterations))
            before = posterior.copy()
            sums.answered[:], sums.followed[:] = 0.0, 0.0
            update(evidence, logs, posterior, sums)
            n_iterations += 1
            change = float(np.abs(posterior - before).sum(axis=1).mean())
            has_converged = change <= self.tolerance and n_iterations > _WITHOUT_WORDS + 1
        answering = sums.answered + self._pseudo_counts(sums.answered)
        return SequenceConsensus(
            posterior_=posterior,
            tags_=best_tags(posterior, votes.ends, allowed),
            confusion_=np.ascontiguousarray((answering / answering.sum(axis=2, keepdims=True)).transpose(0, 1, 3, 2)),
            following_=following / following.sum(axis=1, keepdims=True),
            n_iterations_=n_iterations,
            has_converged_=has_converged,
            ends=votes.ends,
            names=votes.tags,
        )

    def _pseudo_counts(self, answered: Floats) -> Floats:
        """float64[n_types + 2, n_tags, n_tags], by what went before, tag given and true tag."""
        n_tags = answered.shape[-1]
        right = np.eye(n_tags)
        everyone = answered.sum(axis=0) + self.pooled_diagonal * (right + 1 / n_tags)
        return self.pooled * everyone / everyone.sum(axis=1, keepdims=True) + self.diagonal * right + 1e-6

    def _word_logs(self, votes: SequenceVotes, posterior: Floats, n_iterations: int) -> Floats:
        """float64[n_tokens, n_tags], what each token's word says about its tag from the word's other places."""
        if votes.word is None or not self.word_weight or n_iterations < _WITHOUT_WORDS:
            return np.zeros_like(posterior)
        of_word = np.zeros((int(votes.word.max()) + 1, posterior.shape[1]))
        np.add.at(of_word, votes.word, posterior)
        share = posterior.mean(axis=0) + 1e-12
        elsewhere = np.maximum(of_word[votes.word] - posterior, 0.0) + share
        return self.word_weight * np.log(elsewhere / elsewhere.sum(axis=1, keepdims=True) / share)


_WITHOUT_WORDS = 5
"""Passes before words count: the votes alone first tell which tags are which."""


def _shares(votes: SequenceVotes) -> Floats:
    n_tags = len(votes.tags)
    token = np.repeat(np.arange(votes.n_tokens), np.diff(votes.starts))
    counts = np.bincount(token * n_tags + votes.label, minlength=votes.n_tokens * n_tags)
    counts = counts.reshape(votes.n_tokens, n_tags)
    return counts / counts.sum(axis=1, keepdims=True)


def _first_sums(votes: SequenceVotes, posterior: Floats) -> Sums:
    n_tags = posterior.shape[1]
    answered = np.zeros((len(votes.annotator_names), len(votes.types) + 2, n_tags, n_tags))
    token = np.repeat(np.arange(votes.n_tokens), np.diff(votes.starts))
    np.add.at(answered, (votes.annotator, votes.before, votes.label), posterior[token])
    followed = np.zeros((n_tags + 1, n_tags))
    is_first = np.zeros(votes.n_tokens, np.bool_)
    is_first[votes.ends[:-1]] = True
    later = np.flatnonzero(~is_first)
    followed[:-1] = posterior[later - 1].T @ posterior[later]
    followed[-1] = posterior[is_first].sum(axis=0)
    return Sums(answered, followed)


def _expected_logs(counts: Floats, *, axis: int) -> Floats:
    """The expected logarithm of each share whose distribution is Dirichlet's with `counts`."""
    return _digamma(counts) - _digamma(counts.sum(axis=axis, keepdims=True))


class _Tail(NamedTuple):
    shifts: int = 6
    square: float = 1 / 12
    fourth: float = 1 / 120
    sixth: float = 1 / 252


def _digamma(values: Floats) -> Floats:
    """The derivative of the logarithm of the gamma function, to 1e-9, by its asymptotic series after six shifts."""
    tail = _Tail()
    x = values + tail.shifts
    inverse = 1 / (x * x)
    series = np.log(x) - 0.5 / x - inverse * (tail.square - inverse * (tail.fourth - inverse * tail.sixth))
    return series - sum(1 / (values + shift) for shift in range(tail.shifts))
