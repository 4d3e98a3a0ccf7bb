"""The likeliest confusion matrices, without pseudo-counts."""

import numpy as np

from goldsmith.quality.skills import Counts, Inferred, Logs, Model

LEAST = 1e-10
"""Expected counts and class shares below it are taken for it, so that no single vote rules a class out."""
NEVER = -1e12
"""The logarithm of the share of a class that nobody votes for."""


def likeliest(counts: Counts) -> Model:
    """The model under which the counts are likeliest; the bound has no part that depends on it alone.

    An annotator's classes are those that they voted for at least once: a column of a confusion matrix of which nothing
    is known is level over these, and the others have a logarithm of 0, which is never used.
    """
    has_voted = counts.answers.any(axis=2, keepdims=True)
    answering = np.maximum(counts.answers, LEAST)
    answering *= has_voted
    answering /= answering.sum(axis=1, keepdims=True)
    np.copyto(answering, 1.0, where=~has_voted)
    share = np.maximum(counts.classes / counts.classes.sum(), LEAST)
    prior = np.where(counts.answers.sum(axis=(0, 2)) > 0, np.log(share), NEVER)
    return Model(Logs(prior, np.log(answering, out=answering)))


def likeliest_point(inferred: Inferred) -> Logs:
    """The probabilities of the last model, with zero for what it leaves out."""
    counts = inferred.counts
    answering = np.exp(inferred.model.logs.answering) * counts.answers.any(axis=2, keepdims=True)
    return Logs(counts.classes / counts.classes.sum(), answering)
