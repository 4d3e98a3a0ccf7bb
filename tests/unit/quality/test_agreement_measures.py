import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.agreement import (
    LEVELS,
    Level,
    alpha_of_values,
    cohen_kappa,
    distance_alpha,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    mean_cohen_kappa,
)
from goldsmith.quality.agreement.percent import mean_measure
from goldsmith.quality.agreement.ratios import ratio_difference
from goldsmith.quality.votes import Votes

ONE_CLASS = np.array([[3, 0], [2, 0]], np.int32)
UNPAIRED = np.array([[1, 0], [0, 1], [0, 0]], np.int32)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def squared(a: object, b: object) -> float:
    return (float(str(a)) - float(str(b))) ** 2


def noisy(n_items: int, spread: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    drawn = np.random.default_rng(3)
    items = np.repeat(np.arange(n_items), 4)
    return items, np.exp(drawn.normal(0, 1, n_items))[items] * np.exp(drawn.normal(0, spread, items.size))


@pytest.mark.parametrize("measure", [fleiss_kappa, gwet_ac1, krippendorff_alpha])
def test_without_pairs_there_is_a_reason_and_no_value(measure):
    found = measure(UNPAIRED, rng=rng())

    assert (found.value, found.low, found.high, found.n) == (None, None, None, 0)
    assert "no item has two answers" in found.note


def test_one_class_is_no_silent_one():
    assert fleiss_kappa(ONE_CLASS, rng=rng()).value is None
    assert "cannot be told from chance" in fleiss_kappa(ONE_CLASS, rng=rng()).note
    full = gwet_ac1(ONE_CLASS, rng=rng())
    assert (full.value, full.low) == (1, None)
    assert "every answer is the same class" in full.note
    assert gwet_ac1(ONE_CLASS[:, :1], rng=rng()).value is None


@pytest.mark.parametrize("level", LEVELS)
def test_equal_values_are_no_silent_one_even_at_zero(level: Level):
    items = np.array([0, 0, 1, 1])
    for value in (0.0, 3.5):
        found = alpha_of_values(items, np.full(4, value), rng=rng(), level=level)

        assert found.value is None
        assert "cannot be told from chance" in found.note
    assert alpha_of_values(np.arange(3), np.arange(3.0), rng=rng(), level=level).value is None
    assert alpha_of_values(np.zeros(0, np.int64), np.zeros(0), rng=rng(), level=level).n == 0


def test_levels_that_need_numbers_refuse_to_guess_them():
    counts = np.array([[2, 1], [0, 2]], np.int32)
    with pytest.raises(VotesError, match="give the value of each class"):
        krippendorff_alpha(counts, rng=rng(), level="interval")
    with pytest.raises(VotesError, match="at least 0, so use interval"):
        krippendorff_alpha(counts, rng=rng(), level="ratio", values=np.array([-1.0, 2]))
    with pytest.raises(VotesError, match="not a finite number"):
        alpha_of_values(np.array([0, 0]), np.array([1.0, np.nan]), rng=rng())
    with pytest.raises(VotesError, match="two classes have the same value"):
        krippendorff_alpha(counts, rng=rng(), level="interval", values=np.ones(2))
    with pytest.raises(VotesError, match="less than 0 times"):
        krippendorff_alpha(-counts, rng=rng())


def test_the_order_of_classes_with_values_does_not_matter():
    counts = np.random.default_rng(1).multinomial(4, [0.5, 0.3, 0.2], size=60).astype(np.int32)
    values = np.array([1.0, 2.0, 5.0])
    for level in ("ordinal", "interval", "ratio"):
        straight = krippendorff_alpha(counts, rng=rng(), level=level, values=values)
        assert straight == krippendorff_alpha(counts[:, ::-1], rng=rng(), level=level, values=values[::-1])


@pytest.mark.parametrize(("factor", "shift"), [(1e-150, 0.0), (1e150, 0.0), (3.0, 1e6)])
def test_alpha_of_intervals_depends_on_neither_unit_nor_zero(factor: float, shift: float):
    items, values = noisy(200)

    moved = alpha_of_values(items, values * factor + shift, rng=rng(), n_resamples=0)

    assert moved.value == pytest.approx(alpha_of_values(items, values, rng=rng(), n_resamples=0).value, rel=1e-6)


@pytest.mark.parametrize(("n", "spread"), [(300, 1e-4), (1000, 1.0), (1500, 40.0)])
def test_ratios_of_many_numbers_are_summed_as_exactly_as_pair_by_pair(n: int, spread: float):
    drawn = np.random.default_rng(n)
    values = np.sort(np.exp(drawn.normal(0, spread, n)))
    values[0] = 0
    weights = drawn.integers(0, 5, n).astype(np.float64)
    apart = ((values[:, np.newaxis] - values) / np.maximum(values[:, np.newaxis] + values, 1e-300)) ** 2

    assert ratio_difference(values, weights) == pytest.approx(weights @ apart @ weights, rel=1e-11)


def test_alpha_by_squared_distance_is_that_of_intervals():
    items, values = noisy(150, 0.3)
    values = values.round(1)
    answers = [values[items == item].tolist() for item in range(150)]
    by_formula = alpha_of_values(items, values, rng=rng())

    exact = distance_alpha(answers, squared, rng=rng(), max_pairs=10**6)
    drawn = distance_alpha(answers, squared, rng=rng(), max_pairs=1000)

    assert exact.value == pytest.approx(by_formula.value)
    assert (exact.low, exact.high) == pytest.approx((by_formula.low, by_formula.high), abs=0.02)
    assert drawn.value == pytest.approx(by_formula.value, abs=0.05)
    assert drawn.value != exact.value


def test_distances_that_cannot_be_are_refused_and_equal_answers_unmeasured():
    with pytest.raises(VotesError, match="distance of two answers is -1"):
        distance_alpha([["a", "b"], ["a", "a"]], lambda a, b: -1.0, rng=rng())
    assert distance_alpha([[{"x": [1]}, {"x": [1]}]], lambda a, b: 0.0, rng=rng()).value is None
    assert "no item has two answers" in distance_alpha([["a"]], lambda a, b: 1.0, rng=rng()).note


def votes_of(*rows: tuple[str, str, str]) -> Votes:
    return Votes.from_columns(*([row[i] for row in rows] for i in range(3)))


def test_kappa_of_two_says_why_there_is_none():
    votes = votes_of(("1", "a", "x"), ("1", "b", "x"), ("2", "c", "y"), ("3", "a", "x"), ("3", "b", "x"))

    assert "gave the same one class" in cohen_kappa(votes, "a", "b", rng=rng()).note
    assert "no item in common" in cohen_kappa(votes, "a", "c", rng=rng()).note
    assert "no two annotators share 10 items" in mean_cohen_kappa(votes, rng=rng()).note
    with pytest.raises(VotesError, match="'d' is no annotator"):
        cohen_kappa(votes, "a", "d", rng=rng())
    with pytest.raises(VotesError, match="compared with itself"):
        cohen_kappa(votes, "a", "a", rng=rng())


def test_the_mean_kappa_is_that_of_its_pairs_by_shared_items():
    drawn = np.random.default_rng(5)
    truth = drawn.integers(0, 3, 60)
    rows = [
        (str(task), name, str(truth[task] if drawn.random() < skill else drawn.integers(0, 3)))
        for name, skill, n in (("a", 0.9, 60), ("b", 0.7, 60), ("c", 0.5, 30), ("d", 0.5, 5))
        for task in range(n)
    ]
    votes = votes_of(*rows)

    found = mean_cohen_kappa(votes, rng=rng())

    pairs = [cohen_kappa(votes, *pair, rng=rng(), n_resamples=0) for pair in ("ab", "ac", "bc")]
    assert found.value == pytest.approx(np.average([one.value for one in pairs], weights=[60, 30, 30]))
    assert found.low < found.value < found.high
    assert found.n == 60


def test_an_interval_that_rests_on_few_different_items_says_so():
    counts = np.array([[2, 0]] * 300 + [[1, 1], [0, 2]] * 6, np.int32)

    found = krippendorff_alpha(counts, rng=rng())

    assert found.low < found.value < found.high
    assert "only 12 items differ from the commonest answers" in found.note
    assert krippendorff_alpha(np.vstack([counts] * 2), rng=rng()).note == ""


BALANCED, IMBALANCED = (0.25, 0.25, 0.25, 0.25), (0.8, 0.15, 0.04, 0.01)


@pytest.mark.parametrize(
    ("measure", "prior", "n_replications"),
    [(fleiss_kappa, BALANCED, 500), (fleiss_kappa, IMBALANCED, 500), (krippendorff_alpha, IMBALANCED, 150)],
)
def test_intervals_cover_what_they_say_and_miss_on_both_sides(measure, prior: tuple[float, ...], n_replications: int):
    drawn = np.random.default_rng(11)

    def answers(n: int) -> np.ndarray:
        truth = drawn.choice(4, size=(n, 1), p=prior)
        is_right = drawn.random((n, 4)) < drawn.beta(2.8, 1.2, size=(n, 1))
        labels = np.where(is_right, truth, drawn.choice(4, size=(n, 4), p=prior))
        return (labels[:, :, np.newaxis] == np.arange(4)).sum(axis=1).astype(np.int32)

    truth = measure(answers(400_000), rng=drawn, n_resamples=0).value

    found = [measure(answers(100), rng=drawn, n_resamples=300) for _ in range(n_replications)]

    below, above = np.mean([one.high < truth for one in found]), np.mean([one.low > truth for one in found])
    assert 0.93 <= 1 - below - above <= 0.975
    assert below <= 0.04
    assert above <= 0.04


def test_intervals_of_a_skewed_mean_reach_further_to_the_long_side():
    values = np.random.default_rng(2).exponential(size=60)

    found = mean_measure("mean", values, rng=rng(), n_resamples=4000)

    # Percentiles reach 1.1 times as far to the right, the exact interval of an exponential mean 1.4 times.
    assert 1.25 < (found.high - found.value) / (found.value - found.low) < 1.7
