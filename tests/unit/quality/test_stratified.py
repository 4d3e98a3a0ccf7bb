"""Shares and recall from stratified samples: exact where all was seen, and intervals that hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import VotesError
from goldsmith.quality.intervals import wilson_interval
from goldsmith.quality.stratified import Cell, stratified_recall, stratified_share

CELLS = st.integers(1, 400).flatmap(
    lambda n_population: st.integers(0, n_population).flatmap(
        lambda n_sampled: st.integers(0, n_sampled).map(
            lambda n_right: Cell(n_population=n_population, n_sampled=n_sampled, n_right=n_right)
        )
    )
)


def cell(n_population: int, n_sampled: int, n_right: int) -> Cell:
    return Cell(n_population=n_population, n_sampled=n_sampled, n_right=n_right)


def drawn(parts: list[tuple[int, int, int]], rng: np.random.Generator) -> list[Cell]:
    """One draw from parts that are given as population, sample, and right ones in the population."""
    return [cell(size, n, int(rng.hypergeometric(right, size - right, n))) for size, n, right in parts]


def test_each_part_counts_by_its_size_and_not_by_its_sample():
    share = stratified_share([cell(900, 10, 1), cell(100, 90, 90)])
    assert share.estimate == pytest.approx(0.9 * 0.1 + 0.1 * 1.0)
    assert share.n == 100


def test_one_part_alone_has_the_interval_of_wilson():
    alone, known = stratified_share([cell(500, 60, 45)]), wilson_interval(45, 60, n_population=500)
    assert (alone.low, alone.high) == pytest.approx((known.low, known.high), abs=0.002)


def test_a_census_is_exact():
    share = stratified_share([cell(40, 40, 10), cell(60, 60, 50)])
    assert (share.low, share.estimate, share.high) == pytest.approx((0.6, 0.6, 0.6))
    recall = stratified_recall([cell(40, 40, 30)], [cell(60, 60, 10)])
    assert (recall.low, recall.estimate, recall.high) == pytest.approx((0.75, 0.75, 0.75))


def test_of_a_part_without_a_sample_the_worst_and_the_best_are_assumed():
    share = stratified_share([cell(80, 80, 80), cell(20, 0, 0)])
    assert (share.low, share.estimate, share.high) == pytest.approx((0.8, 1.0, 1.0))
    assert stratified_share([cell(20, 0, 0)]).estimate is None
    assert stratified_share([]).n == 0


def test_recall_is_open_below_when_a_large_rest_was_hardly_looked_at():
    recall = stratified_recall([cell(500, 50, 50)], [cell(100_000, 100, 0)])
    assert recall.estimate == 1
    assert recall.low < 0.2
    better = stratified_recall([cell(500, 50, 50)], [cell(100_000, 20_000, 0)])
    assert better.low > 0.95


def test_recall_without_anything_to_find_or_to_look_at_is_not_known():
    assert stratified_recall([cell(10, 10, 0)], [cell(10, 10, 0)]).estimate is None
    assert stratified_recall([cell(10, 0, 0)], [cell(10, 5, 5)]).estimate is None
    nothing = stratified_recall([], [cell(1000, 50, 5)])
    assert (nothing.low, nothing.estimate, nothing.high) == (0, 0, 0)
    few = stratified_recall([cell(20, 5, 0)], [cell(1000, 50, 25)])
    assert few.estimate == 0
    assert 0.005 < few.high < 0.04
    assert stratified_recall([cell(10, 10, 5)], []).estimate == 1


@pytest.mark.parametrize("numbers", [(5, 6, 1), (5, 2, 3), (5, 2, -1)])
def test_counts_that_contradict_each_other_are_refused(numbers):
    with pytest.raises(VotesError, match="cannot be"):
        cell(*numbers)
    with pytest.raises(VotesError, match="confidence"):
        stratified_share([cell(5, 2, 1)], confidence=1)


@given(found=st.lists(CELLS, max_size=6), missed=st.lists(CELLS, max_size=6))
def test_estimates_lie_in_their_intervals_and_order_does_not_matter(found, missed):
    for one, other in (
        (stratified_share(found), stratified_share(found[::-1])),
        (stratified_recall(found, missed), stratified_recall(found[::-1], missed[::-1])),
    ):
        assert (one.estimate is None) == (other.estimate is None)
        if one.estimate is not None:
            assert 0 <= one.low <= one.estimate <= one.high <= 1
            assert (one.low, one.estimate, one.high) == pytest.approx((other.low, other.estimate, other.high))


FAR, NEAR = (100_000, 90, 1000), [(200, 10, 60), (200, 10, 40)]


@pytest.mark.parametrize(
    ("found", "missed"),
    [
        ([(500, 10, 450), (100, 10, 50)], [FAR, *NEAR]),
        ([(5000, 10, 4900), (500, 10, 350), (200, 10, 180), (80, 10, 40)], [FAR, *NEAR]),
        ([(5000, 40, 4900), (500, 40, 350)], [(2000, 60, 100), (100, 20, 40)]),
        ([(50, 10, 50), (30, 10, 24)], [(2000, 60, 0), (100, 20, 10)]),
        ([(1000, 5, 900)] * 8, [(3000, 90, 300), (300, 5, 150), (300, 5, 120)]),
        ([(1000, 200, 900)], [(30_000, 300, 1500)]),
    ],
    ids=["two parts", "unequal parts", "good filter", "small parts", "many thin parts", "large samples"],
)
def test_intervals_hold_the_truth_about_as_often_as_they_say(found, missed):
    rng = np.random.default_rng(3)
    n_found, n_missed = (sum(right for *_, right in parts) for parts in (found, missed))
    precision, recall = n_found / sum(size for size, *_ in found), n_found / (n_found + n_missed)
    n_draws, held = 300, np.zeros(2)
    for _ in range(n_draws):
        caught, passed = drawn(found, rng), drawn(missed, rng)
        shares = (stratified_share(caught), stratified_recall(caught, passed))
        held += [one.low <= true <= one.high for one, true in zip(shares, (precision, recall), strict=True)]
    assert (held / n_draws >= 0.9).all()
