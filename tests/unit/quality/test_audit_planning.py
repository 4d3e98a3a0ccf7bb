"""How many to audit: the smallest sample, found against the very interval that is computed afterwards."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.audit import Part, allocated, audit_size, audit_size_to_show, expected_half_width, plan_parts
from goldsmith.quality.audit.counts import counts_in_sample
from goldsmith.quality.intervals import wilson_interval
from goldsmith.quality.stratified import Cell, stratified_share

PARTS = [Part(n_population=9000, expected=0.98), Part(n_population=1000, expected=0.7)]


def test_counts_in_a_sample_have_the_mean_and_variance_of_the_distribution():
    n_population, n_right, n = 500, 430, 80
    counts = counts_in_sample(n_population, n_right, n)
    share = n_right / n_population
    mean = float(counts.n_right @ counts.chance)
    variance = float((counts.n_right - mean) ** 2 @ counts.chance)
    assert mean == pytest.approx(n * share)
    assert variance == pytest.approx(n * share * (1 - share) * (n_population - n) / (n_population - 1))
    assert counts_in_sample(10, 10, 4).n_right.tolist() == [4]
    with pytest.raises(VotesError, match="cannot be"):
        counts_in_sample(10, 11, 4)


@pytest.mark.parametrize(
    ("n_population", "expected", "half_width"),
    [(300, 0.9, 0.03), (100, 0.99, 0.05), (800, 0.5, 0.03), (60, 1.0, 0.02), (5, 0.6, 0.2)],
)
def test_the_size_is_the_smallest_whose_interval_is_narrow_enough(n_population, expected, half_width):
    enough = [
        n for n in range(1, n_population + 1) if expected_half_width(n_population, n, expected=expected) <= half_width
    ]
    assert audit_size(n_population, half_width=half_width, expected=expected) == enough[0]


def test_simulated_audits_of_that_size_are_as_narrow_as_was_wished():
    n_population, expected, half_width = 10_000, 0.96, 0.01
    n = audit_size(n_population, half_width=half_width, expected=expected)
    drawn = np.random.default_rng(0).hypergeometric(9600, 400, n, 2000)
    found = [wilson_interval(right, n, n_population=n_population) for right in drawn.tolist()]
    widths = [(one.high - one.low) / 2 for one in found]
    assert np.mean(widths) == pytest.approx(half_width, rel=0.01)
    held = np.mean([one.low <= expected <= one.high for one in found])
    assert 0.93 <= held <= 0.97


@pytest.mark.parametrize(
    ("n_population", "at_least", "expected", "power"),
    [(300, 0.8, 0.9, 0.8), (200, 0.9, 0.97, 0.8), (500, 0.85, 0.9, 0.7), (50, 0.5, 0.9, 0.9), (300, 0.9, 1.0, 0.8)],
)
def test_the_size_that_shows_an_accuracy_is_the_smallest_with_that_power(n_population, at_least, expected, power):
    def power_of(n: int) -> float:
        counts = counts_in_sample(n_population, round(expected * n_population), n)
        shows = [
            (wilson_interval(right, n, n_population=n_population).low or 0.0) >= at_least
            for right in counts.n_right.tolist()
        ]
        return float(counts.chance[shows].sum())

    first = next(n for n in range(1, n_population + 1) if power_of(n) >= power)
    assert audit_size_to_show(n_population, at_least=at_least, expected=expected, power=power) == first


def test_what_is_not_expected_cannot_be_shown():
    with pytest.raises(VotesError, match="cannot be shown"):
        audit_size_to_show(1000, at_least=0.95, expected=0.9)
    assert audit_size_to_show(1000, at_least=0.9, expected=0.9, power=0.99) == 1000


@pytest.mark.parametrize(
    ("n_population", "half_width", "expected"), [(0, 0.01, 0.9), (10, 0.0, 0.9), (10, 0.6, 0.9), (10, 0.1, 1.1)]
)
def test_impossible_wishes_are_refused(n_population, half_width, expected):
    with pytest.raises(VotesError):
        audit_size(n_population, half_width=half_width, expected=expected)


def test_parts_are_sampled_more_where_their_labels_scatter_more():
    even, uneven = (allocated(PARTS, 400, allocation=how) for how in ("proportional", "neyman"))
    assert even.tolist() == [360, 40]
    assert uneven[1] > 2 * even[1]
    assert uneven.sum() == 400


def test_a_part_gets_no_more_than_it_has_and_no_less_than_one():
    parts = [
        Part(n_population=5, expected=0.5),
        Part(n_population=1000, expected=1.0),
        Part(n_population=3, expected=0.5),
    ]
    for n in (3, 10, 400, 1008):
        shared = allocated(parts, n, allocation="neyman")
        assert shared.sum() == n
        assert (shared >= 1).all()
        assert (shared <= [5, 1000, 3]).all()
    with pytest.raises(VotesError, match="shared out"):
        allocated(parts, 2, allocation="neyman")


def test_the_planned_stratified_audit_is_as_narrow_as_was_wished_and_holds_the_truth():
    plan = plan_parts(PARTS, half_width=0.02, rng=np.random.default_rng(0))
    even = plan_parts(PARTS, half_width=0.02, rng=np.random.default_rng(0), allocation="proportional")
    simple = audit_size(10_000, half_width=0.02, expected=0.952)
    assert sum(plan.n_audited) < sum(even.n_audited) < simple
    rng, widths, held = np.random.default_rng(1), [], []
    for _ in range(600):
        found = stratified_share(
            Cell(n_population=part.n_population, n_sampled=n, n_right=int(rng.hypergeometric(right, wrong, n)))
            for part, n, (right, wrong) in zip(PARTS, plan.n_audited, [(8820, 180), (700, 300)], strict=True)
        )
        widths.append((found.high - found.low) / 2)
        held.append(found.low <= 0.952 <= found.high)
    assert np.mean(widths) == pytest.approx(0.02, rel=0.03)
    assert 0.93 <= np.mean(held) <= 0.98


def test_a_plan_without_parts_or_with_an_impossible_part_is_refused():
    with pytest.raises(VotesError, match="no parts"):
        plan_parts([], half_width=0.01, rng=np.random.default_rng(0))
    with pytest.raises(VotesError, match="half width"):
        plan_parts(PARTS, half_width=0.0, rng=np.random.default_rng(0))
    with pytest.raises(VotesError, match="cannot be"):
        Part(n_population=0, expected=0.5)
