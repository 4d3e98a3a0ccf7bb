"""Who gets the next answer: states, order and policy."""

from typing import Any, cast

import msgspec
import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.routing import Routing, TaskState, route
from goldsmith.quality.votes import Votes

NONE = np.empty((0, 2))


def votes_of(n_answers: dict[str, int]) -> Votes:
    """So many votes for class 0 on each task, and one annotator who makes both classes known."""
    rows = [(task, f"w{who}", "0") for task, n in n_answers.items() for who in range(n)]
    tasks, annotators, labels = zip(*rows, strict=True)
    return Votes.from_columns(tasks, annotators, labels, classes=["0", "1"])


def rows(*sure: float) -> np.ndarray:
    return np.array([[one, 1 - one] for one in sure])


def test_a_task_is_done_when_sure_capped_or_contested_and_else_wants_one_answer():
    votes = votes_of({"a": 1, "b": 3, "c": 4, "d": 9, "e": 4})
    moved = np.array([np.nan, 0.0, 0.01, 0.0, 0.2])

    found = route(votes, rows(0.99, 0.96, 0.7, 0.8, 0.7), Routing(cap=9), moved=moved)

    states = [found.state_of(task) for task in range(5)]
    assert states == [
        TaskState.NEEDS_START,
        TaskState.CERTAIN,
        TaskState.CONTESTED,
        TaskState.CAPPED,
        TaskState.WANTED,
    ]
    assert found.wanted.tolist() == [1, 0, 0, 0, 1]
    assert found.queue.tolist() == [0, 4]
    assert found.priority[[1, 2, 3]].tolist() == [0, 0, 0]
    assert found.count(TaskState.WANTED) == 1


def test_no_more_answers_than_the_window_are_never_contested():
    found = route(votes_of({"a": 3}), rows(0.7), Routing(), moved=np.array([0.0]))

    assert found.state_of(0) is TaskState.WANTED


def test_first_answers_come_first_then_the_least_sure():
    votes = votes_of({"a": 2, "b": 2, "c": 2, "d": 1})

    found = route(votes, rows(0.8, 0.6, 0.7, 0.99), Routing(), unanswered=["x", "y"])

    assert [found.tasks[task] for task in found.queue[2:]] == ["d", "b", "c", "a"]
    assert {found.tasks[task] for task in found.queue[:2]} == {"x", "y"}
    assert found.wanted.tolist() == [1, 1, 1, 1, 2, 2]
    assert (np.diff(found.priority[found.queue]) <= 0).all()


def test_answers_that_have_not_settled_a_task_push_it_back():
    found = route(votes_of({"a": 8, "b": 2, "c": 2}), rows(0.6, 0.75, 0.5), Routing())

    assert [found.tasks[task] for task in found.queue] == ["c", "b", "a"]
    assert found.priority.tolist() == pytest.approx([0.05, 0.125, 0.25])


def test_level_tasks_are_ordered_by_the_seed_and_by_nothing_else():
    names = [f"t{number}" for number in range(50)]

    first = route(None, NONE, Routing(), unanswered=names)
    again = route(None, NONE, Routing(), unanswered=names[::-1])
    other = route(None, NONE, Routing(), unanswered=names, seed=1)

    order: list[str] = [first.tasks[task] for task in first.queue]
    assert order == [again.tasks[task] for task in again.queue]
    assert order != [other.tasks[task] for task in other.queue]
    assert route(None, NONE, Routing(), unanswered=50).tasks[:2] == ("1", "2")


def test_a_batch_is_a_share_of_all_tasks_and_at_least_one():
    assert route(None, NONE, Routing(batch_share=0.1), unanswered=45).batch == 5
    assert route(None, NONE, Routing(batch_share=0.01), unanswered=3).batch == 1
    done = route(votes_of({"a": 3}), rows(0.99), Routing())
    assert (done.batch, done.queue.size) == (0, 0)


def test_five_classes_start_with_three_answers_and_the_cap_holds_for_them_too():
    assert Routing().start_for(n_classes=4) == 2
    assert Routing().start_for(n_classes=5) == 3
    assert Routing(cap=1).start_for(n_classes=5) == 1
    assert Routing(start=1).start_for(n_classes=9) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", 0),
        ("target", 1.0),
        ("target", float("nan")),
        ("cap", 0),
        ("batch_share", 0.0),
        ("window", 0),
        ("stillness", -0.1),
    ],
)
def test_an_impossible_policy_is_refused_by_the_name_of_its_field(field: str, value: float):
    with pytest.raises(VotesError, match=f"^{field} is"):
        Routing(**cast("dict[str, Any]", {field: value}))


def test_a_policy_is_plain_data():
    policy = Routing(start=2, target=0.9)

    assert msgspec.json.decode(msgspec.json.encode(policy), type=Routing) == policy
    with pytest.raises(VotesError, match="cap is 1"):
        Routing(start=2, cap=1)


def test_what_nobody_checked_is_not_certain_however_sure_its_author_seems():
    votes = Votes.from_columns(list("abbc"), list("xyzy"), list("0011"), classes=["0", "1"])

    found = route(votes, rows(0.99, 0.5, 0.99), Routing(start=1), confidence=np.array([np.nan, 0.5, 0.6]))

    assert [found.state_of(task).value for task in range(3)] == ["wanted"] * 3
    assert found.queue.tolist() == [0, 2, 1]


def test_what_does_not_fit_is_refused():
    votes = votes_of({"a": 2})
    with pytest.raises(VotesError, match="1 tasks have votes, 2 have a posterior"):
        route(votes, rows(0.5, 0.5), Routing())
    with pytest.raises(VotesError, match="'a' is said to have no answer"):
        route(votes, rows(0.5), Routing(), unanswered=["a"])
    with pytest.raises(VotesError, match="named twice"):
        route(votes, rows(0.5), Routing(), unanswered=["b", "b"])
    with pytest.raises(VotesError, match="-1 tasks"):
        route(votes, rows(0.5), Routing(), unanswered=-1)
