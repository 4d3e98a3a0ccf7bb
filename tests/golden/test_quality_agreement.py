"""Agreement against the published examples and against the `krippendorff` package."""

import krippendorff
import numpy as np
import pytest

from goldsmith.quality.agreement import krippendorff_alpha

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", sections A, B and C; one text per observer.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbcccedd" + "d")
MISSING = ("123321412...", "1233224125.3", ".33323422" + "51.", "1233244125" + "1.")


def counts_of(observers: tuple[str, ...]) -> np.ndarray:
    values = sorted({value for row in observers for value in row} - {"."})
    return np.array([[column.count(value) for value in values] for column in zip(*observers, strict=True)], np.int32)


@pytest.mark.parametrize(("observers", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_is_the_published_one(observers: tuple[str, ...], alpha: float):
    found = krippendorff_alpha(counts_of(observers), rng=np.random.default_rng(0))

    assert found.value == pytest.approx(alpha, abs=5e-4)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("seed", range(8))
def test_alpha_equals_the_package(seed: int):
    rng = np.random.default_rng(seed)
    n_classes = int(rng.integers(2, 9))
    counts = rng.poisson(rng.gamma(0.5, 1, size=(int(rng.integers(5, 400)), n_classes))).astype(np.int32)

    found = krippendorff_alpha(counts, rng=rng, n_resamples=0)

    expected = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
    assert found.value == pytest.approx(expected, abs=1e-9)
