"""An answer that nobody checked is no surer than its author has proved to be."""

import numpy as np
import pytest

from goldsmith.quality.intervals import wilson_interval
from goldsmith.quality.track_records import track_records, unchecked_at_most
from goldsmith.quality.votes import Votes


def shared(n_agree: int, n_differ: int, n_alone: int) -> Votes:
    """Annotators x and y share tasks; x alone answers some more."""
    n = n_agree + n_differ
    tasks = [f"t{i:03}" for i in range(n)] * 2 + [f"u{i:03}" for i in range(n_alone)]
    labels = ["a"] * n + ["a"] * n_agree + ["b"] * n_differ + ["a"] * n_alone
    return Votes.from_columns(tasks, ["x"] * n + ["y"] * n + ["x"] * n_alone, labels)


def test_the_record_is_the_low_end_of_the_wilson_interval_of_agreement() -> None:
    expected = wilson_interval(45, 50).low
    assert track_records(shared(45, 5, 20)) == pytest.approx([expected, expected])


def test_an_unchecked_answer_is_no_surer_than_its_author() -> None:
    votes = shared(45, 5, 20)
    capped = unchecked_at_most(np.full(votes.n_tasks, 0.99), votes)
    assert capped[votes.n_answers > 1].tolist() == [0.99] * 50
    assert capped[votes.n_answers == 1] == pytest.approx([track_records(votes)[0]] * 20)


def test_without_a_shared_task_nothing_is_known() -> None:
    votes = Votes.from_columns(["a", "b"], ["x", "x"], ["0", "1"])
    assert np.isnan(track_records(votes)).all()
    assert np.isnan(unchecked_at_most(np.array([0.9, 0.9]), votes)).all()


def test_a_lower_confidence_stays() -> None:
    votes = shared(45, 5, 1)
    assert unchecked_at_most(np.full(votes.n_tasks, 0.2), votes).tolist() == [0.2] * votes.n_tasks
