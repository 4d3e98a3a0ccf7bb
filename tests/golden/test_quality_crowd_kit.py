"""Aggregators that equal crowd-kit's on real answers: numbers of crowd-kit 1.4.2, frozen, so that it need not be there."""

import numpy as np
import pytest

from goldsmith.quality.aggregators.dawid_skene_ml import DawidSkeneML
from tests.golden.test_quality_dawid_skene import needs_sets, votes_of

# Of each set: how many iterations crowd-kit made, and the sum of its posteriors, each times the cosine of its place,
# with tasks and classes sorted by name. Repeated answers of an annotator to a task had been left out, but the last.
DAWID_SKENE = {
    "bluebird": (2, 1.7700213),
    "dog": (14, -10.7017631),
    "face": (40, -14.3896492),
    "product": (80, 39.5373965),
    "relevance": (24, 114.3463661),
    "relex_cause": (5, 3.1738451),
    "relex_treat": (2, 4.9989081),
    "rte": (9, 10.6516211),
    "sp": (9, 14.5459541),
    "sp_amt": (5, -1.3057032),
    "trec": (3, -15.8826006),
    "web": (37, -19.7258345),
    "wsd": (4, -1.0348331),
}


def weighed(posterior: np.ndarray) -> float:
    return float(posterior.ravel() @ np.cos(np.arange(posterior.size)))


@needs_sets
@pytest.mark.parametrize("name", DAWID_SKENE)
def test_dawid_skene_of_greatest_likelihood_equals_crowd_kit(name: str):
    found = DawidSkeneML().fit(votes_of(name))

    n_iterations, total = DAWID_SKENE[name]
    assert found.n_iterations_ == n_iterations
    assert weighed(found.posterior_) == pytest.approx(total, abs=1e-6)
