import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.agreement import distance_agreement, krippendorff_alpha, percent_agreement
from goldsmith.quality.calibration import tempered
from goldsmith.quality.intervals import wilson_interval
from goldsmith.quality.medoid import medoid


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def never_apart(a: object, b: object) -> float:
    return 0.0


def counts(*rows: list[int]) -> np.ndarray:
    return np.array(rows, dtype=np.int32)


@pytest.mark.parametrize("measure", [krippendorff_alpha, percent_agreement])
def test_without_pairs_there_is_no_agreement_and_a_reason(measure):
    for unpaired in (counts([1, 0], [0, 1]), np.zeros((0, 2), dtype=np.int32)):
        found = measure(unpaired, rng=rng())
        assert (found.value, found.low, found.high, found.n) == (None, None, None, 0)
        assert "no item has two answers" in found.note


def test_alpha_of_one_class_is_unknown_not_one_or_zero():
    found = krippendorff_alpha(counts([3, 0], [2, 0]), rng=rng())

    assert found.value is None
    assert "cannot be told from chance" in found.note
    assert percent_agreement(counts([3, 0], [2, 0]), rng=rng()).value == 1


def test_alpha_takes_no_notice_of_items_with_one_answer():
    paired = counts([2, 0, 0], [1, 1, 0], [0, 3, 0], [0, 1, 2])
    alone = counts([1, 0, 0], [0, 0, 1], [0, 0, 0])

    assert krippendorff_alpha(np.vstack((paired, alone)), rng=rng()) == krippendorff_alpha(paired, rng=rng())


def test_the_interval_holds_the_value_and_repeats_with_the_same_seed():
    drawn = np.random.default_rng(1).multinomial(4, [0.6, 0.3, 0.1], size=80).astype(np.int32)

    found = krippendorff_alpha(drawn, rng=rng())

    assert found.low < found.value < found.high
    assert found == krippendorff_alpha(drawn[::-1], rng=rng()), "the order of the items does not matter"
    assert found != krippendorff_alpha(drawn, rng=np.random.default_rng(8))


def test_the_interval_of_a_mean_is_about_two_standard_errors():
    pairs = counts(*[[2, 0]] * 700, *[[1, 1]] * 300)

    found = percent_agreement(pairs, rng=rng(), n_resamples=4000)

    error = 1.96 * np.sqrt(0.7 * 0.3 / 1000)
    assert found.value == pytest.approx(0.7)
    assert (found.low, found.high) == pytest.approx((0.7 - error, 0.7 + error), abs=0.003)


def test_intervals_that_cannot_be_had_are_left_out_with_the_reason():
    assert "one item" in krippendorff_alpha(counts([1, 1]), rng=rng()).note
    assert "too much alike" in percent_agreement(counts([2, 0], [2, 0]), rng=rng()).note
    assert "asked for" in percent_agreement(counts([2, 0], [1, 1]), rng=rng(), n_resamples=0).note
    perfect = krippendorff_alpha(counts([2, 0], [0, 2]), rng=rng())
    assert (perfect.value, perfect.low) == (1, None)


def test_more_classes_than_votes_do_not_matter():
    narrow, wide = counts([2, 0], [1, 1], [0, 2]), counts([2, 0, 0, 0], [1, 1, 0, 0], [0, 2, 0, 0])

    assert krippendorff_alpha(narrow, rng=rng()) == krippendorff_alpha(wide, rng=rng())


def test_distance_agreement_averages_pairs_within_items():
    answers = [[0.0, 0.0, 0.6], [0.2], [1.0, 0.5]]

    found = distance_agreement(answers, lambda a, b: abs(a - b), rng=rng())

    assert found.value == pytest.approx(((1 + 0.4 + 0.4) / 3 + 0.5) / 2)
    assert found.n == 2
    assert distance_agreement([[1.0]], never_apart, rng=rng()).value is None


def test_the_medoid_is_the_answer_nearest_to_the_others():
    found = medoid([0.0, 0.5, 0.6, 1.0], lambda a, b: abs(a - b))

    assert found.index == 1
    assert found.agreement == pytest.approx(1 - (0.5 + 0.1 + 0.5) / 3)


def test_level_medoids_are_decided_by_value_not_by_order():
    def distance(a: object, b: object) -> float:
        return float(a != b)

    assert ["b", "a"][medoid(["b", "a"], distance).index] == "a"
    assert ["a", "b"][medoid(["a", "b"], distance).index] == "a"


def test_a_single_answer_has_no_agreement_and_none_is_refused():
    alone = medoid([[]], never_apart)

    assert (alone.index, alone.agreement, alone.n_answers) == (0, None, 1)
    with pytest.raises(VotesError, match="no answers to choose from"):
        medoid([], never_apart)


def test_tempering_survives_probabilities_next_to_nothing():
    found = tempered(np.array([[1.0, 1e-300]]), np.array([2.0]))

    assert found[0, 1] == pytest.approx(1e-150)


@pytest.mark.parametrize(
    ("n_right", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_intervals_are_the_published_ones(n_right: int, n: int, low: float, high: float):
    found = wilson_interval(n_right, n)

    assert found.estimate == n_right / n
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_a_sample_of_most_of_the_population_says_more():
    endless, half, census = (wilson_interval(90, 100, n_population=n) for n in (None, 200, 100))

    assert endless.low < half.low < census.low == census.estimate == census.high == 0.9
    assert half.high <= 1 - 10 / 200
    assert wilson_interval(90, 100, n_population=10**9).low == pytest.approx(endless.low, abs=1e-6)


def test_nothing_sampled_estimates_nothing():
    found = wilson_interval(0, 0, n_population=50)

    assert (found.estimate, found.low, found.high, found.n) == (None, None, None, 0)


@pytest.mark.parametrize("numbers", [(3, 2, None, 0.95), (-1, 2, None, 0.95), (1, 5, 4, 0.95), (1, 2, None, 1.0)])
def test_numbers_that_contradict_each_other_are_refused(numbers: tuple[int, int, int | None, float]):
    n_right, n_sampled, n_population, confidence = numbers
    with pytest.raises(VotesError):
        wilson_interval(n_right, n_sampled, n_population=n_population, confidence=confidence)
