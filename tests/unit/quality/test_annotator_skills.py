import doctest
import importlib
import pkgutil

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality import agreement, annotators, pairs
from goldsmith.quality.aggregators.dawid_skene import DawidSkene
from goldsmith.quality.annotators import Verdict, annotator_skills, beliefs, newcomer_of, per_vote, speeds
from goldsmith.quality.annotators.confusions import Confusions
from goldsmith.quality.votes import Votes

MODULES = [
    importlib.import_module(f"{package.__name__}.{one.name}")
    for package in (agreement, annotators)
    for one in pkgutil.iter_modules(package.__path__)
]
PRIORS = {"balanced": (0.25, 0.25, 0.25, 0.25), "imbalanced": (0.85, 0.1, 0.05)}


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def pool(prior: tuple[float, ...], *, seed: int, n_spammers: int = 0) -> tuple[Votes, dict[str, str], np.ndarray]:
    """500 tasks with five answers each by 30 annotators with matrices of their own; spammers come first."""
    drawn, k, n = rng(seed), len(prior), 500
    truth = drawn.choice(k, size=n, p=prior)
    matrices = np.empty((30, k, k))
    for a in range(30):
        for c in range(k):
            right = drawn.beta(6, 2)
            matrices[a, c] = np.insert(drawn.dirichlet(np.ones(k - 1)) * (1 - right), c, right)
    for a in range(n_spammers):
        matrices[a] = drawn.dirichlet(np.ones(k)) if a % 2 else np.eye(k)[a % k]
    who = np.array([drawn.choice(30, size=5, replace=False) for _ in range(n)])
    given = [[str(drawn.choice(k, p=matrices[a, truth[t]])) for a in who[t]] for t in range(n)]
    votes = Votes.from_columns(
        [f"{t:03}" for t in range(n) for _ in range(5)],
        [f"{a:02}" for a in who.ravel()],
        [label for row in given for label in row],
        classes=[str(c) for c in range(k)],
    )
    return votes, {f"{t:03}": str(truth[t]) for t in range(n)}, matrices


@pytest.mark.parametrize("module", [*MODULES, pairs], ids=lambda module: module.__name__)
def test_the_examples_run(module):
    assert not doctest.testmod(module, extraglobs={"np": np}).failed


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_intervals_on_gold_cover_what_they_say(prior: tuple[float, ...]):
    inside = cells = n = n_cells = 0
    for seed in range(8):
        votes, gold, matrices = pool(prior, seed=seed)
        found = annotator_skills(votes, gold=gold, rng=rng())
        truth = np.array(prior) @ np.einsum("akk->ka", matrices)
        inside += np.count_nonzero((found.accuracy_.low <= truth) & (truth <= found.accuracy_.high))
        n += truth.size
        is_met = ~np.isnan(found.confusion_.low)
        held = (found.confusion_.low <= matrices) & (matrices <= found.confusion_.high)
        cells += np.count_nonzero(held & is_met)
        n_cells += np.count_nonzero(is_met)

    # 240 accuracies and thousands of cells: three standard errors of the first are 4%.
    assert 0.91 <= inside / n <= 0.99
    assert 0.93 <= cells / n_cells <= 0.975


def test_without_gold_the_consensus_says_it_with_wider_intervals():
    inside = n = 0
    for seed in range(8):
        votes, gold, matrices = pool(PRIORS["balanced"], seed=seed)
        consensus = DawidSkene().fit(votes)
        found = annotator_skills(votes, consensus=consensus, rng=rng())
        truth = np.einsum("akk->a", matrices) / 4
        inside += np.count_nonzero((found.accuracy_.low <= truth) & (truth <= found.accuracy_.high))
        n += truth.size
        sure = annotator_skills(votes, gold=gold, rng=rng())
        assert np.mean(found.accuracy_.high - found.accuracy_.low) > np.mean(sure.accuracy_.high - sure.accuracy_.low)
        assert not found.is_by_gold_.any() and sure.is_by_gold_.all()

    assert 0.90 <= inside / n <= 0.99


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_planted_spammers_are_found_and_hardly_anybody_else(prior: tuple[float, ...]):
    n_found = n_false = 0
    for seed in range(8):
        votes, gold, _ = pool(prior, seed=seed, n_spammers=6)
        found = annotator_skills(votes, gold=gold, rng=rng())
        is_spammer = np.array([verdict is Verdict.SPAMMER for verdict in found.verdicts_])
        n_found += np.count_nonzero(is_spammer[:6])
        n_false += np.count_nonzero(is_spammer[6:])
        assert Verdict.SOUND in found.verdicts_[6:]

    assert n_found >= (44 if prior == PRIORS["balanced"] else 24), "of 48; a rare class is met by few of them"
    assert n_false <= 192 * 0.05


def test_who_swaps_two_classes_misleads_and_is_no_spammer():
    tasks = [f"{t:02}" for t in range(60)]
    gold = {task: "no" if t % 2 else "yes" for t, task in enumerate(tasks)}
    swapped = ["yes" if gold[task] == "no" else "no" for task in tasks]
    votes = Votes.from_columns(tasks * 2, ["liar"] * 60 + ["same"] * 60, swapped + ["yes"] * 60)

    found = annotator_skills(votes, gold=gold, rng=rng())

    assert found.verdicts_ == (Verdict.MISLEADING, Verdict.SPAMMER)
    assert found.spammer_score_.estimate.round(2).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("n_gold", "is_enough"), [(9, False), (10, True)])
def test_below_ten_gold_answers_there_is_no_verdict(n_gold: int, is_enough: bool):
    tasks = [f"{t:02}" for t in range(20)]
    labels = ["no", "yes"] * 10
    votes = Votes.from_columns(tasks, ["x"] * 20, labels)

    found = annotator_skills(votes, gold=dict(zip(tasks[:n_gold], labels, strict=False)), rng=rng())

    assert (found.verdicts_[0] is not Verdict.TOO_FEW) == is_enough
    assert found.n_gold_.tolist() == [n_gold]


@pytest.mark.parametrize(("n_answers", "is_enough"), [(29, False), (30, True)])
def test_below_thirty_answers_the_consensus_gives_no_verdict(n_answers: int, is_enough: bool):
    tasks = [f"{t:02}" for t in range(n_answers)]
    labels = [str(t % 2) for t in range(n_answers)]
    votes = Votes.from_columns(tasks * 3, [name for name in "abc" for _ in tasks], labels * 3)

    found = annotator_skills(votes, consensus=DawidSkene().fit(votes), rng=rng())

    assert all((verdict is not Verdict.TOO_FEW) == is_enough for verdict in found.verdicts_)


def test_one_class_met_says_nothing_of_spam():
    tasks = [f"{t:02}" for t in range(40)]
    votes = Votes.from_columns(tasks, ["x"] * 40, ["no"] * 40, classes=["no", "yes"])

    found = annotator_skills(votes, gold=dict.fromkeys(tasks, "no"), rng=rng())

    assert np.isnan(found.spammer_score_.estimate[0])
    assert found.verdicts_ == (Verdict.TOO_FEW,)
    assert np.isnan(found.confusion_.low[0, 1]).all()


def test_truth_that_cannot_be_used_is_refused():
    votes = Votes.from_columns(["a"], ["x"], ["no"])
    with pytest.raises(VotesError, match="nothing is known of the true classes"):
        beliefs(votes)
    with pytest.raises(VotesError, match="gold class 'yes' of task 'a' is not one of the classes"):
        beliefs(votes, gold={"a": "yes", "other": "maybe"})
    with pytest.raises(VotesError, match="the consensus has"):
        beliefs(votes, consensus=DawidSkene().fit(Votes.from_columns(["a"], ["x"], ["1"], classes=["1", "2"])))


def test_a_newcomer_is_worth_more_answers_where_the_pool_is_alike():
    drawn = rng()
    alike = drawn.multinomial(50, [0.8, 0.2], size=(40, 2)).astype(float)
    shares = drawn.beta(4, 1, size=(40, 2))
    apart = np.stack([drawn.binomial(50, shares), 50 - drawn.binomial(50, shares)], axis=2).astype(float)
    apart[:, :, 1] = 50 - apart[:, :, 0]

    same, other = (newcomer_of(Confusions(counts, np.zeros_like(counts))) for counts in (alike, apart))

    assert same.pseudo_counts.sum(axis=1).min() > 100
    assert other.pseudo_counts.sum(axis=1) == pytest.approx([5, 5], abs=2.5)
    assert other.shrunk(apart).sum(axis=2) == pytest.approx(np.ones((40, 2)))


def test_fast_answers_stand_out_only_against_a_pool():
    drawn = rng()
    names = [f"{a:02}" for a in range(20) for _ in range(12)]
    tasks = [f"{t:03}" for t in range(240)]
    votes = Votes.from_columns(tasks, names, ["0"] * 240)
    seconds = np.exp(drawn.normal(2, 0.5, 240))
    seconds[:12] = 0.4

    found = speeds(votes, seconds)

    assert found.is_far.tolist() == [True] + [False] * 19
    assert found.z[0] < 0
    assert found.median_s[5] == pytest.approx(np.median(seconds[60:72]))
    assert found.n_timed.tolist() == [12] * 20
    assert np.isnan(speeds(votes, np.full(240, 3.0)).z).all(), "all are equally fast"
    assert np.isnan(speeds(votes, np.full(240, np.nan)).median_s).all()
    with pytest.raises(VotesError, match=r"took 0\.0 s"):
        speeds(votes, np.zeros(240))
    with pytest.raises(VotesError, match="one for each vote"):
        speeds(votes, np.ones(3))


def test_values_find_their_votes_and_later_ones_count():
    votes = Votes.from_columns(["b", "a", "a"], ["x", "x", "y"], ["0", "0", "1"])

    found = per_vote(votes, ["b", "a", "z", "b"], ["x", "y", "x", "x"], np.array([1.0, 2.0, 3.0, 4.0]))

    np.testing.assert_array_equal(found, [np.nan, 2.0, 4.0])
    with pytest.raises(VotesError, match="1 tasks, 0 annotators"):
        per_vote(votes, ["a"], [], np.ones(1))
