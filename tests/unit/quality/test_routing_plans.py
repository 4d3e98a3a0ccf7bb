"""What a budget buys: forecasts that follow the calibration and the policy."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.calibration import UNKNOWN, fit_calibration, likely_calibrations
from goldsmith.quality.routing import LiveConsensus, Routing, plan
from goldsmith.quality.votes import Votes


def crowd(n_tasks: int, n_each: int, *, skill: float = 0.75, seed: int = 0) -> tuple[Votes, dict[str, str]]:
    """Votes of 20 annotators, independent given the truth, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n_tasks)
    task = np.repeat(np.arange(n_tasks), n_each)
    who = np.concatenate([rng.permutation(20)[:n_each] for _ in range(n_tasks)])
    label = np.where(rng.random(task.size) < skill, truth[task], 1 - truth[task])
    votes = Votes.from_columns(task, who, label)
    return votes, {str(number): str(true) for number, true in enumerate(truth.tolist())}


def test_more_budget_buys_more_accuracy_until_no_task_wants_more():
    votes, truth = crowd(300, 2)
    live = LiveConsensus.from_votes(votes, gold=truth)

    today, some, more, all_ = plan(live, [200, 600, 100_000], Routing())

    assert today.accuracy < some.accuracy < more.accuracy <= all_.accuracy + 0.01
    assert (today.n_answers, today.n_used, some.n_used) == (0, 0, 200)
    assert all_.n_used < 300 * 8
    assert all(one.low <= one.accuracy <= one.high for one in (today, some, more, all_))


def test_todays_accuracy_is_that_of_the_gold_and_more_gold_makes_it_narrower():
    votes, truth = crowd(600, 3)
    few = {name: truth[name] for name in list(truth)[:20]}

    known = plan(LiveConsensus.from_votes(votes, gold=truth), [], Routing())[0]
    hardly = plan(LiveConsensus.from_votes(votes, gold=few), [], Routing())[0]
    unknown = plan(LiveConsensus.from_votes(votes), [], Routing())[0]

    live = LiveConsensus.from_votes(votes)
    right = np.mean(
        [
            votes.classes[label] == truth[name]
            for name, label in zip(live.votes.task_names, live.calibrated_.argmax(axis=1), strict=True)
        ]
    )
    assert known.accuracy == pytest.approx(right, abs=0.03)
    assert known.high - known.low < hardly.high - hardly.low < unknown.high - unknown.low


def test_a_crowd_that_is_always_right_is_foreseen_as_such_once_gold_says_so():
    votes, truth = crowd(300, 2, skill=0.995)
    gold = {name: truth[name] for name in list(truth)[:50]}

    known = plan(LiveConsensus.from_votes(votes, gold=gold), [], Routing())[0]
    usual = plan(LiveConsensus.from_votes(votes), [], Routing())[0]

    assert known.accuracy > 0.96
    assert known.high > 0.99
    assert usual.accuracy < known.accuracy - 0.01
    assert usual.high - usual.low > 2 * (known.high - known.low)


def test_a_crowd_that_means_something_else_is_foreseen_below_what_any_calibration_says():
    votes, truth = crowd(300, 3, skill=0.9)
    other = {name: "10"[int(truth[name])] for name in list(truth)[:50]}

    found = plan(LiveConsensus.from_votes(votes, gold=other), [300], Routing())

    assert all(one.accuracy < 0.3 for one in found)


def test_tasks_without_answers_count_and_pull_the_forecast_down():
    live = LiveConsensus.from_votes(crowd(100, 3)[0])

    alone, with_others = (plan(live, [], Routing(), n_unanswered=n)[0] for n in (0, 300))

    assert with_others.accuracy < alone.accuracy - 0.1


def test_the_same_seed_gives_the_same_plan():
    live = LiveConsensus.from_votes(crowd(100, 3)[0])

    assert plan(live, [50], Routing(), seed=1) == plan(live, [50], Routing(), seed=1)
    assert plan(live, [50], Routing(), seed=1) != plan(live, [50], Routing(), seed=2)


def test_what_cannot_be_planned_is_refused():
    with pytest.raises(VotesError, match="no votes to plan from"):
        plan(LiveConsensus(("a", "b")), [10], Routing())
    with pytest.raises(VotesError, match="budget is -1"):
        plan(LiveConsensus.from_votes(crowd(10, 2)[0]), [-1], Routing())


def test_likely_calibrations_scatter_less_the_more_is_known_and_around_what_was_fitted():
    rng = np.random.default_rng(0)
    posterior = np.repeat([[0.99, 0.01]], 400, axis=0)
    n_answers = np.full(400, 5)
    truth = (rng.random(400) < 0.2).astype(np.int32)
    few = np.where(np.arange(400) < 20, truth, UNKNOWN).astype(np.int32)

    spread = [
        np.std(
            [
                one.apply(posterior[:1], n_answers[:1])[0, 0]
                for one in likely_calibrations(posterior, n_answers, known, n=200, rng=rng)
            ]
        )
        for known in (np.full(400, UNKNOWN, np.int32), few, truth)
    ]

    assert spread[0] > spread[1] > 2 * spread[2]
    drawn = [
        one.apply(posterior[:1], n_answers[:1])[0, 0]
        for one in likely_calibrations(posterior, n_answers, truth, n=200, rng=rng)
    ]
    fitted = fit_calibration(posterior, n_answers, truth).apply(posterior[:1], n_answers[:1])[0, 0]
    assert np.mean(drawn) == pytest.approx(fitted, abs=0.02)
    assert fitted == pytest.approx(0.8, abs=0.02)
