"""Which aggregator suits the votes there are."""

import numpy as np

from goldsmith.quality.aggregators.dawid_skene import DawidSkene
from goldsmith.quality.aggregators.majority import Majority
from goldsmith.quality.aggregators.pooled_dawid_skene import PooledDawidSkene
from goldsmith.quality.consensus import Aggregator
from goldsmith.quality.votes import Votes

MANY_CLASSES = 5
FEW_ANSWERS_PER_TASK = 3.0
FEW_ANSWERS_PER_ANNOTATOR = 10.0


def suited_aggregator(votes: Votes, *, seed: int = 0) -> Aggregator:
    """Dawid-Skene, its pooled form while the votes are too thin to know each annotator, or the only vote of each task.

    Thin means that half the annotators have fewer than 10 votes, or that there are 5 classes or more and fewer than 3
    votes a task: below that, a confusion matrix of one's own does worse than a majority vote on real answers.
    """
    if votes.n_tasks and int(votes.n_answers.max()) == 1:  # nobody has checked anybody: there is nothing to learn
        return Majority(seed=seed)
    n_by_annotator = np.bincount(votes.annotator, minlength=votes.n_annotators)
    has_few_per_task = votes.n_votes / votes.n_tasks < FEW_ANSWERS_PER_TASK
    is_thin = float(np.median(n_by_annotator)) < FEW_ANSWERS_PER_ANNOTATOR or (
        votes.n_classes >= MANY_CLASSES and has_few_per_task
    )
    return PooledDawidSkene(seed=seed) if is_thin else DawidSkene(seed=seed)
