"""The laws of aggregators, run on every plugin found."""

import contextlib
import time
import tracemalloc
from functools import cache

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldsmith.errors import VotesError
from goldsmith.quality.aggregators.majority import Majority
from goldsmith.quality.consensus import Aggregator, Consensus, RatedConsensus, SkilledConsensus, aggregators
from goldsmith.quality.votes import Votes

Row = tuple[str, str, str]
EVERY_AGGREGATOR = pytest.mark.parametrize(
    "method", [kind() for kind in aggregators().values()], ids=list(aggregators())
)
CLASSES = ["w", "x", "y", "z"]
ROWS = st.lists(
    st.tuples(st.sampled_from("123456789"), st.sampled_from("abcdef"), st.sampled_from(CLASSES)),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[:2],
)
without_deadline = settings(deadline=None, max_examples=30)  # the first example compiles


def votes_of(rows: list[Row]) -> Votes:
    return Votes.from_columns(*zip(*rows, strict=True), classes=CLASSES)


def assert_equal(one: Consensus, other: Consensus) -> None:
    np.testing.assert_allclose(one.posterior_, other.posterior_, atol=1e-6)
    np.testing.assert_allclose(one.prior_, other.prior_, atol=1e-6)
    assert one.labels_.tolist() == other.labels_.tolist()


@EVERY_AGGREGATOR
@without_deadline
@given(rows=ROWS)
def test_rows_are_distributions_and_labels_their_modes(method: Aggregator, rows: list[Row]):
    votes = votes_of(rows)

    found = method.fit(votes)

    assert found.posterior_.shape == (votes.n_tasks, len(CLASSES))
    assert found.posterior_.min() >= 0
    np.testing.assert_allclose(found.posterior_.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found.prior_.sum(), 1, atol=1e-12)
    chosen = found.posterior_[np.arange(votes.n_tasks), found.labels_]
    np.testing.assert_allclose(chosen, found.posterior_.max(axis=1), atol=1e-8)
    if isinstance(found, SkilledConsensus):
        np.testing.assert_allclose(found.confusion_.sum(axis=2), 1, atol=1e-12)
    if isinstance(found, RatedConsensus):
        assert found.skill_.shape == (votes.n_annotators,)
        assert np.isfinite(found.skill_).all()


@EVERY_AGGREGATOR
def test_labels_are_predicted_by_the_names_in_the_votes(method: Aggregator):
    votes = Votes.from_columns(list("bbaa"), list("xyxy"), ["yes", "yes", "no", "no"])

    found = method.fit(votes)

    assert found.predict() == method.fit_predict(votes) == ["no", "yes"]
    assert found.predict(["b", "a", "b"]) == ["yes", "no", "yes"]
    assert found.predict_proba(["b"]).tolist() == found.posterior_[1:].tolist()
    assert method.fit_predict_proba(votes).tolist() == found.posterior_.tolist()
    assert found.classes_ == ("no", "yes")
    with pytest.raises(VotesError, match="no votes on the task 'c'; there are on 'a'"):
        found.predict(["c"])


@EVERY_AGGREGATOR
@without_deadline
@given(rows=ROWS, drawn=st.data())
def test_the_order_of_the_votes_does_not_matter(method: Aggregator, rows: list[Row], drawn: st.DataObject):
    shuffled = drawn.draw(st.permutations(rows))

    one, other = method.fit(votes_of(rows)), method.fit(votes_of(shuffled))

    assert one.posterior_.tolist() == other.posterior_.tolist()
    assert one.labels_.tolist() == other.labels_.tolist()


@EVERY_AGGREGATOR
@without_deadline
@given(rows=ROWS, drawn=st.data())
def test_the_names_of_the_annotators_do_not_matter(method: Aggregator, rows: list[Row], drawn: st.DataObject):
    names = dict(zip("abcdef", drawn.draw(st.permutations("abcdef")), strict=True))

    renamed = [(task, names[annotator], label) for task, annotator, label in rows]

    assert_equal(method.fit(votes_of(rows)), method.fit(votes_of(renamed)))


@EVERY_AGGREGATOR
@without_deadline
@given(rows=ROWS)
def test_the_names_of_the_classes_do_not_matter(method: Aggregator, rows: list[Row]):
    votes = votes_of(rows)
    backwards = Votes.from_columns(*zip(*rows, strict=True), classes=CLASSES[::-1])

    np.testing.assert_allclose(method.fit(votes).posterior_, method.fit(backwards).posterior_[:, ::-1], atol=1e-6)


@EVERY_AGGREGATOR
@without_deadline
@given(rows=ROWS)
def test_a_weight_of_one_is_no_weight(method: Aggregator, rows: list[Row]):
    weighted = Votes.from_columns(*zip(*rows, strict=True), classes=CLASSES, weights=[1.0] * len(rows))

    assert_equal(method.fit(votes_of(rows)), method.fit(weighted))


@EVERY_AGGREGATOR
def test_votes_with_more_weight_decide(method: Aggregator):
    columns = [f"t{task}" for task in range(9) for _ in "abc"], list("abc") * 9, ["x", "y", "y"] * 8 + ["x", "x", "y"]
    votes = Votes.from_columns(*columns, weights=[8.0, 0.5, 0.5] * 9)

    with contextlib.suppress(VotesError):  # for whom weights have no meaning refuses them
        assert [votes.classes[label] for label in method.fit(votes).labels_] == ["x"] * 9


@EVERY_AGGREGATOR
@without_deadline
@given(said=st.lists(st.sampled_from(CLASSES), min_size=1, max_size=12), n_annotators=st.integers(1, 6))
def test_what_everybody_says_about_every_task_is_the_consensus(method: Aggregator, said: list[str], n_annotators: int):
    rows = [(f"t{task:02}", f"a{i}", label) for task, label in enumerate(said) for i in range(n_annotators)]
    votes = votes_of(rows)

    assert [votes.classes[label] for label in method.fit(votes).labels_] == said


@EVERY_AGGREGATOR
@without_deadline
@given(rows=ROWS, seed=st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_result(method: Aggregator, rows: list[Row], seed: int):
    seeded = msgspec.structs.replace(method, seed=seed)

    one, other = seeded.fit(votes_of(rows)), seeded.fit(votes_of(rows))

    assert one.posterior_.tobytes() == other.posterior_.tobytes()
    assert one.labels_.tobytes() == other.labels_.tobytes()


@EVERY_AGGREGATOR
@without_deadline
@given(rows=ROWS)
def test_votes_are_left_as_they_were(method: Aggregator, rows: list[Row]):
    votes, fresh = votes_of(rows), votes_of(rows)

    method.fit(votes)

    for name in ("task", "annotator", "label", "starts"):
        assert getattr(votes, name).tobytes() == getattr(fresh, name).tobytes()


@EVERY_AGGREGATOR
def test_its_parameters_round_trip_on_the_wire(method: Aggregator):
    assert msgspec.json.decode(msgspec.json.encode(method), type=type(method)) == method


@EVERY_AGGREGATOR
def test_where_there_is_one_class_it_is_the_consensus(method: Aggregator):
    found = method.fit(Votes.from_columns(list("ttuv"), list("abac"), ["x"] * 4))

    assert found.labels_.tolist() == [0, 0, 0]
    assert found.posterior_.tolist() == [[1.0], [1.0], [1.0]]
    assert found.prior_.tolist() == [1.0]


@EVERY_AGGREGATOR
@without_deadline
@given(turns=st.lists(st.booleans(), min_size=1, max_size=12))
def test_ties_on_every_task_are_ties(method: Aggregator, turns: list[bool]):
    rows = [(f"t{i:02}", "ab"[turn ^ who], "xy"[who]) for i, turn in enumerate(turns) for who in (False, True)]

    found = method.fit(votes_of(rows))

    assert np.isfinite(found.posterior_).all()
    assert {CLASSES[label] for label in found.labels_} <= {"x", "y"}


@EVERY_AGGREGATOR
def test_two_thousand_votes_on_one_task_do_not_underflow(method: Aggregator):
    n = 2000
    labels = ["x"] * (n // 2 + 100) + ["y"] * (n // 2 - 100)

    found = method.fit(Votes.from_columns(["t"] * n, [f"a{i}" for i in range(n)], labels))

    assert found.labels_.tolist() == [0]
    assert np.isfinite(found.posterior_).all()


@cache
def planted(*skills: float, n_tasks: int = 240) -> tuple[Votes, np.ndarray]:
    """Votes by an annotator of each skill: one answers rightly with it, wrongly with 1 - it; below 0 always class 0."""
    rng = np.random.default_rng(11)
    truth = rng.integers(0, 3, n_tasks)
    wrong = (truth[:, np.newaxis] + rng.integers(1, 3, (n_tasks, len(skills)))) % 3
    said = np.where(rng.random(wrong.shape) < np.array(skills), truth[:, np.newaxis], wrong)
    said[:, np.array(skills) < 0] = 0
    task, annotator = np.indices(said.shape).reshape(2, -1)
    return Votes.from_columns(task, annotator, said.ravel()), truth


@EVERY_AGGREGATOR
@pytest.mark.parametrize(
    "skills",
    [
        pytest.param((0.9, 0.85, 0.8, 0.8, 0.75, 0.0, 0.05), id="two who are always wrong"),
        pytest.param((0.9, 0.85, 0.8, 0.8, 0.75, -1, -1), id="two who always answer class 0"),
        pytest.param((0.9, 0.85, 0.8, 0.8, 0.75, 1 / 3, 1 / 3, 1 / 3), id="three who guess"),
        pytest.param((0.8, 0.7, 0.75, 0.7, 0.65), id="five of like skill"),
    ],
)
def test_it_is_about_as_right_as_the_majority_or_more(method: Aggregator, skills: tuple[float, ...]):
    votes, truth = planted(*skills)

    right = float(np.mean(method.fit(votes).labels_ == truth))

    assert right >= float(np.mean(Majority().fit(votes).labels_ == truth)) - 0.02


@cache
def votes_with_many_classes(n_tasks: int, n_classes: int) -> Votes:
    labels = np.random.default_rng(2).integers(0, n_classes, (n_tasks, 3))
    labels[:, 1] = labels[:, 0]
    task, annotator = np.indices(labels.shape).reshape(2, -1)
    return Votes.from_columns(task, annotator, labels.ravel(), classes=[str(name) for name in range(n_classes)])


@EVERY_AGGREGATOR
def test_a_hundred_thousand_classes_are_refused_or_no_trouble(method: Aggregator):
    votes = votes_with_many_classes(10, 100_000)
    tracemalloc.start()
    began = time.process_time()
    said_twice = votes.label[votes.annotator == 0]
    try:
        labels = method.fit(votes).labels_
    except VotesError:
        labels = said_twice
    peak, took = tracemalloc.get_traced_memory()[1], time.process_time() - began
    tracemalloc.stop()
    assert labels.tolist() == said_twice.tolist()
    assert peak < 500e6
    assert took < 5


@EVERY_AGGREGATOR
def test_what_would_not_fit_into_memory_is_refused(method: Aggregator):
    with pytest.raises(VotesError, match="too large"):
        method.fit(votes_with_many_classes(20_000, 20_000))
