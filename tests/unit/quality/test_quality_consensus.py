from dataclasses import replace

import msgspec
import numpy as np
import pytest

from goldsmith.quality import consensus
from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.aggregators.dawid_skene import DawidSkene
from goldsmith.quality.aggregators.majority import Majority
from goldsmith.quality.aggregators.pooled_dawid_skene import PooledDawidSkene
from goldsmith.quality.aggregators.wawa import Wawa
from goldsmith.quality.calibration import UNKNOWN
from goldsmith.quality.choosing import best_on_gold, suited_aggregator
from goldsmith.quality.consensus import aggregators
from goldsmith.quality.votes import Votes


def votes_of(*rows: str) -> Votes:
    """Rows such as `t1 ann yes`."""
    return Votes.from_columns(*zip(*(row.split() for row in rows), strict=True))


def test_the_methods_are_found():
    assert {"majority", "dawid-skene", "pooled-dawid-skene"} <= aggregators().keys()


def test_a_tie_goes_to_the_class_with_most_votes_on_all_tasks():
    votes = votes_of("t1 ann a", "t1 bob b", "t2 ann b", "t2 bob b")

    assert Majority().fit(votes).labels_.tolist() == [1, 1]
    assert Majority().fit(votes).posterior_.tolist() == [[0.5, 0.5], [0, 1]]


def test_ties_that_nothing_else_decides_are_spread_by_task_and_seed():
    tasks = [f"t{i}" for i in range(400)]
    votes = Votes.from_columns(tasks * 2, ["ann"] * 400 + ["bob"] * 400, ["a"] * 400 + ["b"] * 400)

    labels = Majority().fit(votes).labels_

    assert 150 < labels.sum() < 250
    assert labels.tolist() == Majority().fit(votes).labels_.tolist()
    assert labels.tolist() != Majority(seed=1).fit(votes).labels_.tolist()
    assert labels.tolist() == DawidSkene().fit(votes).labels_.tolist()


def planted(rng: np.random.Generator, *, n_tasks: int, skills: list[float]) -> tuple[Votes, list[str]]:
    truth = rng.integers(0, 3, n_tasks)
    rows = []
    for annotator, skill in enumerate(skills):
        for task in range(n_tasks):
            label = truth[task] if rng.random() < skill else (truth[task] + rng.integers(1, 3)) % 3
            rows.append((f"t{task:04}", f"a{annotator}", "xyz"[label]))
    return Votes.from_columns(*zip(*rows, strict=True)), ["xyz"[label] for label in truth]


def test_dawid_skene_finds_the_careful_annotators():
    votes, truth = planted(np.random.default_rng(3), n_tasks=600, skills=[0.95, 0.9, 0.4, 0.4, 0.4])

    found = DawidSkene().fit(votes)

    right = np.mean([votes.classes[label] == t for label, t in zip(found.labels_, truth, strict=True)])
    by_vote = np.mean([votes.classes[m] == t for m, t in zip(Majority().fit(votes).labels_, truth, strict=True)])
    assert right > by_vote + 0.1
    skills = found.confusion_.diagonal(axis1=1, axis2=2).mean(axis=1)
    assert skills == pytest.approx([0.95, 0.9, 0.4, 0.4, 0.4], abs=0.06)
    assert found.has_converged_


def test_dawid_skene_uses_an_annotator_who_swaps_two_classes():
    rng = np.random.default_rng(5)
    votes, truth = planted(rng, n_tasks=400, skills=[0.8, 0.8, 0.8, 1.0])
    swapped = votes.label.copy()
    swapped[votes.annotator == 3] = np.array([1, 0, 2])[swapped[votes.annotator == 3]]
    names = [votes.classes[label] for label in swapped]
    tasks = [votes.task_names[t] for t in votes.task]
    annotators = [votes.annotator_names[a] for a in votes.annotator]

    found = DawidSkene().fit(Votes.from_columns(tasks, annotators, names))

    assert np.mean([votes.classes[label] == t for label, t in zip(found.labels_, truth, strict=True)]) > 0.98
    assert found.confusion_[3].argmax(axis=1).tolist() == [1, 0, 2]


def test_the_bound_on_iterations_is_kept_and_said():
    votes, _ = planted(np.random.default_rng(1), n_tasks=50, skills=[0.7, 0.6, 0.5])

    found = DawidSkene(max_iterations=1).fit(votes)

    assert found.n_iterations_ == 1
    assert not found.has_converged_


def test_more_iterations_never_lower_the_joint_density():
    votes, _ = planted(np.random.default_rng(2), n_tasks=60, skills=[0.8, 0.6, 0.5, 0.4])
    method = DawidSkene(tolerance=0)

    densities = []
    for n in range(1, 15):
        found = msgspec.structs.replace(method, max_iterations=n).fit(votes)
        joint = np.log(found.prior_) + np.zeros((votes.n_tasks, 3))
        np.add.at(joint, votes.task, np.log(found.confusion_)[votes.annotator, :, votes.label])
        pseudo = np.full((3, 3), 1 / 3) + np.eye(3) * 2 / 3
        density = np.logaddexp.reduce(joint, axis=1).sum() + np.log(found.prior_).sum()
        densities.append(density + (pseudo * np.log(found.confusion_)).sum())

    assert np.diff(densities).min() > -1e-9


def test_a_class_nobody_votes_for_is_improbable_but_possible():
    found = DawidSkene().fit(Votes.from_columns(["t"] * 3, list("abc"), ["x"] * 3, classes=["x", "y"]))

    assert found.labels_.tolist() == [0]
    assert 0 < found.posterior_[0, 1] < 0.3


def test_two_thousand_votes_on_one_task_do_not_underflow():
    n = 2000
    votes = Votes.from_columns(["t"] * n, [f"a{i}" for i in range(n)], ["x"] * (n // 2 + 1) + ["y"] * (n // 2 - 1))

    found = DawidSkene().fit(votes)

    assert np.isfinite(found.posterior_).all()
    assert votes.classes[found.labels_[0]] == "x"


def thin_votes() -> Votes:
    """Two careful annotators on a set that is nearly all `x`, and a newcomer alone on the last task."""
    tasks = [f"t{i:02}" for i in range(40)]
    rows = [(task, name, "x" if i % 20 else "y") for i, task in enumerate(tasks) for name in ("ann", "bob")]
    return Votes.from_columns(*zip(*rows, ("u", "new", "z"), strict=True), classes=list("vwxyz"))


def test_a_newcomer_is_taken_for_an_average_annotator_when_pooled():
    votes = thin_votes()

    assert votes.classes[PooledDawidSkene().fit(votes).labels_[-1]] == "z"
    assert votes.classes[DawidSkene().fit(votes).labels_[-1]] == "x"


def test_votes_that_nobody_checked_are_counted_and_all_others_blended():
    assert suited_aggregator(thin_votes()) == (Auto(), "")
    assert suited_aggregator(votes_of("t ann a", "t bob b")) == (Auto(), "")
    assert suited_aggregator(votes_of("t ann a", "u bob b")).aggregator == Majority()


def test_too_many_classes_for_matrices_are_voted_on():
    votes = Votes.from_columns(list("aab"), list("xyx"), ["1", "1", "2"], classes=[str(one) for one in range(100_000)])

    found = suited_aggregator(votes, seed=3)

    assert found.aggregator == Wawa(chance=1.0, seed=3)
    assert "100,000 classes" in found.why
    assert [votes.classes[label] for label in found.aggregator.fit(votes).labels_] == ["1", "2"]


def test_matrices_have_room_where_votes_are_many_for_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(consensus, "SMALL_TABLE", 100)
    many = Votes.from_columns(["t"] * 20, np.arange(20), ["0"] * 20, classes=[str(one) for one in range(10)])

    assert consensus.has_room_for_matrices(many)
    monkeypatch.setattr(consensus, "MOST_PER_VOTE", 99)
    assert not consensus.has_room_for_matrices(many)


def test_gold_overrules_the_default_only_where_chance_does_not_explain_it():
    votes, truth = planted(np.random.default_rng(1), n_tasks=60, skills=[0.9, 0.9])
    known = votes.codes_of(dict(zip(votes.task_names, truth, strict=True)))
    right = replace(Majority().fit(votes), labels_=known)
    wrong = replace(right, labels_=(known + 1) % 3)
    nearly = replace(right, labels_=np.where(np.arange(60) < 3, wrong.labels_, known))

    assert best_on_gold([wrong, right], known) == 1
    assert best_on_gold([nearly, right], known) == 0
    few = np.where(np.arange(60) < 29, known, UNKNOWN)
    assert best_on_gold([wrong, right], few) == 0


@pytest.mark.parametrize(
    "parameters", [{"diagonal": 0}, {"off_diagonal": -1}, {"max_iterations": 0}, {"tolerance": -1}, {"tol": 1}]
)
def test_impossible_parameters_are_refused(parameters: dict[str, object]):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"method": "dawid-skene", **parameters}, DawidSkene)
