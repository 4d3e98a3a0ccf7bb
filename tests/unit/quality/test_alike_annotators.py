from dataclasses import replace

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.aggregators.dawid_skene import DawidSkene
from goldsmith.quality.annotators import Alikes, alike_annotators, beliefs, independent_weights
from goldsmith.quality.annotators.collusion import discovered
from goldsmith.quality.votes import Votes

PRIORS = {"balanced": (0.25, 0.25, 0.25, 0.25), "imbalanced": (0.85, 0.1, 0.05)}


def drawn_votes(prior: tuple[float, ...], *, seed: int, n_copies: int, hardness: float = 1.0) -> tuple[Votes, dict]:
    """400 tasks, some misleading, five answers each by 20 people; `n_copies` of one program answer all of them."""
    drawn, k, n = np.random.default_rng(seed), len(prior), 400
    truth = drawn.choice(k, size=n, p=prior)
    matrices = np.empty((21, k, k))
    for a in range(21):
        for c in range(k):
            right = drawn.beta(6, 2)
            matrices[a, c] = np.insert(drawn.dirichlet(np.ones(k - 1)) * (1 - right), c, right)
    rows: list[tuple[str, str, str]] = []
    for t in range(n):
        misleading = np.ones(k)
        misleading[drawn.choice([c for c in range(k) if c != truth[t]])] = np.exp(abs(drawn.normal(0, hardness)))
        chances = matrices[:, truth[t]] * misleading
        chances /= chances.sum(axis=1, keepdims=True)
        people = drawn.choice(20, size=5, replace=False)
        rows += [(f"{t:03}", f"person {a:02}", str(drawn.choice(k, p=chances[a]))) for a in people]
        said = str(drawn.choice(k, p=chances[20]))
        rows += [(f"{t:03}", f"program {copy}", said) for copy in range(n_copies)]
    columns = ([row[i] for row in rows] for i in range(3))
    votes = Votes.from_columns(*columns, classes=[str(c) for c in range(k)])
    return votes, {f"{t:03}": str(truth[t]) for t in range(n)}


def named(votes: Votes, found: Alikes) -> set[tuple[str, str]]:
    return {(votes.annotator_names[pair.first], votes.annotator_names[pair.second]) for pair in found.pairs_}


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_two_copies_of_one_program_are_found_and_strangers_are_not(prior: tuple[float, ...]):
    n_false = 0
    for seed in range(6):
        votes, gold = drawn_votes(prior, seed=seed, n_copies=2)
        found = alike_annotators(votes, beliefs(votes, gold=gold))
        pairs = named(votes, found)
        assert ("program 0", "program 1") in pairs
        assert found.pairs_[0].excess == pytest.approx(1)
        n_false += len(pairs) - 1
        assert found.n_compared_ > 150

    assert n_false <= 1, "of thousands of pairs of people, on tasks that mislead them together"


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_nobody_is_named_where_nobody_copies(prior: tuple[float, ...]):
    for seed in range(4):
        votes, gold = drawn_votes(prior, seed=seed, n_copies=0, hardness=2.0)
        consensus = DawidSkene().fit(votes)
        some = dict(list(gold.items())[:100])
        assert len(alike_annotators(votes, beliefs(votes, gold=gold)).pairs_) <= 1
        assert len(alike_annotators(votes, beliefs(votes, consensus=consensus)).pairs_) <= 1
        assert len(alike_annotators(votes, beliefs(votes, gold=some, consensus=consensus)).pairs_) <= 1


def test_people_whom_the_same_tasks_mislead_do_not_collude():
    drawn = np.random.default_rng(5)
    n, n_people = 150, 20
    is_hard = drawn.random(n) < 0.3
    rate = np.where(is_hard, 0.35, 0.95)  # three of ten tasks mislead most people
    rows = [(f"{t:03}", f"{a:02}", "0" if drawn.random() < rate[t] else "1") for t in range(n) for a in range(n_people)]
    columns = ([row[i] for row in rows] for i in range(3))
    votes = Votes.from_columns(*columns, classes=["0", "1", "2"])

    found = alike_annotators(votes, beliefs(votes, gold={f"{t:03}": "0" for t in range(n)}))

    assert found.n_compared_ == 190
    assert len(found.pairs_) <= 1


def test_a_hundred_gold_tasks_unmask_three_copies_and_the_consensus_gets_better():
    n_found, gains = 0, []
    for seed in range(4):
        votes, gold = drawn_votes(PRIORS["balanced"], seed=seed, n_copies=3)
        truth = np.array([int(gold[name]) for name in votes.task_names])
        fooled = DawidSkene().fit(votes)
        known = beliefs(votes, gold=dict(list(gold.items())[:100]), consensus=fooled)
        found = alike_annotators(votes, known)
        if ("program 0", "program 2") in named(votes, found):
            n_found += 1
            weights = independent_weights(votes, found.pairs_)
            is_copy = np.array([name.startswith("program") for name in votes.annotator_names])[votes.annotator]
            assert weights[is_copy] == pytest.approx(1 / 3)
            better = DawidSkene().fit(replace(votes, weight=weights))
            gains.append(np.mean(better.labels_ == truth) - np.mean(fooled.labels_ == truth))

    assert n_found >= 3
    assert np.mean(gains) > 0.05


def test_colluding_people_form_a_group():
    votes, gold = drawn_votes(PRIORS["balanced"], seed=4, n_copies=0)
    ring = {"person 00", "person 01", "person 02"}
    in_ring = np.array([name in ring for name in votes.annotator_names])[votes.annotator]
    said = np.random.default_rng(9).integers(0, 4, votes.n_tasks).astype(np.int32)
    right = np.array([int(gold[name]) for name in votes.task_names], np.int32)
    agreed = np.where(np.random.default_rng(8).random(votes.n_tasks) < 0.5, right, said)
    copied = replace(votes, label=np.where(in_ring, agreed[votes.task], votes.label))

    found = alike_annotators(copied, beliefs(copied, gold=gold))

    assert found.groups_ == ((0, 1, 2),)


def test_copies_form_one_group():
    votes, gold = drawn_votes(PRIORS["balanced"], seed=4, n_copies=3)

    found = alike_annotators(votes, beliefs(votes, gold=gold))

    assert found.groups_[0] == tuple(range(20, 23))


def test_few_answers_and_few_shared_tasks_give_no_suspicion():
    tasks = [str(t) for t in range(9)]
    votes = Votes.from_columns(tasks * 3, [name for name in "abc" for _ in tasks], ["1"] * 18 + ["0"] * 9)
    known = beliefs(votes, gold=dict.fromkeys(tasks, "0"))

    found = alike_annotators(votes, known, min_shared=2)

    assert (found.pairs_, found.groups_, found.n_compared_) == ((), (), 0)
    assert independent_weights(votes, found.pairs_).tolist() == [1.0] * 27
    with pytest.raises(VotesError, match="rate of false discoveries is 2"):
        alike_annotators(votes, known, false_discovery_rate=2)


def test_discoveries_are_those_of_benjamini_and_hochberg():
    # The example of the paper, section 3.2: fifteen p-values, four of them discovered at 5%.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]

    found = discovered(np.array([*p_values, 0.7590, 1.0]), 0.05)

    assert np.count_nonzero(found) == 4
    assert not discovered(np.zeros(0), 0.05).any()
