import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Votes


def test_votes_are_sorted_by_task_and_annotator_whatever_the_order():
    rows = [("t2", "ann", "yes"), ("t1", "bob", "no"), ("t2", "bob", "no"), ("t1", "ann", "yes"), ("t3", "cy", "no")]

    votes = Votes.from_columns(*zip(*rows, strict=True))
    shuffled = Votes.from_columns(*zip(*reversed(rows), strict=True))

    assert votes.task.tolist() == [0, 0, 1, 1, 2]
    assert votes.annotator.tolist() == [0, 1, 0, 1, 2]
    assert votes.label.tolist() == [1, 0, 1, 0, 0]
    assert votes.starts.tolist() == [0, 2, 4, 5]
    assert votes.n_answers.tolist() == [2, 2, 1]
    assert votes.counts().tolist() == [[1, 1], [1, 1], [1, 0]]
    assert (votes.task_names, votes.annotator_names, votes.classes) == (
        ("t1", "t2", "t3"),
        ("ann", "bob", "cy"),
        ("no", "yes"),
    )
    assert (votes.task.dtype, votes.annotator.dtype, votes.label.dtype) == (np.int32, np.int32, np.int32)
    for name in ("task", "annotator", "label", "starts"):
        assert getattr(shuffled, name).tolist() == getattr(votes, name).tolist()


def test_the_last_of_repeated_votes_counts_and_the_others_are_counted():
    votes = Votes.from_columns(["t", "t", "u", "t"], ["ann"] * 4, ["a", "b", "a", "c"])

    assert votes.n_votes == 2
    assert votes.n_repeats == 2
    assert [votes.classes[code] for code in votes.label] == ["c", "a"]


def test_classes_can_be_given_with_their_order():
    votes = Votes.from_columns(["t"], ["ann"], ["b"], classes=["c", "b", "a"])

    assert votes.classes == ("c", "b", "a")
    assert votes.label.tolist() == [1]
    assert votes.counts().tolist() == [[0, 1, 0]]


def test_integer_arrays_are_names_too():
    votes = Votes.from_columns(np.array([10, 9]), np.array([1, 1]), np.array([0, 3]))

    assert votes.task_names == ("9", "10")
    assert votes.classes == ("0", "3")
    assert votes.label.tolist() == [1, 0]
    assert Votes.from_columns(np.array([1]), ["x"], np.array([2]), classes=["2"]).label.tolist() == [0]


@pytest.mark.parametrize(
    ("columns", "classes", "message"),
    [
        (([], [], []), None, "no votes to aggregate; collect answers first"),
        ((["t"], ["a", "b"], ["x"]), None, "there are 1 tasks, 2 annotators and 1 labels"),
        ((["t", "u"], ["a", "b"], ["x", None]), None, "vote 1: its label is None, not a text; leave out"),
        ((["t", 5], ["a", "b"], ["x", "y"]), None, "vote 1: its task is 5"),
        ((["t"], ["a"], ["z"]), ["x", "y"], "the label 'z' is not one of the classes x, y"),
        ((["t"], ["a"], ["x"]), ["x", "x"], "a class is named twice"),
    ],
)
def test_unusable_votes_are_refused(columns: tuple[list[str], ...], classes: list[str] | None, message: str):
    with pytest.raises(VotesError, match=message):
        Votes.from_columns(*columns, classes=classes)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0], "2 votes and 1 weights"),
        ([1.0, -1.0], "vote 1: its weight is -1.0"),
        ([float("nan"), 1.0], "vote 0: its weight is nan"),
        ([1.0, 0.0], "vote 1: its weight is 0.0"),
        ([float("inf"), 1.0], "vote 0: its weight is inf"),
    ],
)
def test_unusable_weights_are_refused(weights: list[float], message: str):
    with pytest.raises(VotesError, match=message):
        Votes.from_columns(["t", "u"], ["a", "b"], ["x", "y"], weights=weights)


def test_weights_stay_with_their_votes():
    votes = Votes.from_columns(list("bab"), list("xyy"), list("101"), weights=[3.0, 2.0, 1.0])

    assert votes.weight.tolist() == [2.0, 3.0, 1.0]
    assert votes.shares().tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert Votes.from_columns(list("aa"), list("xy"), list("01"), weights=[3, 1]).shares().tolist() == [[0.75, 0.25]]
