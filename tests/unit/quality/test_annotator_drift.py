import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.annotators import Drifts, average_run_length, beliefs, drifts
from goldsmith.quality.votes import Votes

PRIORS = {"balanced": (0.5, 0.5), "imbalanced": (0.9, 0.1)}


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def watched(prior: tuple[float, ...], *, change: float, n: int = 300, n_annotators: int = 200) -> Drifts:
    """Annotators who are right 80% of the time, and after two thirds of their answers as much more as `change`."""
    drawn = rng(1)
    truth = drawn.choice(2, size=n, p=prior)
    rate = np.where(np.arange(n) < 2 * n // 3, 0.8, 0.8 + change)
    labels = np.where(drawn.random((n_annotators, n)) < rate, truth, 1 - truth)
    tasks = np.tile(np.arange(n), n_annotators)
    votes = Votes.from_columns(tasks, np.repeat(np.arange(n_annotators), n), labels.ravel())
    order = np.array([int(name) for name in votes.task_names])
    gold = {str(task): str(truth[task]) for task in range(n)}
    return drifts(votes, order[votes.task].astype(float), beliefs(votes, gold=gold), rng=rng(2))


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_a_drop_is_found_with_its_place_and_steady_ones_are_left_alone(prior: tuple[float, ...]):
    steady, worse = watched(prior, change=0.0), watched(prior, change=-0.35)

    assert np.count_nonzero(steady.is_drifting) <= 7, "2 of 200 expected; more than 7 in one case of a thousand"
    assert np.mean(worse.is_drifting) > 0.9
    assert set(worse.change[worse.is_drifting]) == {-1.0}
    assert np.median(worse.since[worse.is_drifting]) == pytest.approx(200, abs=15)


def test_who_gets_better_drifts_too():
    better = watched((0.5, 0.5), change=0.2, n=600, n_annotators=50)

    assert np.mean(better.is_drifting) > 0.5
    assert set(better.change[better.is_drifting]) == {1.0}


def test_a_change_of_tasks_is_no_drift():
    drawn = rng(4)
    n, n_annotators = 300, 100
    truth = (np.arange(n) >= n // 2).astype(int)  # the second half is of a class that all are bad at
    rate = np.where(truth == 0, 0.95, 0.6)
    labels = np.where(drawn.random((n_annotators, n)) < rate, truth, 1 - truth)
    votes = Votes.from_columns(
        np.tile(np.arange(n), n_annotators), np.repeat(np.arange(n_annotators), n), labels.ravel()
    )
    order = np.array([int(name) for name in votes.task_names])

    known = beliefs(votes, gold={str(task): str(truth[task]) for task in range(n)})

    assert np.mean(drifts(votes, order[votes.task].astype(float), known, rng=rng()).is_drifting) <= 0.05


def test_few_answers_and_unknown_times_give_no_verdict():
    tasks = [str(t) for t in range(20)]
    votes = Votes.from_columns(tasks, ["x"] * 9 + ["y"] * 11, ["0"] * 20)
    known = beliefs(votes, gold=dict.fromkeys(tasks, "0"))

    found = drifts(votes, np.arange(20.0), known, rng=rng())

    assert np.isnan(found.p_value[0]) and found.p_value[1] == 1
    assert not found.is_drifting.any()
    assert np.isnan(drifts(votes, np.full(20, np.nan), known, rng=rng()).statistic).all()
    with pytest.raises(VotesError, match="20 votes and 3 times"):
        drifts(votes, np.ones(3), known, rng=rng())
    with pytest.raises(VotesError, match="rate of false alarms is 0"):
        drifts(votes, np.ones(20), known, rng=rng(), false_alarm_rate=0)


def test_run_lengths_are_as_documented():
    lengths = {
        (threshold, after): average_run_length(after, accuracy_before=0.8, threshold=threshold, rng=rng(), n_runs=500)
        for threshold in (5, 8)
        for after in (0.8, 0.6)
    }

    assert lengths[5, 0.8] == pytest.approx(64, rel=0.15)
    assert lengths[8, 0.8] == pytest.approx(290, rel=0.15)
    assert lengths[5, 0.6] == pytest.approx(14, rel=0.15)
    assert lengths[8, 0.6] == pytest.approx(25, rel=0.15)
    with pytest.raises(VotesError, match="cannot be watched"):
        average_run_length(1.0, threshold=5, rng=rng())
