"""Confidence means what it says: fitted on known labels, drawn to what is usual where there are few."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.calibration import (
    BANDS,
    MIN_IN_BAND,
    NO_CLASS,
    UNKNOWN,
    bands_of,
    fit_calibration,
    growth,
    tempered,
)
from goldsmith.quality.reliability import reliability_of


def overconfident(n: int, rng: np.random.Generator, temperature: float = 3.0, n_classes: int = 3):
    """Posteriors that are `temperature` times too cold, and truths drawn from what they should be."""
    honest = rng.dirichlet(np.full(n_classes, 0.6), size=n)
    truth = (honest.cumsum(axis=1) > rng.random((n, 1))).argmax(axis=1).astype(np.int32)
    return tempered(honest, np.full(n, 1 / temperature)), truth


def test_a_temperature_is_found_again():
    posterior, truth = overconfident(4000, np.random.default_rng(1))
    n_answers = np.full(4000, 5)

    found = fit_calibration(posterior, n_answers, truth)

    assert found.temperature_[0] * growth(n_answers[:1])[0] == pytest.approx(3, rel=0.08)
    assert found.error_share_[0] < 0.02
    calibrated = found.apply(posterior, n_answers)
    assert calibrated.sum(axis=1) == pytest.approx(np.ones(4000))
    assert (calibrated.argmax(axis=1) == posterior.argmax(axis=1)).all()
    rng = np.random.default_rng(2)
    before = reliability_of(posterior, posterior.argmax(axis=1).astype(np.int32), truth, rng=rng)
    after = reliability_of(calibrated, posterior.argmax(axis=1).astype(np.int32), truth, rng=rng)
    assert before.ece.value > 0.1
    assert after.ece.value < 0.03
    assert after.nll.value < before.nll.value
    assert after.brier.value < before.brier.value


def test_tasks_whose_answers_reveal_nothing_are_not_believed_at_any_temperature():
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 2, 3000).astype(np.int32)
    is_lost = rng.random(3000) < 0.3
    said = np.where(is_lost, rng.integers(0, 2, 3000), truth)
    posterior = np.where(np.arange(2) == said[:, np.newaxis], 1 - 1e-9, 1e-9)

    found = fit_calibration(posterior, np.full(3000, 9), truth)

    assert found.apply(posterior, np.full(3000, 9)).max() == pytest.approx(0.85, abs=0.02)


def test_without_known_labels_the_usual_is_assumed_and_a_few_change_little():
    posterior = np.array([[0.999, 0.001]] * 60)
    n_answers = np.full(60, 5)
    nothing = np.full(60, UNKNOWN, np.int32)
    few = nothing.copy()
    few[:2] = 1

    usual, after = fit_calibration(posterior, n_answers, nothing), fit_calibration(posterior, n_answers, few)

    assert 0.9 < usual.apply(posterior, n_answers)[0, 0] < 0.98
    assert 0.5 < after.apply(posterior, n_answers)[0, 0] < usual.apply(posterior, n_answers)[0, 0]
    assert usual.n_gold_.sum() == 0


def test_more_answers_are_believed_more_hesitantly_each():
    usual = fit_calibration(np.ones((1, 2)) / 2, np.array([1]), np.array([UNKNOWN], np.int32))
    posterior = np.array([[0.9, 0.1]] * 3)

    found = usual.apply(posterior, np.array([1, 3, 20]))[:, 0]

    assert found[0] > found[1] > found[2] > 0.5


def test_a_band_with_gold_enough_has_numbers_of_its_own():
    rng = np.random.default_rng(5)
    cold, truth = overconfident(1200, rng, 4.0)
    fair, others = overconfident(1200, rng, 1.0)
    n_answers = np.repeat([2, 9], 1200)

    found = fit_calibration(np.concatenate((cold, fair)), n_answers, np.concatenate((truth, others)))

    ratio = found.temperature_[bands_of(np.array([2]))] / found.temperature_[bands_of(np.array([9]))]
    assert ratio[0] > 3
    assert found.n_gold_.tolist() == [0, 1200, 0, 0, 1200, 0]
    assert MIN_IN_BAND < 1200
    assert bands_of(np.array([1, 2, 3, 4, 5, 16, 17, 400])).tolist() == [0, 1, 2, 2, 3, 4, 5, 5]
    assert len(BANDS) == 6


def test_known_labels_that_nobody_voted_for_count_as_wrong():
    posterior = np.array([[0.99, 0.01]] * 100)
    n_answers = np.full(100, 3)
    right, wrong = np.zeros(100, np.int32), np.full(100, NO_CLASS, np.int32)

    sure = fit_calibration(posterior, n_answers, right).apply(posterior, n_answers)[0, 0]
    unsure = fit_calibration(posterior, n_answers, wrong).apply(posterior, n_answers)[0, 0]

    assert sure > 0.97
    assert unsure < 0.6
    found = reliability_of(posterior, right, wrong, rng=np.random.default_rng(0))
    assert found.accuracy.estimate == 0
    assert np.isfinite(found.nll.value)


def test_what_does_not_fit_is_refused():
    posterior = np.array([[0.9, 0.1]])
    with pytest.raises(VotesError, match="1 posteriors, 2 numbers of answers and 1 labels"):
        fit_calibration(posterior, np.array([1, 2]), np.array([0], np.int32))
    with pytest.raises(VotesError, match="a task has 0 answers"):
        bands_of(np.array([2, 0]))
    with pytest.raises(VotesError, match="temperature is 0"):
        tempered(posterior, np.array([0.0]))
    with pytest.raises(VotesError, match="1 posteriors, 1 labels and 2 truths"):
        reliability_of(posterior, np.zeros(1, np.int32), np.zeros(2, np.int32), rng=np.random.default_rng(0))


def test_reliability_by_hand():
    posterior = np.array([[0.96, 0.04], [0.8, 0.2], [0.8, 0.2], [0.3, 0.7]])
    labels = posterior.argmax(axis=1).astype(np.int32)
    known = np.array([0, 0, 1, UNKNOWN], np.int32)

    found = reliability_of(posterior, labels, known, rng=np.random.default_rng(0))

    assert found.accuracy.estimate == pytest.approx(2 / 3)
    assert (found.of_sure.estimate, found.of_sure.n) == (1.0, 1)
    assert found.ece.value == pytest.approx((0.04 + 0.6) / 3)
    assert found.nll.value == pytest.approx(-np.log([0.96, 0.8, 0.2]).mean())
    assert found.brier.value == pytest.approx((2 * 0.04**2 + 2 * 0.2**2 + 2 * 0.8**2) / 3)
    assert [(bin_.share.n, round(bin_.mean_score, 2)) for bin_ in found.bins] == [(2, 0.8), (1, 0.96)]


def test_nothing_known_is_nothing_measured():
    found = reliability_of(
        np.ones((2, 1)), np.zeros(2, np.int32), np.full(2, UNKNOWN, np.int32), rng=np.random.default_rng(0)
    )

    assert found.accuracy.estimate is None
    assert found.ece.value is None
    assert found.ece.note
    assert found.bins == ()
