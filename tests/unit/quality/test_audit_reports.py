"""What an audit says: exact for a census, honest for a sample, sharpened by confidences that nobody has to trust."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.audit import audit_report, prediction_powered
from goldsmith.quality.intervals import wilson_interval

N = 4000


def labels(kind: str, accuracy: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Confidences of `N` labels, and which are right."""
    chance = rng.beta(3 * accuracy, 3 * (1 - accuracy), N)
    is_right = rng.random(N) < chance
    match kind:
        case "good":
            return chance, is_right
        case "sharp":
            return np.clip(0.9 * is_right + rng.normal(0.05, 0.12, N), 0, 1), is_right
        case "inverted":
            return 1 - chance, is_right
        case _:
            return rng.beta(8, 2, N), is_right


@pytest.mark.parametrize("kind", ["good", "sharp", "inverted", "noise"])
@pytest.mark.parametrize(("accuracy", "n"), [(0.8, 30), (0.8, 200), (0.97, 50), (0.97, 200)])
def test_intervals_hold_the_truth_however_bad_the_confidences_are(kind, accuracy, n):
    rng, held, widths, n_draws = np.random.default_rng(n), 0, np.zeros(2), 500
    for _ in range(n_draws):
        confidences, is_right = labels(kind, accuracy, rng)
        audited = rng.choice(N, n, replace=False)
        found = prediction_powered(confidences, audited, is_right[audited]).accuracy
        alone = wilson_interval(int(is_right[audited].sum()), n, n_population=N)
        held += found.low <= is_right.mean() <= found.high
        widths += [found.high - found.low, alone.high - alone.low]
    assert 0.92 <= held / n_draws <= 0.995
    assert widths[0] <= 1.01 * widths[1]
    if kind == "sharp" and n == 200:
        assert widths[0] < 0.8 * widths[1]


def test_the_estimate_is_right_on_average_with_confidences_that_are_far_too_high():
    rng, off = np.random.default_rng(0), []
    for _ in range(600):
        confidences, is_right = labels("good", 0.8, rng)
        audited = rng.choice(N, 100, replace=False)
        off.append(prediction_powered(confidences**0.2, audited, is_right[audited]).accuracy.estimate - is_right.mean())
    assert abs(np.mean(off)) < 4 * np.std(off) / np.sqrt(len(off))


def test_an_audit_without_errors_does_not_use_confidences_and_says_so():
    found = prediction_powered(np.linspace(0.5, 1, 500), np.arange(60), np.ones(60, np.bool_))
    alone = wilson_interval(60, 60, n_population=500)
    assert found.weight == 0
    assert "wrong" in found.note
    assert (found.accuracy.low, found.accuracy.high) == pytest.approx((alone.low, alone.high), abs=1e-12)


def test_confidences_that_are_upside_down_or_alike_count_nothing():
    is_right = np.arange(100) >= 10
    upside_down = prediction_powered(np.where(np.arange(500) % 100 >= 10, 0.2, 0.9), np.arange(100), is_right)
    alike = prediction_powered(np.full(500, 0.7), np.arange(100), is_right)
    assert (upside_down.weight, alike.weight) == (0, 0)
    assert "higher confidence" in upside_down.note
    assert "same confidence" in alike.note
    assert alike.accuracy.estimate == pytest.approx(0.9)


def test_labels_without_a_confidence_count_as_the_mean():
    confidences = np.linspace(0.5, 1, 400)
    with_gaps = np.where(np.arange(400) % 7 == 0, np.nan, confidences)
    found = prediction_powered(with_gaps, np.arange(0, 400, 4), np.arange(100) % 5 > 0)
    assert found.mean_confidence == pytest.approx(np.nanmean(with_gaps))
    assert prediction_powered(np.full(50, np.nan), np.arange(20), np.arange(20) > 4).weight == 0


def test_a_census_is_exact():
    is_right = np.arange(200) % 10 > 0
    found = audit_report(200, np.arange(200), is_right, confidences=np.linspace(0, 1, 200))
    assert found.method == "census"
    assert (found.accuracy.low, found.accuracy.high) == (0.9, 0.9)
    assert (found.predicted.accuracy.low, found.predicted.accuracy.high) == pytest.approx((0.9, 0.9))
    assert found.power.n_more == 0


def test_a_report_says_how_many_more_to_audit_and_that_many_are_enough():
    rng = np.random.default_rng(2)
    is_right = rng.random(5000) < 0.95
    order = rng.permutation(5000)
    first = audit_report(5000, order[:200], is_right[order[:200]], half_width=0.015)
    assert first.method == "wilson"
    assert first.power.n_needed == 200 + first.power.n_more
    assert f"{first.power.n_more:,} more" in first.power.text
    larger = order[: int(1.3 * first.power.n_needed)]
    second = audit_report(5000, larger, is_right[larger], half_width=0.015)
    assert second.power.text == "the audit is large enough for ±1.5 points"


def test_parts_that_were_sampled_at_rates_of_their_own_count_by_their_size():
    part = np.repeat(np.array([0, 1], np.int32), [900, 100])
    audited = np.concatenate([np.arange(30), np.arange(900, 950)])
    is_right = np.concatenate([np.arange(30) >= 3, np.arange(50) >= 40])
    found = audit_report(1000, audited, is_right, part=part, confidences=np.full(1000, 0.9))
    assert found.method == "stratified"
    assert found.accuracy.estimate == pytest.approx(0.9 * 0.9 + 0.1 * 0.2)
    assert found.predicted is None


def test_nothing_audited_is_no_accuracy():
    found = audit_report(100, np.zeros(0, np.int64), np.zeros(0, np.bool_), confidences=np.full(100, 0.9))
    assert found.accuracy.estimate is None
    assert found.predicted is None
    assert found.text == "not estimated: nothing was audited"
    assert "once some items are audited" in found.power.text


@pytest.mark.parametrize(
    ("audited", "is_right", "confidences"),
    [
        ([0, 0], [True, True], [0.5] * 5),
        ([5], [True], [0.5] * 5),
        ([-1], [True], [0.5] * 5),
        ([1], [True, False], [0.5] * 5),
        ([1], [True], [0.5] * 4),
        ([1], [True], [1.5] * 5),
    ],
    ids=["twice", "beyond", "before", "two findings", "four confidences", "too high"],
)
def test_contradictions_are_refused(audited, is_right, confidences):
    with pytest.raises(VotesError):
        audit_report(5, np.array(audited), np.array(is_right), confidences=np.array(confidences))
