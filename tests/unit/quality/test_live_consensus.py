"""A consensus that follows its votes: at once for one task, and for all after a refit."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.routing import GrowingVotes, LiveConsensus, Routing, TaskState
from goldsmith.quality.votes import Votes

SKILLS = (0.95, 0.9, 0.85, 0.8, 0.6, 0.4)


def drawn(n_tasks: int, seed: int = 0) -> list[tuple[str, str, str]]:
    """Votes of six annotators on every task, in random order; odd tasks are of class b."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, str, str]] = []
    for task in range(n_tasks):
        for who, skill in enumerate(SKILLS):
            is_right = rng.random() < skill
            rows.append((f"t{task:03}", f"w{who}", "ab"[task % 2 if is_right else 1 - task % 2]))
    return [rows[place] for place in rng.permutation(len(rows))]


def in_order_of(names: tuple[str, ...], live: LiveConsensus) -> list[int]:
    return [live.votes.task_names.index(name) for name in names]


def test_votes_that_came_one_by_one_equal_the_same_votes_at_once():
    rows = drawn(40)
    growing = GrowingVotes(("a", "b"))
    for row in rows[:100] + [(task, who, "a") for task, who, _ in rows[:30]] + rows[:30] + rows[100:]:
        growing.add(*row)
    found, votes = growing.votes(), Votes.from_columns(*zip(*rows, strict=True), classes=["a", "b"])

    place = [found.task_names.index(name) for name in votes.task_names]
    assert (found.counts()[place] == votes.counts()).all()
    assert found.n_repeats == 60
    names = zip(found.task.tolist(), found.annotator.tolist(), found.label.tolist(), strict=True)
    said = {(found.task_names[task], found.annotator_names[who], "ab"[label]) for task, who, label in names}
    assert said == set(rows)
    assert (np.diff(found.task) >= 0).all()
    assert all((np.diff(found.annotator[a:b]) > 0).all() for a, b in zip(found.starts, found.starts[1:], strict=False))


def test_a_cold_refit_is_the_batch_and_a_warm_one_comes_close():
    rows = drawn(120)
    votes = Votes.from_columns(*zip(*rows, strict=True), classes=["a", "b"])
    batch = Auto().fit(votes).posterior_
    live = LiveConsensus(("a", "b"))
    for row in rows[:600]:
        live.votes.add(*row)
    live.refit(cold=True)
    for number, row in enumerate(rows[600:]):
        live.add(*row)
        if number % 20 == 19:
            live.refit()
    warm = live.posterior_[in_order_of(votes.task_names, live)]
    live.refit(cold=True)
    cold = live.posterior_[in_order_of(votes.task_names, live)]

    assert np.abs(cold - batch).max() < 1e-4
    assert np.abs(warm - batch).max() < 0.03
    assert np.abs(warm - batch).max() > 0


def test_one_vote_moves_its_task_towards_what_it_says_and_no_other():
    live = LiveConsensus.from_votes(Votes.from_columns(*zip(*drawn(60), strict=True), classes=["a", "b"]))
    before, task = live.calibrated_.copy(), live.votes.task_names.index("t007")

    after = live.add("t007", "w0", "a")

    assert (live.n_answers_[task], live.votes.n_repeats) == (6, 1)
    assert after[0] > before[task, 0]
    assert live.calibrated_[task].tolist() == after.tolist()
    others = np.arange(60) != task
    assert (live.calibrated_[others] == before[others]).all()


def test_a_newcomer_is_believed_as_one_of_the_crowd():
    live = LiveConsensus.from_votes(Votes.from_columns(*zip(*drawn(60), strict=True), classes=["a", "b"]))

    by_best, by_newcomer, by_worst = (live.add(f"new {who}", who, "b")[1] for who in ("w0", "unseen", "w5"))

    assert by_best > by_newcomer > by_worst
    assert by_newcomer > 0.5
    assert live.calibrated_.shape == (63, 2)


def test_known_labels_calibrate_and_tasks_without_votes_wait():
    rows = drawn(60)
    gold = {f"t{task:03}": "ab"[1 - task % 2] for task in range(50)} | {"not there": "a", "t050": "c"}
    live = LiveConsensus.from_votes(Votes.from_columns(*zip(*rows, strict=True), classes=["a", "b"]))
    usual = live.calibrated_.max(axis=1).mean()

    live.calibrate(gold)

    assert (live.known() >= 0).sum() == 50
    assert live.calibrated_.max(axis=1).mean() < usual - 0.1


def test_votes_that_change_nothing_make_a_task_contested():
    live = LiveConsensus.from_votes(Votes.from_columns(*zip(*drawn(60), strict=True), classes=["a", "b"]))
    for who in ("n1", "n2", "n3", "n4", "n5"):
        live.add("new", who, "a")

    moved = live.moved(3)
    still = live.route(Routing(target=0.999, stillness=1.0, cap=20))
    moving = live.route(Routing(target=0.999, stillness=0.0, cap=20))

    place = live.votes.task_names.index("new")
    assert 0 < moved[place] < 1
    assert still.state_of(place) is TaskState.CONTESTED
    assert moving.state_of(place) is TaskState.WANTED
    now = live.calibrated_[place].copy()
    live.add("new", "n6", "b")
    assert live.moved(1)[place] == pytest.approx(np.abs(live.calibrated_[place] - now).max(), abs=1e-6)


def test_it_starts_with_nothing_and_says_what_it_cannot_do():
    live = LiveConsensus(("a", "b"))

    assert live.route(Routing(), unanswered=3).wanted.tolist() == [2, 2, 2]
    with pytest.raises(VotesError, match="there are no votes"):
        live.refit()
    assert live.add("t", "w", "a").sum() == pytest.approx(1)
    with pytest.raises(VotesError, match="'z' is not one of the classes a, b"):
        live.add("t", "w", "z")
    with pytest.raises(VotesError, match="weight is 0"):
        live.add("t", "w", "a", weight=0.0)
    with pytest.raises(VotesError, match="name every class once"):
        GrowingVotes(("a", "a"))
