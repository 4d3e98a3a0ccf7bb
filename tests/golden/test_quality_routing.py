"""Routing on real answers: what a vote costs in time, what a stop is worth, and whether a plan comes true."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.routing import ENDLESS, Replay, foreseen, stopped, tray_of
from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.routing import LiveConsensus, Routing

CROWD = Path(__file__).parents[3] / "shared" / "data" / "crowd"

pytestmark = pytest.mark.skipif(not CROWD.is_dir(), reason=f"there are no real answers at {CROWD}")


def test_routed_answers_are_right_more_often_than_as_many_for_each():
    tray = tray_of(CROWD / "rte")
    even, routed = Replay(tray, 0), Replay(tray, 0)
    even.start(4)
    routed.start(2)
    routed.spend(ENDLESS, even.n_given)

    assert routed.n_given == even.n_given
    assert routed.accuracy() > even.accuracy() + 1.5


def test_tasks_that_stopped_as_certain_are_right_as_often_as_they_claim():
    _, share, claimed, right = stopped(tray_of(CROWD / "rte"), 0, Routing(), 0)

    assert share > 0.4
    assert claimed >= 0.95
    assert right >= 0.94


def test_a_plan_comes_true():
    for n_gold in (0, 50):
        for _, said, low, high, came in foreseen(tray_of(CROWD / "rte"), 0, n_gold):
            assert low <= came <= high
            assert abs(said - came) < 8


def test_the_live_consensus_is_that_of_auto():
    votes = tray_of(CROWD / "web").votes
    live, batch = LiveConsensus.from_votes(votes), Auto().fit(votes)

    assert np.abs(live.posterior_ - batch.posterior_).mean() < 1e-3
    assert (live.posterior_.argmax(axis=1) == batch.labels_).mean() > 0.998
