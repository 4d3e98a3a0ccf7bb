"""Which calibrations known labels leave likely: few say like which sets votes are, many say it themselves."""

import numpy as np
import pytest

from goldsmith.quality.calibration import UNKNOWN, fit_calibration, likely_calibrations
from goldsmith.quality.likely_points import Evidence, Point, likely_points, nearest_point
from goldsmith.quality.tempering import growth, tempered

N_ANSWERS = 5


def votes(n: int, rng: np.random.Generator, *, temperature: float, error: float) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors too cold by `temperature`, on tasks of which the share `error` reveals nothing, and the truth."""
    honest = rng.dirichlet(np.full(3, 0.4), size=n)
    truth = (honest.cumsum(axis=1) > rng.random((n, 1))).argmax(axis=1)
    truth = np.where(rng.random(n) < error, rng.integers(0, 3, n), truth).astype(np.int32)
    hot = temperature * growth(np.array([N_ANSWERS]))[0]
    return tempered(honest, np.full(n, 1 / hot)), truth


def evidence(posterior: np.ndarray, truth: np.ndarray) -> Evidence:
    return Evidence(posterior, growth(np.full(len(truth), N_ANSWERS)), truth)


def test_many_known_labels_find_both_numbers_again_and_leave_little_open():
    posterior, truth = votes(4000, np.random.default_rng(0), temperature=1.3, error=0.15)
    few, many = likely_points(evidence(posterior[:30], truth[:30])), likely_points(evidence(posterior, truth))

    assert many.mean().log_temperature == pytest.approx(np.log(1.3), abs=0.1)
    assert 1 / (1 + np.exp(-many.mean().log_odds)) == pytest.approx(0.15, abs=0.03)
    for one in (few, many):
        assert one.weights.sum() == pytest.approx(1)
    assert np.ptp(many.log_temperatures) < np.ptp(few.log_temperatures)
    drawn = np.array(many.drawn(500, np.random.default_rng(1)))
    assert drawn.mean(axis=0) == pytest.approx(np.array(many.mean()), abs=0.05)
    assert drawn[:, 0].std() < 0.1


def test_twenty_known_labels_are_enough_to_see_that_a_crowd_is_misled():
    posterior = np.array([[0.998, 0.001, 0.001]] * 400)
    n_answers, known = np.full(400, N_ANSWERS), np.full(400, UNKNOWN, np.int32)
    known[:20] = [0] * 13 + [1] * 4 + [2] * 3

    found = fit_calibration(posterior, n_answers, known).apply(posterior, n_answers)[0, 0]

    assert 0.6 < found < 0.78


def test_the_two_numbers_give_the_average_over_all_likely_ones():
    posterior, truth = votes(400, np.random.default_rng(2), temperature=1.0, error=0.1)
    known = np.where(np.arange(400) < 20, truth, UNKNOWN).astype(np.int32)
    n_answers = np.full(400, N_ANSWERS)
    rng = np.random.default_rng(3)

    fitted = fit_calibration(posterior, n_answers, known).apply(posterior, n_answers)
    drawn = likely_calibrations(posterior, n_answers, known, n=400, rng=rng)
    average = np.mean([one.apply(posterior, n_answers) for one in drawn], axis=0)

    assert np.abs(fitted - average).max() < 0.05
    assert fitted.max(axis=1).mean() == pytest.approx(average.max(axis=1).mean(), abs=0.01)


def test_a_point_near_which_a_band_is_expected_holds_where_nothing_is_known():
    nothing = Evidence(np.zeros((0, 3)), np.zeros(0), np.zeros(0, np.int32))
    near = Point(0.5, -1.0)
    assert likely_points(nothing, near=near).mean() == pytest.approx(near, abs=0.3)
    assert nearest_point(likely_points(nothing), np.zeros((0, 3)), np.zeros(0)) == likely_points(nothing).mean()


def test_a_single_class_is_certain_whatever_is_known():
    posterior, known = np.ones((10, 1)), np.zeros(10, np.int32)
    found = fit_calibration(posterior, np.full(10, 2), known)
    assert found.apply(posterior, np.full(10, 2)) == pytest.approx(np.ones((10, 1)))
