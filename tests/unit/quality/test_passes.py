import msgspec
import numpy as np
import pytest

from goldsmith.quality import passes
from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.aggregators.dawid_skene_ml import DawidSkeneML
from goldsmith.quality.aggregators.fast_dawid_skene import FastDawidSkene
from goldsmith.quality.passes import Chances, Passes
from goldsmith.quality.votes import Votes


def drawn(n_tasks: int, n_each: int, *, n_annotators: int = 7, n_classes: int = 3, weights: bool = False) -> Votes:
    rng = np.random.default_rng(n_each)
    task = np.repeat(np.arange(n_tasks), n_each)
    annotator = np.concatenate([rng.permutation(n_annotators)[:n_each] for _ in range(n_tasks)])
    label = rng.integers(0, n_classes, task.size)
    return Votes.from_columns(
        task,
        annotator,
        label,
        classes=[str(name) for name in range(n_classes)],
        weights=rng.uniform(0.2, 3, task.size) if weights else None,
    )


def written_out(votes: Votes, chances: Chances) -> tuple[np.ndarray, float, np.ndarray]:
    """Posterior, log-likelihood and counts of answers, by logarithms and plain sums."""
    weight = np.ones(votes.n_votes) if votes.weight is None else votes.weight
    with np.errstate(divide="ignore"):
        joint = np.tile(np.log(chances.prior), (votes.n_tasks, 1))
        logs = np.log(chances.answering)[votes.annotator, votes.label]
    np.add.at(joint, votes.task, weight[:, np.newaxis] * logs)
    totals = np.logaddexp.reduce(joint, axis=1)
    posterior = np.exp(joint - totals[:, np.newaxis])
    answers = np.zeros_like(chances.answering)
    np.add.at(answers, (votes.annotator, votes.label), weight[:, np.newaxis] * posterior[votes.task])
    return posterior, totals.sum(), answers


def drawn_chances(votes: Votes, n_columns: int, *, sharpness: float = 1.0) -> Chances:
    """Chances of which the least are tiny where sharpness is high."""
    rng = np.random.default_rng(5)
    answering = rng.random((votes.n_annotators, votes.n_classes, n_columns)) ** sharpness
    return Chances(rng.dirichlet(np.ones(n_columns)), answering / answering.sum(axis=1, keepdims=True))


def assert_as_written_out(votes: Votes, chances: Chances) -> None:
    posterior = np.full((votes.n_tasks, len(chances.prior)), np.nan)

    log_likelihood, counts = Passes(votes, posterior.shape[1]).update(chances, posterior)

    expected, total, answers = written_out(votes, chances)
    np.testing.assert_allclose(posterior, expected, atol=1e-12)
    np.testing.assert_allclose(log_likelihood, total, rtol=1e-12)
    np.testing.assert_allclose(counts.answers, answers, atol=1e-10)
    np.testing.assert_allclose(counts.classes, expected.sum(axis=0), atol=1e-10)


@pytest.mark.parametrize("weights", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("n_columns", [1, 3, 12])
def test_a_pass_is_bayes_rule_written_out(n_columns: int, weights: bool):
    votes = drawn(50, 4, weights=weights)

    assert_as_written_out(votes, drawn_chances(votes, n_columns))


@pytest.mark.parametrize("sharpness", [1.0, 20.0], ids=["chances that are alike", "chances down to nothing"])
@pytest.mark.parametrize("n_each", [40, 400, 3000])
def test_no_number_of_votes_on_a_task_underflows(n_each: int, sharpness: float):
    votes = drawn(3, n_each, n_annotators=n_each)

    assert_as_written_out(votes, drawn_chances(votes, 5, sharpness=sharpness))


@pytest.mark.parametrize("n_each", [4, 3000])
def test_a_class_that_cannot_be_is_not_however_many_vote(n_each: int):
    votes = drawn(3, n_each, n_annotators=n_each)
    chances = drawn_chances(votes, 3)
    possible = np.array([0.0, 0.4, 0.6])

    assert_as_written_out(votes, chances._replace(prior=possible))


def test_the_class_that_leads_may_change_after_hundreds_of_votes():
    n = 600
    votes = Votes.from_columns(["t"] * n, np.arange(n), np.arange(n) * 2 // n)
    answering = np.tile([[0.999, 1e-10], [1e-10, 0.9999]], (n, 1, 1)) / [1.0, 2.0]  # the second class wins in the end
    answering[n // 2 :, 1] = [1e-10, 0.9999]
    answering[: n // 2, 0] = [0.999, 2e-10]

    assert_as_written_out(votes, Chances(np.array([0.5, 0.5]), answering))


def test_chances_that_are_zero_for_all_classes_give_no_nonsense():
    votes = Votes.from_columns(["t", "u"], ["a", "a"], ["0", "1"])
    posterior = np.empty((2, 2))

    log_likelihood, _ = Passes(votes, 2).update(Chances(np.array([0.5, 0.5]), np.zeros((1, 2, 2))), posterior)

    assert posterior.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert np.isfinite(log_likelihood)


def test_counting_spreads_each_vote_by_the_posterior():
    votes = drawn(40, 3, weights=True)
    assert votes.weight is not None
    posterior = np.random.default_rng(1).dirichlet(np.ones(6), votes.n_tasks)
    answers = np.zeros((votes.n_annotators, 3, 6))
    np.add.at(answers, (votes.annotator, votes.label), votes.weight[:, np.newaxis] * posterior[votes.task])

    counts = Passes(votes, 6).count(posterior)

    np.testing.assert_allclose(counts.answers, answers, atol=1e-12)
    np.testing.assert_allclose(counts.classes, posterior.sum(axis=0), atol=1e-12)


@pytest.mark.parametrize("weights", [False, True], ids=["plain", "weighted"])
def test_parts_add_up_to_the_whole(monkeypatch: pytest.MonkeyPatch, weights: bool):
    monkeypatch.setattr(passes, "VOTES_PER_PART", 20)
    monkeypatch.setattr(passes, "VOTES_PER_ROW", 1)
    votes = drawn(50, 4, weights=weights)

    assert Passes(votes, 3).n_parts == 8
    assert_as_written_out(votes, drawn_chances(votes, 3))


@pytest.mark.parametrize("method", [DawidSkeneML(), FastDawidSkene(), Auto()], ids=lambda method: type(method).__name__)
def test_the_number_of_threads_changes_nothing(monkeypatch: pytest.MonkeyPatch, method: DawidSkeneML):
    monkeypatch.setattr(passes, "VOTES_PER_PART", 300)
    votes = drawn(600, 4)

    fits = [msgspec.structs.replace(method, n_threads=n).fit(votes) for n in (1, 2, 3, 8)]

    assert {found.posterior_.tobytes() for found in fits} == {fits[0].posterior_.tobytes()}
    assert {found.confusion_.tobytes() for found in fits} == {fits[0].confusion_.tobytes()}


def test_tables_are_few_where_annotators_are_many():
    thin = drawn(400, 4, n_annotators=40)

    assert Passes(thin, 3).n_parts == 1
