"""The best of answers of any kind, by their distances and how far their annotators err."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.distances import NearestAnswer, distances_between
from goldsmith.quality.medoid import medoid

Given = list[dict[str, float]]


def apart(one: float, other: float) -> float:
    return abs(one - other)


def any_apart(one: object, other: object) -> float:
    assert isinstance(one, float) and isinstance(other, float)
    return apart(one, other)


def simulated(*, n_tasks: int = 80, seed: int = 2) -> tuple[Given, list[float]]:
    """Two careful annotators, and two who answer somewhere."""
    rng = np.random.default_rng(seed)
    truth = [float(value) for value in rng.uniform(0.1, 0.9, n_tasks)]
    errors = {"ann": 0.02, "bob": 0.03, "cat": 0.3, "dan": 0.3}
    answers = [
        {name: float(np.clip(value + rng.normal(0, error), 0, 1)) for name, error in errors.items()} for value in truth
    ]
    return answers, truth


def test_who_errs_far_counts_for_little():
    answers, truth = simulated()
    given = distances_between(answers, apart)

    found = NearestAnswer().fit(given)

    assert found.has_converged_
    error = dict(zip(given.annotator_names, found.error_.tolist(), strict=True))
    assert max(error["ann"], error["bob"]) < 0.4 * min(error["cat"], error["dan"])
    plain = [list(task.values())[medoid(list(task.values()), any_apart).index] for task in answers]
    assert np.abs(np.subtract(found.answers_, truth)).mean() < 0.8 * np.abs(np.subtract(plain, truth)).mean()


def test_two_who_disagree_are_decided_by_who_errs_less():
    answers, _ = simulated()

    found = NearestAnswer().fit(distances_between([*answers, {"ann": 0.2, "dan": 0.8}], apart))

    assert found.answers_[-1] == 0.2


def test_the_same_weights_choose_the_same_medoid():
    answers, _ = simulated()
    given = distances_between(answers, apart)

    found = NearestAnswer().fit(given)

    weight_of = dict(zip(given.annotator_names, (1 / found.error_).tolist(), strict=True))
    for task, best in zip(answers, found.answers_, strict=True):
        values = list(task.values())
        chosen = medoid(values, any_apart, weights=[weight_of[name] for name in task])
        assert values[chosen.index] == best


def test_what_all_answer_is_inferred_without_doubt():
    found = NearestAnswer().fit(distances_between([dict.fromkeys("abc", 0.5)] * 3, apart))

    assert found.answers_ == (0.5,) * 3
    assert found.expected_distance_.tolist() == [0, 0, 0]


def test_an_only_answer_is_the_best_and_says_nothing_of_itself():
    found = NearestAnswer().fit(distances_between([{"a": 0.5}], apart))

    assert found.answers_ == (0.5,)
    assert np.isnan(found.expected_distance_[0])
    assert np.isfinite(found.error_).all()


def test_order_and_names_of_annotators_do_not_matter():
    answers, _ = simulated()
    renamed = [{f"{ord('z') - ord(name[0])}": value for name, value in reversed(task.items())} for task in answers]

    one, other = (NearestAnswer().fit(distances_between(given, apart)) for given in (answers, renamed))

    assert one.answers_ == other.answers_
    np.testing.assert_allclose(one.error_, other.error_[::-1], atol=1e-12)


def test_the_same_answers_give_the_same_and_stay_as_they_are():
    given = distances_between(simulated()[0], apart)
    before = given.apart.copy()

    assert NearestAnswer().fit(given).error_.tobytes() == NearestAnswer().fit(given).error_.tobytes()
    assert (given.apart == before).all()


def test_level_answers_are_decided_by_value():
    assert NearestAnswer().fit(distances_between([{"a": 0.75, "b": 0.25}], apart)).answers_ == (0.25,)


def test_a_medoid_is_drawn_to_the_answer_that_counts_more():
    def distance(one: object, other: object) -> float:
        return float(one != other)

    alike = medoid(["x", "y", "y"], distance)
    weighted = medoid(["x", "y", "y"], distance, weights=[3, 1, 1])

    assert (alike.index, weighted.index) == (1, 0)
    assert (alike.agreement, weighted.agreement) == (0.5, pytest.approx(0))


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, float("nan")], [1.0, -1.0]])
def test_weights_that_are_none_are_refused(weights: list[float]):
    with pytest.raises(VotesError, match="2 numbers above 0"):
        medoid([1, 2], lambda a, b: float(a != b), weights=weights)


@pytest.mark.parametrize(("answers", "said"), [([], "no answers"), ([{"a": 0.1}, {}], "task 1 has no answers")])
def test_what_cannot_be_used_is_said(answers: Given, said: str):
    with pytest.raises(VotesError, match=said):
        distances_between(answers, apart)


@pytest.mark.parametrize("distance", [-0.1, 1.1, float("nan")])
def test_a_distance_outside_of_its_range_is_refused(distance: float):
    with pytest.raises(VotesError, match="outside of 0 to 1"):
        distances_between([{"a": 0.1, "b": 0.2}], lambda a, b: distance + 0 * (a + b))
