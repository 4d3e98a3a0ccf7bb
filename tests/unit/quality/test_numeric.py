"""The consensus of numbers and of grades."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.numeric import NumericVotes, WinsorisedMean
from goldsmith.quality.ordinal import OrdinalDawidSkene
from goldsmith.quality.votes import Votes

Rows = list[tuple[str, str, float]]


def simulated(
    *, n_tasks: int = 400, n_answers: int = 6, seed: int = 5, far: float = 0.0
) -> tuple[Rows, dict[str, float]]:
    """Ten annotators with biases from -9 to 9 and errors of 5; a share of the answers lies far out."""
    rng = np.random.default_rng(seed)
    truth = {f"t{task:03}": float(rng.normal(50, 20)) for task in range(n_tasks)}
    rows: Rows = []
    for task, value in truth.items():
        for who in rng.permutation(10)[:n_answers].tolist():
            is_far = rng.random() < far
            rows.append((task, f"a{who}", value + 2 * who - 9 + float(rng.normal(0, 5)) + 90 * is_far))
    return rows, truth


def votes_of(rows: Rows) -> NumericVotes:
    return NumericVotes.from_columns([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


def error(values: np.ndarray[tuple[int], np.dtype[np.float64]], truth: dict[str, float]) -> float:
    return float(np.abs(values - np.array([truth[task] for task in sorted(truth)])).mean())


def plain_mean(votes: NumericVotes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.bincount(votes.task, votes.value) / np.bincount(votes.task)


def test_biases_are_found_and_taken_off():
    rows, truth = simulated()
    votes = votes_of(rows)

    found = WinsorisedMean(pseudo_answers=10).fit(votes)

    assert found.has_converged_
    np.testing.assert_allclose(found.bias_, np.arange(-9, 10, 2), atol=2)
    assert error(found.values_, truth) < 0.85 * error(plain_mean(votes), truth)


def test_answers_far_out_are_drawn_in():
    rows, truth = simulated(far=0.03)
    votes = votes_of(rows)

    assert error(WinsorisedMean().fit(votes).values_, truth) < 0.75 * error(plain_mean(votes), truth)


def test_who_answers_without_looking_counts_for_little():
    rng = np.random.default_rng(2)
    rows, truth = simulated(n_answers=4)
    rows += [(task, f"lazy{i}", float(rng.uniform(0, 100))) for task in truth for i in range(2)]
    votes = votes_of(rows)

    found = WinsorisedMean(limit=100).fit(votes)

    lazy = [name.startswith("lazy") for name in votes.annotator_names]
    assert found.reliability_[lazy].max() < 0.2
    assert found.reliability_[np.logical_not(lazy)].min() > 0.7
    assert error(found.values_, truth) < 0.8 * error(plain_mean(votes), truth)


@pytest.mark.parametrize("n_answers", [3, 6])
def test_intervals_hold_the_value_as_often_as_they_say(n_answers: int):
    held: list[bool] = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        rows = [
            (f"t{task}", f"a{who}", task + float(rng.normal(0, 3))) for task in range(300) for who in range(n_answers)
        ]
        votes = votes_of(rows)
        found = WinsorisedMean().fit(votes)
        truth = np.array([float(name[1:]) for name in votes.task_names])
        held += ((found.low_ <= truth) & (truth <= found.high_)).tolist()

    assert 0.93 <= np.mean(held) <= 0.97


def test_order_and_names_of_annotators_do_not_matter():
    rows, _ = simulated(n_tasks=50)
    order: list[int] = np.random.default_rng(0).permutation(len(rows)).tolist()
    other = [(rows[i][0], f"z{9 - int(rows[i][1][1:])}", rows[i][2]) for i in order]

    one, two = WinsorisedMean().fit(votes_of(rows)), WinsorisedMean().fit(votes_of(other))

    np.testing.assert_allclose(one.values_, two.values_, atol=1e-9)
    np.testing.assert_allclose(one.bias_, two.bias_[::-1], atol=1e-9)


def test_shifted_and_scaled_answers_give_shifted_and_scaled_values():
    rows, _ = simulated(n_tasks=50)

    one = WinsorisedMean().fit(votes_of(rows))
    other = WinsorisedMean().fit(votes_of([(task, who, 3 * value - 40) for task, who, value in rows]))

    np.testing.assert_allclose(3 * one.values_ - 40, other.values_, atol=1e-8)


def test_the_same_votes_give_the_same_and_stay_as_they_are():
    votes = votes_of(simulated(n_tasks=50)[0])
    before = votes.value.copy()

    assert WinsorisedMean().fit(votes).values_.tobytes() == WinsorisedMean().fit(votes).values_.tobytes()
    assert (votes.value == before).all()


def test_what_all_say_is_inferred_without_doubt():
    found = WinsorisedMean().fit(votes_of([(task, who, 7.0) for task in "ab" for who in "xyz"]))

    assert found.values_.tolist() == found.low_.tolist() == found.high_.tolist() == [7, 7]


def test_only_answers_have_no_interval():
    found = WinsorisedMean().fit(votes_of([("a", "x", 1.0), ("b", "y", 2.0)]))

    np.testing.assert_allclose(found.values_, [1, 2], atol=0.02)
    assert np.isnan(found.low_).all()


def test_the_last_answer_of_an_annotator_counts():
    votes = votes_of([("a", "x", 9.0), ("a", "x", 1.0)])

    assert votes.value.tolist() == [1]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_refused(value: float):
    with pytest.raises(VotesError, match="vote 1"):
        votes_of([("a", "x", 1.0), ("a", "y", value)])


def test_no_votes_are_refused():
    with pytest.raises(VotesError, match="no votes"):
        votes_of([])


def test_the_median_grade_decides_where_people_are_split():
    rows = [("t", f"a{i}", grade) for i, grade in enumerate("1112333")]
    rows += [(f"u{task}", f"a{i}", str(task % 3 + 1)) for task in range(30) for i in range(7)]
    votes = Votes.from_columns(*zip(*rows, strict=True), classes=["1", "2", "3"])

    found = OrdinalDawidSkene(strength=1e6, band=3).fit(votes)

    t = votes.task_names.index("t")
    assert votes.classes[int(found.grades_[t])] == "2"
    assert [votes.classes[g] for g in found.grades_[t + 1 :]] == [
        str(int(n[1:]) % 3 + 1) for n in votes.task_names[t + 1 :]
    ]


def test_a_near_slip_is_believed_before_a_far_one():
    prior = OrdinalDawidSkene().pseudo_counts(np.zeros((2, 5, 5)))

    np.testing.assert_allclose(prior.sum(axis=0), 3)
    assert prior[0, 0] > prior[1, 0] > prior[2, 0] > prior[4, 0]


def test_grades_in_reverse_order_give_the_same():
    rng = np.random.default_rng(3)
    grades = [int(np.clip(task % 5 + rng.integers(-1, 2), 0, 4)) for task in range(40) for _ in range(5)]
    tasks, who = [f"{task:02}" for task in range(40) for _ in range(5)], [str(i) for _ in range(40) for i in range(5)]

    one = OrdinalDawidSkene().fit(Votes.from_columns(tasks, who, [str(g) for g in grades], classes=list("01234")))
    other = OrdinalDawidSkene().fit(Votes.from_columns(tasks, who, [str(g) for g in grades], classes=list("43210")))

    np.testing.assert_allclose(one.posterior_, other.posterior_[:, ::-1], atol=1e-8)
