"""A fitted consensus made small judges one task as the whole does."""

import json

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.routing import LiveConsensus, Routing
from goldsmith.quality.routing.judges import Judge, judge_of
from goldsmith.quality.votes import Votes


def live_of(n_tasks: int = 80, *, seed: int = 0) -> LiveConsensus:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n_tasks)
    tasks, annotators, labels = [], [], []
    for t in range(n_tasks):
        for a in rng.choice(12, 5, replace=False):
            is_right = rng.random() < 0.55 + 0.03 * a
            tasks.append(f"t{t:03}")
            annotators.append(f"a{a:02}")
            labels.append(str(truth[t] if is_right else rng.integers(0, 3)))
    return LiveConsensus.from_votes(Votes.from_columns(tasks, annotators, labels, classes=("0", "1", "2")))


def test_a_new_vote_is_judged_as_the_live_consensus_judges_it():
    live = live_of()
    judge = Judge.unpacked(json.loads(json.dumps(judge_of(live).packed())))
    said = [("a03", "1"), ("stranger", "1"), ("a05", "2"), ("a07", "1")]
    for n in range(1, len(said) + 1):
        expected = live.add("fresh", *said[n - 1])
        found = judge.judge(said[:n], Routing())
        assert found.label == live.votes.classes[int(expected.argmax())]
        assert found.confidence == pytest.approx(float(expected.max()), abs=1e-5)


def test_a_task_is_contested_where_its_confidence_stands_still_below_the_target():
    judge = judge_of(live_of())
    split = [(f"stranger {i}", str(i % 2)) for i in range(12)]
    assert judge.judge(split, Routing(stillness=0.5)).is_contested
    assert not judge.judge(split, Routing(stillness=0.0)).is_contested
    assert not judge.judge(split[:3], Routing(stillness=0.5)).is_contested
    assert not judge.judge(split, Routing(stillness=0.5, target=0.3)).is_contested


def test_nothing_is_said_of_no_votes_or_unknown_classes():
    judge = judge_of(live_of())
    assert judge.judge([], Routing()) is None
    assert judge.judge([("a01", "0"), ("a02", "surprise")], Routing()) is None


def test_arrays_that_do_not_fit_are_refused():
    packed = judge_of(live_of()).packed()
    packed["annotators"] = packed["annotators"][1:]
    with pytest.raises(VotesError, match="the judge's answering has the shape"):
        Judge.unpacked(packed)
    with pytest.raises(VotesError, match="nothing was fitted yet"):
        judge_of(LiveConsensus(("no", "yes")))
