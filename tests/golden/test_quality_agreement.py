"""Agreement against the published examples and against the `krippendorff` package."""

import krippendorff
import numpy as np
import pytest

from goldsmith.quality.agreement import (
    LEVELS,
    Level,
    alpha_of_values,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    mean_cohen_kappa,
    percent_agreement,
)
from goldsmith.quality.votes import Votes

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", sections A, B and C; one text per observer.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbcccedd" + "d")
MISSING = ("123321412...", "1233224125.3", ".33323422" + "51.", "1233244125" + "1.")


# Fleiss (1971), "Measuring nominal scale agreement among many raters", table 1: six diagnoses of thirty patients.
DIAGNOSES = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def counts_of(observers: tuple[str, ...]) -> np.ndarray:
    values = sorted({value for row in observers for value in row} - {"."})
    return np.array([[column.count(value) for value in values] for column in zip(*observers, strict=True)], np.int32)


@pytest.mark.parametrize(("observers", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_is_the_published_one(observers: tuple[str, ...], alpha: float):
    found = krippendorff_alpha(counts_of(observers), rng=np.random.default_rng(0))

    assert found.value == pytest.approx(alpha, abs=5e-4)
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_each_level_is_the_published_one(level: Level, alpha: float):
    counts = counts_of(MISSING)

    found = krippendorff_alpha(counts, rng=rng(), level=level, values=np.arange(1.0, 6.0))

    assert found.value == pytest.approx(alpha, abs=5e-4)
    items, grades = np.nonzero(counts)
    n_given = counts[items, grades]
    numbers = np.repeat(grades + 1.0, n_given)
    assert alpha_of_values(np.repeat(items, n_given), numbers, rng=rng(), level=level).value == found.value


def test_fleiss_kappa_of_the_diagnoses_is_the_published_one():
    counts = np.array([[int(given) for given in row] for row in DIAGNOSES.split()], np.int32)

    assert (counts.sum(axis=0) / counts.sum()).round(3).tolist() == [0.144, 0.144, 0.167, 0.306, 0.239]
    assert percent_agreement(counts, rng=rng()).value == pytest.approx(0.555, abs=6e-4)
    found = fleiss_kappa(counts, rng=rng())
    assert found.value == pytest.approx(0.430, abs=5e-4)
    assert found.low < found.value < found.high


def test_gwet_ac1_and_fleiss_kappa_of_four_raters_are_the_published_ones():
    # Gwet (2014), "Handbook of Inter-Rater Reliability", 4th ed.: the ratings of Krippendorff above.
    assert gwet_ac1(counts_of(MISSING), rng=rng()).value == pytest.approx(0.77544, abs=5e-6)
    assert fleiss_kappa(counts_of(MISSING), rng=rng()).value == pytest.approx(0.76117, abs=5e-6)
    assert percent_agreement(counts_of(MISSING), rng=rng()).value == pytest.approx(0.81818, abs=5e-6)


def test_gwet_ac1_stays_high_where_kappa_does_not():
    # Gwet (2008), section 1: two raters, 125 subjects, of whom both call 118 positive and none negative.
    votes = Votes.from_columns(
        [str(i) for i in range(125)] * 2,
        ["a"] * 125 + ["b"] * 125,
        ["1"] * 123 + ["2"] * 2 + ["1"] * 118 + ["2"] * 5 + ["1"] * 2,
    )

    assert gwet_ac1(votes.counts(), rng=rng()).value == pytest.approx(0.9408, abs=5e-5)
    assert cohen_kappa(votes, "a", "b", rng=rng()).value == pytest.approx(-0.0234, abs=5e-5)


def test_cohen_kappa_of_two_raters_is_the_published_one():
    # Cohen (1960), table 1: 200 patients, three diagnoses.
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]).ravel()
    patient = np.arange(200)
    first, second = (np.repeat(codes, table) for codes in divmod(np.arange(9), 3))
    rater = np.repeat([0, 1], 200)
    votes = Votes.from_columns(np.tile(patient, 2), rater, np.concatenate((first, second)))

    found = cohen_kappa(votes, "0", "1", rng=rng())

    assert found.value == pytest.approx(0.492, abs=5e-4)
    assert (found.low, found.high) == pytest.approx((0.39, 0.59), abs=0.02)
    assert mean_cohen_kappa(votes, rng=rng()).value == pytest.approx(found.value)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(8))
def test_alpha_equals_the_package(seed: int, level: Level):
    drawn = np.random.default_rng(seed)
    n_classes = int(drawn.integers(2, 9)) if seed % 2 else int(drawn.integers(150, 300))
    rates = drawn.gamma(0.5, min(1, 10 / n_classes), size=(int(drawn.integers(5, 400)), n_classes))
    counts = drawn.poisson(rates).astype(np.int32)
    values = np.sort(np.exp(drawn.normal(0, (0.01, 1, 5)[seed % 3], n_classes)))
    values[0] = 0

    found = krippendorff_alpha(counts, rng=drawn, n_resamples=0, level=level, values=values)

    expected = krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement=level)
    assert found.value == pytest.approx(expected, abs=1e-9)
