"""Gwet's AC1, which stays high where nearly all answers are one class."""

from dataclasses import replace

import numpy as np

from goldsmith.quality.agreement.fleiss import by_shares, shares_of
from goldsmith.quality.measures import Measure, unmeasured
from goldsmith.quality.votes import Floats, Int32s

AC1 = "gwet-ac1"

_ONE_POSSIBLE = "there is only one class to answer, so agreement says nothing."
_ONE_GIVEN = "every answer is the same class: nobody could disagree about another one, so there is no interval."


def gwet_ac1(counts: Int32s, *, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Gwet's AC1: 1 perfect, 0 as by chance, with a bootstrap interval.

    Where one class is frequent, kappa and alpha are low although annotators agree; AC1 is not. It depends on how many
    classes there are to answer, given or not.

    Args:
        counts: int32[n_items, n_classes], how many annotators gave each class, with a column for each class there is.
            Items with one answer only say how frequent the classes are.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.

    Returns:
        The value is None when no item has two answers or there is only one class. When all answers are one class of
        several, it is 1 by its formula and the note says so; `n` counts the items with two answers.

    Source: Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high agreement", British
    Journal of Mathematical and Statistical Psychology 61, equations 8 and 9; unequal numbers of answers as in Gwet
    (2014), "Handbook of Inter-Rater Reliability", 4th ed., section 5.3.

    Example:
        >>> counts = np.array([[2, 0], [0, 2], [1, 1]], dtype=np.int32)
        >>> round(gwet_ac1(counts, rng=np.random.default_rng(0)).value, 3)
        0.333
    """
    if counts.shape[1] < 2:
        return unmeasured(AC1, int(np.count_nonzero(counts.sum(axis=1) >= 2)), _ONE_POSSIBLE)
    found = by_shares(AC1, _ac1, counts=counts, rng=rng, n_resamples=n_resamples, note="")
    is_one_class = np.count_nonzero(counts.sum(axis=0)) == 1
    return replace(found, note=_ONE_GIVEN) if found.value is not None and is_one_class else found


def _ac1(sums: Floats) -> Floats:
    shares = shares_of(sums)
    by_chance = (shares * (1 - shares)).sum(axis=-1) / (shares.shape[-1] - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (sums[..., 0] / sums[..., 1] - by_chance) / (1 - by_chance)
