"""MACE: an annotator either knows the answer or gives one of their habitual ones."""

from typing import NamedTuple

import numpy as np

from goldsmith.quality.consensus import Aggregator, RatedConsensus, check_size, decide
from goldsmith.quality.dirichlet import expected_logs
from goldsmith.quality.odds import Ballots, ballots, normalise, sums
from goldsmith.quality.skills import Iterations, NonNegative, Positive
from goldsmith.quality.starts import Keys, annotator_keys, class_keys, uniforms
from goldsmith.quality.votes import Floats, Int64s, Votes

NOISE = 0.5
ROUNDING = 1e-9
"""Starts whose bounds per vote differ by no more are level: the first counts."""


class MACE(Aggregator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="mace"):
    """Multi-annotator competence estimation: each vote is the true class, or spam by the annotator's habits.

    It finds annotators who do not look. It cannot learn from one who confuses two classes, nor from one who is always
    wrong. `skill_` is the competence of each annotator: how probable it is that they know. Memory O((n_tasks +
    n_annotators) * n_classes).

    Attributes:
        n_starts: how many random starts; the one with the highest bound is taken.
        knowing: pseudo-count of votes by which an annotator knew, and of those by which they did not.
        habit: pseudo-count of each class in an annotator's habits.
        tolerance: a start ends when the evidence lower bound gains no more than this per vote.
        max_iterations: a start ends after so many passes over the votes.
        seed: seeds the starts, and the hash that decides between level classes.

    Source: Hovy, Berg-Kirkpatrick, Vaswani and Hovy (2013), "Learning Whom to Trust with MACE", NAACL, sections 2 and
    3.1, trained by variational Bayes with the pseudo-counts and starts of the authors' program. Departures: starts are
    drawn by a hash of what an annotator answered, five instead of ten, and are compared by the bound, not by the
    likelihood; one that gains nothing any more ends early.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> votes = Votes.from_columns(list("aaabbb"), list("xyzxyz"), list("001110"))
        >>> MACE().fit(votes).labels_.tolist()
        [0, 1]
    """

    n_starts: Iterations = 5
    knowing: Positive = 0.5
    habit: Positive = 10.0
    tolerance: NonNegative = 1e-5
    max_iterations: Iterations = 50

    def fit(self, votes: Votes) -> RatedConsensus:
        """The consensus of `votes`; `prior_` is each class's mean posterior, the model's own is level.

        Raises:
            VotesError: there are too many tasks or annotators with too many classes for a table of them.
        """
        check_size(votes, numbers_per_task=votes.n_classes, numbers_per_annotator=votes.n_classes)
        given, keys = _given(votes), annotator_keys(votes, seed=self.seed)
        found = self._from_start(given, keys, 0)
        for start in range(1, self.n_starts):
            other = self._from_start(given, keys, start)
            found = other if other.bound > found.bound + ROUNDING * votes.n_votes else found
        known = found.known[:, 1] + self.knowing
        return RatedConsensus(
            votes=votes,
            posterior_=found.posterior,
            labels_=decide(found.posterior, votes, seed=self.seed),
            prior_=found.posterior.mean(axis=0),
            skill_=known / (found.known.sum(axis=1) + 2.0 * self.knowing),
            n_iterations_=found.n_iterations,
            has_converged_=found.has_converged,
        )

    def _from_start(self, given: "_Given", keys: Keys, start: int) -> "_Found":
        votes = given.ballots.votes
        log_known = _log_shares(1.0 + NOISE * uniforms(keys, 2, skip=2 * start))
        cells = keys[:, np.newaxis] ^ class_keys(votes, seed=self.seed)
        log_habit = _log_shares(1.0 + NOISE * uniforms(cells.ravel(), 1, skip=start).reshape(cells.shape))
        bound, divergence, n_iterations = -np.inf, np.inf, 0
        while True:
            step = _expect(given, log_known, log_habit)
            reached = step.likelihood - divergence
            n_iterations += 1
            has_converged = n_iterations > 2 and (reached - bound) / votes.n_votes <= self.tolerance
            bound = reached
            if has_converged or n_iterations > self.max_iterations:
                return _Found(step.posterior, step.known, bound, n_iterations, has_converged)
            divergence = _dirichlet(step.known, self.knowing, log_known) + _dirichlet(
                step.habits, self.habit, log_habit
            )


class _Given(NamedTuple):
    ballots: Ballots
    place: Int64s
    """int64[n_votes], the annotator * n_classes + the class voted for."""
    voted: Floats
    """float64[n_annotators, n_classes], how many votes each annotator has for each class."""


class _Found(NamedTuple):
    posterior: Floats
    known: Floats
    bound: float
    n_iterations: int
    has_converged: bool


class _Step(NamedTuple):
    posterior: Floats
    likelihood: float
    known: Floats
    """float64[n_annotators, 2], expected number of votes that were spam, and of those by which they knew."""
    habits: Floats
    """float64[n_annotators, n_classes], expected number of votes of each class that were spam."""


def _given(votes: Votes) -> _Given:
    given = ballots(votes)
    place = votes.annotator.astype(np.int64) * votes.n_classes + votes.label
    voted = sums(place, given.weight, votes.n_annotators * votes.n_classes)
    return _Given(given, place, voted.reshape(votes.n_annotators, votes.n_classes))


def _log_shares(amounts: Floats) -> Floats:
    return np.log(amounts / amounts.sum(axis=1, keepdims=True))


def _dirichlet(counts: Floats, pseudo: float, logs: Floats) -> float:
    """Fill `logs` with the expected logarithms of each row's probabilities; returns their divergence."""
    return expected_logs(counts[:, :, np.newaxis], np.full((counts.shape[1], 1), pseudo), logs[:, :, np.newaxis])


def _expect(given: _Given, log_known: Floats, log_habit: Floats) -> _Step:
    """Of a vote for the true class the model does not know whether it is spam; any other vote is."""
    votes, weight = given.ballots.votes, given.ballots.weight
    spam, knew = log_known[:, :1] + log_habit, log_known[:, 1:]
    either = np.logaddexp(spam, knew)
    posterior = given.ballots.totals((either - spam).ravel()[given.place] * weight)
    likelihood = normalise(posterior) + float(np.vdot(given.voted, spam)) - votes.n_tasks * np.log(votes.n_classes)
    for_truth = sums(given.place, posterior.ravel()[given.ballots.cell] * weight, spam.size).reshape(spam.shape)
    known = for_truth * np.exp(knew - either)
    habits = given.voted - known
    return _Step(posterior, likelihood, np.column_stack((habits.sum(axis=1), known.sum(axis=1))), habits)


plugin = MACE
