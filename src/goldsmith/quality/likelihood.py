"""The likeliest confusion matrices, without pseudo-counts."""

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.quality.passes import Chances, Counts
from goldsmith.quality.skills import Inferred, Model
from goldsmith.quality.votes import Floats

LEAST = 1e-10
"""Expected counts and class shares below it are taken for it, so that no single vote rules a class out."""
NEVER = -1e12
"""The logarithm of the share of a class that nobody votes for."""


def likeliest(counts: Counts) -> Model:
    """The model under which the counts are likeliest; the bound has no part that depends on it alone.

    An annotator's classes are those that they voted for at least once: a column of a confusion matrix of which nothing
    is known is level over these, and the others have a probability of 1, which is never used. A class that nobody votes
    for has one of 0.
    """
    answering = np.empty_like(counts.answers)
    _shares(counts.answers, answering, np.empty(counts.classes.size))
    share = np.maximum(counts.classes / counts.classes.sum(), LEAST)
    return Model(Chances(np.where(counts.answers.sum(axis=(0, 2)) > 0, share, 0.0), answering))


def likeliest_point(inferred: Inferred) -> Chances:
    """The probabilities of the last model, with zero for what it leaves out."""
    counts = inferred.counts
    answering = inferred.model.chances.answering * counts.answers.any(axis=2, keepdims=True)
    return Chances(counts.classes / counts.classes.sum(), answering)


@in_place
def _shares(answers: Floats, shares: Floats, totals: Floats) -> None:
    """Fill `shares` with each column of each annotator's answers, raised to `LEAST` and divided by its sum."""
    n_annotators, n_answers, n_columns = answers.shape
    for annotator in range(n_annotators):
        totals[:] = 0.0
        for answer in range(n_answers):
            has_voted = False
            for k in range(n_columns):
                has_voted |= answers[annotator, answer, k] > 0.0
            for k in range(n_columns):
                share = max(answers[annotator, answer, k], LEAST) if has_voted else 0.0
                shares[annotator, answer, k] = share
                totals[k] += share
        for answer in range(n_answers):
            for k in range(n_columns):
                share = shares[annotator, answer, k]
                shares[annotator, answer, k] = share / totals[k] if share > 0.0 else 1.0
