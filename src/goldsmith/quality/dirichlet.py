"""Expectations under Dirichlet distributions, for variational inference."""

import math

import numpy as np

from goldsmith.kit.jit import compiled, inlined
from goldsmith.quality.votes import Floats


def expected_logs(counts: Floats, pseudo: Floats, logs: Floats) -> float:
    """Fill `logs` with the expected logarithms of probabilities, and return how far these moved from their prior.

    Of each table of `counts` each column is one set of probabilities with a Dirichlet distribution: the prior has the
    pseudo-counts of the column, the posterior these and the counts.

    Args:
        counts: float64[n_tables, n_values, n_columns], at least 0.
        pseudo: float64[n_values, n_columns], above 0, the same for all tables.
        logs: float64[n_tables, n_values, n_columns], overwritten with E[log p] under the posterior.

    Returns:
        The sum of the Kullback-Leibler divergences of the posteriors from the priors, at least 0.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", appendix B, equations B.21 and B.22.

    Example:
        >>> logs = np.empty((1, 2, 1))
        >>> round(expected_logs(np.array([[[3.0], [0.0]]]), np.ones((2, 1)), logs), 4)
        0.6363
    """
    return _fill(counts, pseudo, logs)


@compiled
def _fill(counts: Floats, pseudo: Floats, logs: Floats) -> float:
    n_tables, n_values, n_columns = counts.shape
    psi, log_gamma = np.empty_like(pseudo), np.empty_like(pseudo)
    log_norm = np.empty(n_columns)
    for k in range(n_columns):
        total = 0.0
        log_norm[k] = 0.0
        for v in range(n_values):
            psi[v, k] = _digamma(pseudo[v, k])
            log_gamma[v, k] = math.lgamma(pseudo[v, k])
            total += pseudo[v, k]
            log_norm[k] -= log_gamma[v, k]
        log_norm[k] += math.lgamma(total)
    divergence = 0.0
    for t in range(n_tables):
        for k in range(n_columns):
            total = 0.0
            for v in range(n_values):
                total += pseudo[v, k] + counts[t, v, k]
            psi_total = _digamma(total)
            divergence += math.lgamma(total) - log_norm[k]
            for v in range(n_values):
                count = counts[t, v, k]
                if count == 0.0:  # most are, where classes are many
                    logs[t, v, k] = psi[v, k] - psi_total
                    divergence -= log_gamma[v, k]
                else:
                    logs[t, v, k] = _digamma(pseudo[v, k] + count) - psi_total
                    divergence += count * logs[t, v, k] - math.lgamma(pseudo[v, k] + count)
    return divergence


@inlined
def _digamma(x: float) -> float:
    """The derivative of log gamma at x > 0: shifted to 8 and above, then its asymptotic series, right to 1e-12."""
    result = 0.0
    while x < 8.0:
        result -= 1.0 / x
        x += 1.0
    f = 1.0 / (x * x)
    series = f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f * (1 / 132)))))
    return result + math.log(x) - 0.5 / x - series
