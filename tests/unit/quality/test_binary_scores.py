"""Scores of two kinds: the area under the curve, calibration, and whether intervals hold the truth."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from goldsmith.errors import VotesError
from goldsmith.quality.binary_scores import area_under_curve, platt_of, reliability, sigmoid


def drawn(rng: np.random.Generator, n: int, shift: float) -> tuple[np.ndarray, np.ndarray]:
    is_right = rng.random(n) < 0.4
    return rng.normal(size=n) + shift * is_right, is_right


def test_the_area_is_that_of_scikit_learn_also_with_equal_scores():
    scores, is_right = drawn(np.random.default_rng(0), 300, 0.8)
    for each in (scores, scores.round(1), scores.round()):
        assert area_under_curve(each, is_right).estimate == pytest.approx(roc_auc_score(is_right, each))


def test_the_interval_of_the_area_holds_the_truth_about_as_often_as_it_says():
    rng, held = np.random.default_rng(1), 0
    true = 0.7602499  # the probability that a normal number with mean 1 exceeds one with mean 0
    for _ in range(300):
        found = area_under_curve(*drawn(rng, 80, 1.0))
        held += found.low <= true <= found.high
    assert 0.91 <= held / 300 <= 0.985


def test_a_perfect_order_is_not_certain():
    scores = np.arange(20.0)
    found = area_under_curve(scores, scores > 9)
    assert (found.estimate, found.high) == (1.0, 1.0)
    assert 0.6 < found.low < 0.9
    backwards = area_under_curve(-scores, scores > 9)
    assert backwards.estimate == backwards.low == 0.0


def test_without_two_kinds_there_is_no_area():
    assert area_under_curve(np.zeros(3), np.ones(3, bool)).estimate is None
    with pytest.raises(VotesError, match="do not fit"):
        area_under_curve(np.zeros(3), np.ones(2, bool))


def test_calibration_finds_the_line_that_made_the_truths():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=20_000) * 3
    is_right = rng.random(20_000) < sigmoid(0.7 * scores - 1.2)
    line = platt_of(scores, is_right)
    assert (line.slope, line.offset) == pytest.approx((0.7, -1.2), abs=0.06)
    bins = reliability(line(scores), is_right, n_bins=4)
    assert [each.share.n for each in bins] == [5000] * 4
    assert all(abs(each.mean_score - each.share.estimate) < 0.03 for each in bins)


def test_calibration_never_turns_the_order_around_and_stands_extreme_scores():
    scores = np.array([-3.0, -2.0, 2.0, 3.0])
    assert platt_of(scores, scores < 0).slope == 0
    sure = platt_of(scores * 1e4, scores > 0)
    assert ((sure(scores * 1e4) > 0.5) == (scores > 0)).all()
    weighted = platt_of(np.zeros(4), scores > 2.5, np.array([1.0, 1.0, 1.0, 9.0]))
    assert weighted(np.zeros(1))[0] > 0.5
