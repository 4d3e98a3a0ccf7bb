"""Each aggregator against its own model: written out plainly, optimised by other means, or recovered from draws."""

import numpy as np
import pytest
from scipy.optimize import minimize

from goldsmith.errors import VotesError
from goldsmith.quality.aggregators.ebcc import EBCC
from goldsmith.quality.aggregators.fast_dawid_skene import FastDawidSkene
from goldsmith.quality.aggregators.glad import GLAD
from goldsmith.quality.aggregators.ibcc import IBCC
from goldsmith.quality.aggregators.kos import KOS
from goldsmith.quality.aggregators.m_msr import MMSR
from goldsmith.quality.aggregators.mace import MACE
from goldsmith.quality.aggregators.wawa import Wawa
from goldsmith.quality.votes import Votes


def one_coin_votes(*skills: float, n_tasks: int, n_classes: int = 3, seed: int = 0) -> tuple[Votes, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n_tasks)
    wrong = (truth[:, np.newaxis] + rng.integers(1, n_classes, (n_tasks, len(skills)))) % n_classes
    said = np.where(rng.random(wrong.shape) < np.array(skills), truth[:, np.newaxis], wrong)
    return votes_of_table(said), truth


def votes_of_table(said: np.ndarray) -> Votes:
    task, annotator = np.indices(said.shape).reshape(2, -1)
    return Votes.from_columns(task, annotator, said.ravel())


def right(labels: np.ndarray, truth: np.ndarray) -> float:
    return float(np.mean(labels == truth))


def test_fast_dawid_skene_is_its_paper_written_out():
    votes, _ = one_coin_votes(0.8, 0.7, 0.6, 0.5, n_tasks=90)
    found = FastDawidSkene().fit(votes)

    counts = votes.counts()
    taken = (counts == counts.max(axis=1, keepdims=True)).astype(float)
    taken /= taken.sum(axis=1, keepdims=True)
    for _ in range(found.n_iterations_):
        confusion = np.full((4, 3, 3), 0.0)
        for task, annotator, label in zip(votes.task, votes.annotator, votes.label, strict=True):
            confusion[annotator, :, label] += taken[task]
        confusion = np.maximum(confusion, 1e-10)
        confusion /= confusion.sum(axis=2, keepdims=True)
        posterior = np.tile(taken.mean(axis=0), (votes.n_tasks, 1))
        for task, annotator, label in zip(votes.task, votes.annotator, votes.label, strict=True):
            posterior[task] *= confusion[annotator, :, label]
        posterior /= posterior.sum(axis=1, keepdims=True)
        taken = np.eye(3)[posterior.argmax(axis=1)]
    np.testing.assert_allclose(found.posterior_, posterior, atol=1e-10)
    assert found.has_converged_
    assert found.n_iterations_ > 2


def test_glad_ends_where_another_optimiser_does():
    votes, _ = one_coin_votes(0.9, 0.7, 0.6, 0.4, 0.3, n_tasks=40)

    def loss(parameters: np.ndarray) -> float:
        ability, log_easiness = np.split(parameters, [5])
        product = (ability[votes.annotator] * np.exp(log_easiness)[votes.task]).reshape(40, 5, 1)
        is_right = votes.label.reshape(40, 5, 1) == np.arange(3)
        log_likelihood = np.where(is_right, -np.logaddexp(0, -product), -np.logaddexp(0, product) - np.log(2))
        by_task = np.logaddexp.reduce(log_likelihood.sum(axis=1), axis=1)
        return ((parameters - 1) ** 2).sum() / 2 - by_task.sum()

    best = minimize(loss, np.ones(45), method="L-BFGS-B", options={"maxfun": 100_000, "ftol": 1e-14})
    found = GLAD(tolerance=1e-12, max_iterations=5000).fit(votes)

    np.testing.assert_allclose(found.skill_, best.x[:5], atol=2e-3)


def test_mace_finds_how_often_each_annotator_looks():
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 3, 900)
    habits = rng.choice(3, (900, 5), p=[0.7, 0.2, 0.1])
    competence = np.array([0.9, 0.7, 0.5, 0.3, 0.0])
    said = np.where(rng.random((900, 5)) < competence, truth[:, np.newaxis], habits)

    found = MACE().fit(votes_of_table(said))

    np.testing.assert_allclose(found.skill_, competence, atol=0.07)
    assert right(found.labels_, truth) > 0.9


def test_mace_takes_the_best_of_its_starts_where_they_end_apart():
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 3, 40)
    competence = np.array([0.5, 0.3, 0.3, 0.2, 0.2])
    habits = np.column_stack([rng.choice(3, 40, p=rng.dirichlet(np.ones(3))) for _ in competence])
    said = np.where(rng.random((40, 5)) < competence, truth[:, np.newaxis], habits)

    found = MACE(tolerance=1e-7, max_iterations=500).fit(votes_of_table(said))

    assert right(found.labels_, truth) > 0.6, "one start ends at .47, with a lower bound"


def test_m_msr_finds_skills_and_who_is_against_the_truth():
    skills = (0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.1)
    votes, truth = one_coin_votes(*skills, n_tasks=3000, n_classes=2)

    found = MMSR().fit(votes)

    np.testing.assert_allclose(found.skill_, 2 * np.array(skills) - 1, atol=0.06)
    assert right(found.labels_, truth) > 0.94


def test_m_msr_is_robust_to_annotators_who_copy_each_others_errors():
    votes, truth = one_coin_votes(0.8, 0.8, 0.8, 0.75, 0.75, 0.75, 0.7, 0.5, 0.5, n_tasks=600)
    said = votes.label.reshape(600, 9).copy()
    said[:, 8] = said[:, 7]

    found = MMSR().fit(votes_of_table(said))

    assert right(found.labels_, truth) > 0.95
    assert found.skill_[7:].max() < found.skill_[:7].min()


def test_m_msr_compares_a_bounded_number_of_pairs_whatever_the_annotators_are_called():
    votes, truth = one_coin_votes(*np.linspace(0.3, 0.9, 150), n_tasks=40)
    names = np.random.default_rng(1).permutation(150)
    renamed = Votes.from_columns(votes.task.copy(), names[votes.annotator], votes.label.copy())

    one, other = MMSR().fit(votes), MMSR().fit(renamed)

    assert right(one.labels_, truth) == 1
    np.testing.assert_allclose(one.skill_, other.skill_[names], atol=1e-9)


def test_m_msr_refuses_weights():
    with pytest.raises(VotesError, match="no weights"):
        MMSR().fit(Votes.from_columns(list("tt"), list("ab"), list("xy"), weights=[1, 2]))


def test_kos_uses_annotators_who_are_wrong_and_is_not_led_by_busy_ones():
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 2, 400)
    said = np.where(rng.random((400, 9)) < 0.8, truth[:, np.newaxis], 1 - truth[:, np.newaxis])
    said[:, 0] = 1 - said[:, 0]
    busy = rng.integers(0, 2, (400, 1)).repeat(2, axis=1)  # two who answer all tasks alike, by chance
    task, annotator = np.nonzero(rng.random((400, 9)) < 0.4)
    tasks = np.concatenate([task, np.arange(400).repeat(2)])
    annotators = np.concatenate([annotator, np.tile([9, 10], 400)])
    votes = Votes.from_columns(tasks, annotators, np.concatenate([said[task, annotator], busy.ravel()]))

    found = KOS().fit(votes)

    assert found.skill_[0] < 0
    assert right(found.labels_, truth) > 0.5


def test_wawa_weighs_by_agreement_with_the_majority():
    votes = Votes.from_columns(list("aaabbbccc"), list("xyzxyzxyz"), list("001110001"))

    assert Wawa().fit(votes).skill_.tolist() == pytest.approx([1, 1, 0])
    assert Wawa(chance=1).fit(votes).skill_.tolist() == pytest.approx([0.5, 0.5, 0])
    assert Wawa().fit(votes).labels_.tolist() == [0, 1, 0]


def test_a_task_whose_annotators_weigh_nothing_keeps_its_shares():
    said = ["0", "0", "1"] * 4
    votes = Votes.from_columns([*list("aaabbbcccddd"), "e"], [*list("xyz") * 4, "z"], [*said, "1"])

    found = Wawa(chance=2).fit(votes)

    assert found.skill_[2] == 0
    assert found.posterior_[-1].tolist() == [0, 1]


def test_ebcc_counts_errors_that_are_made_together_once():
    rng = np.random.default_rng(7)
    truth = rng.integers(0, 2, 2000)
    is_hard = (truth == 0) & (rng.random(2000) < 0.5)
    crowd = np.where(is_hard, 1, truth)[:, np.newaxis]  # all but the last three take the hard zeros for ones
    said = np.concatenate([np.repeat(crowd, 5, axis=1), np.repeat(truth[:, np.newaxis], 3, axis=1)], axis=1)
    said = np.where(rng.random(said.shape) < 0.15, 1 - said, said)
    votes = votes_of_table(said)

    assert right(EBCC().fit(votes).labels_, truth) > right(IBCC().fit(votes).labels_, truth) + 0.02
