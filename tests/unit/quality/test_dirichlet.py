import math

import numpy as np
import pytest
from scipy.special import digamma, gammaln

from goldsmith.quality.dirichlet import expected_logs


def test_expected_logarithms_and_divergence_are_those_of_the_formulas():
    rng = np.random.default_rng(1)
    counts = rng.gamma(0.5, 20, (4, 5, 3)) * rng.integers(0, 2, (4, 5, 3))
    pseudo = rng.gamma(1, 2, (5, 3)) + 0.01
    logs = np.empty_like(counts)

    divergence = expected_logs(counts, pseudo, logs)

    a, b = counts + pseudo, pseudo
    expected = digamma(a) - digamma(a.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(logs, expected, rtol=1e-11)
    norms = gammaln(a.sum(axis=1)) - gammaln(a).sum(axis=1) - gammaln(b.sum(axis=0)) + gammaln(b).sum(axis=0)
    assert divergence == pytest.approx((norms + (counts * expected).sum(axis=1)).sum(), rel=1e-11)


def test_without_counts_there_is_no_divergence():
    assert expected_logs(np.zeros((2, 3, 1)), np.full((3, 1), 0.7), np.empty((2, 3, 1))) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("probability", [0.2, 0.5])
def test_with_many_counts_the_expected_logarithm_is_that_of_the_share(probability: float):
    counts = 1e9 * np.array([[[probability], [1 - probability]]])
    logs = np.empty_like(counts)

    expected_logs(counts, np.ones((2, 1)), logs)

    assert logs[0, 0, 0] == pytest.approx(math.log(probability), abs=1e-8)
