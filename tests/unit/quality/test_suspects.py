"""Suspects: wrong labels come first, with who said what; a classifier helps where it knows something."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.annotators import annotator_skills
from goldsmith.quality.assay import assay, skills_of
from goldsmith.quality.suspects import joined, label_errors, suspect_answers, suspect_labels
from goldsmith.quality.votes import Votes

NAMES = ("cat", "dog", "owl")


def made(n: int = 400, seed: int = 0) -> tuple[Votes, np.ndarray]:
    """Votes of twelve people, three a task, of whom three guess; and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)
    who = np.argsort(rng.random((n, 12)), axis=1)[:, :3]
    skill = np.where(np.arange(12) < 3, 1 / 3, 0.85)
    other = (truth[:, None] + rng.integers(1, 3, (n, 3))) % 3
    said = np.where(rng.random((n, 3)) < skill[who], truth[:, None], other)
    votes = Votes.from_columns(
        [f"t{task:03}" for task in np.repeat(np.arange(n), 3)],
        [f"a{one:02}" for one in who.ravel()],
        [NAMES[label] for label in said.ravel()],
        classes=NAMES,
    )
    return votes, truth


def corrupted(truth: np.ndarray, rng: np.random.Generator) -> tuple[dict[str, str], set[str]]:
    wrong = rng.choice(len(truth), len(truth) // 20, replace=False)
    label = truth.copy()
    label[wrong] = (label[wrong] + rng.integers(1, 3, len(wrong))) % 3
    return {f"t{task:03}": NAMES[one] for task, one in enumerate(label)}, {f"t{task:03}" for task in wrong}


def probabilities(truth: np.ndarray, signal: float, rng: np.random.Generator, *, sharpness: float = 1.0) -> np.ndarray:
    logits = rng.normal(size=(len(truth), 3))
    logits[np.arange(len(truth)), truth] += signal
    likely = np.exp(sharpness * logits)
    return likely / likely.sum(axis=1, keepdims=True)


def share_found(found, wrong: set[str]) -> float:
    return sum(one.task in wrong for one in found.ranked[: len(wrong)]) / len(wrong)


def test_wrong_labels_of_a_data_set_come_first():
    votes, truth = made()
    labels, wrong = corrupted(truth, np.random.default_rng(1))
    found = suspect_labels(votes, assay(votes).posterior, labels)
    assert share_found(found, wrong) > 0.55
    assert found.n_checked == 400
    scores = [one.score for one in found.ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(one.suggested != one.label for one in found.ranked)


def test_a_good_classifier_finds_more_and_one_that_guesses_does_no_harm():
    votes, truth = made()
    labels, wrong = corrupted(truth, np.random.default_rng(1))
    posterior = assay(votes).posterior
    alone = share_found(suspect_labels(votes, posterior, labels), wrong)
    good, guessing = (
        share_found(suspect_labels(votes, posterior, labels, probabilities=rows), wrong)
        for rows in (
            probabilities(truth, 3.0, np.random.default_rng(2), sharpness=3),
            probabilities(truth, 0.0, np.random.default_rng(2), sharpness=3),
        )
    )
    assert good > alone + 0.1
    assert guessing >= alone - 0.05


def test_a_classifier_that_says_nothing_changes_nothing():
    posterior = np.array([[0.7, 0.3], [0.2, 0.8]])
    assert joined(posterior, np.ones((2, 2))) == pytest.approx(posterior)


def test_labels_that_were_given_tell_that_the_crowd_is_misled_and_the_classifier_is_not():
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 800)
    said = np.where(rng.random(800) < 0.35, (truth + 1) % 3, truth)
    posterior = np.where(np.arange(3) == said[:, np.newaxis], 0.98, 0.01)
    rows = probabilities(truth, 2.5, rng, sharpness=2)
    label = truth.astype(np.int32)
    wrong = rng.choice(800, 40, replace=False)
    label[wrong] = (label[wrong] + rng.integers(1, 3, 40)) % 3
    alone, by_labels, by_votes = (
        label_errors(table, label) for table in (posterior, joined(posterior, rows, label), joined(posterior, rows))
    )
    found = [np.isin(np.argsort(-scores)[:40], wrong).mean() for scores in (alone, by_votes, by_labels)]
    assert found[2] > found[1] + 0.1
    assert found[2] > 0.78


def test_labels_that_come_from_the_votes_do_not_silence_the_classifier():
    votes, truth = made()
    posterior = assay(votes).posterior
    rows = probabilities(truth, 3.0, np.random.default_rng(2), sharpness=3)
    own = posterior.argmax(axis=1).astype(np.int32)
    is_wrong = own != truth
    n = int(is_wrong.sum())
    alone, together = (
        is_wrong[np.argsort(-label_errors(table, own))[:n]].mean()
        for table in (posterior, joined(posterior, rows, own))
    )
    assert together > alone + 0.1
    assert joined(posterior, rows, own) == pytest.approx(joined(posterior, rows))


def test_a_classifier_that_is_too_sure_is_held_back():
    votes, truth = made(n=600)
    posterior = assay(votes).posterior
    rows = probabilities(truth, 1.0, np.random.default_rng(3), sharpness=8)
    plain = posterior * np.maximum(rows, 1e-9)
    plain /= plain.sum(axis=1, keepdims=True)
    ours = joined(posterior, rows)
    loss = [-np.log(np.maximum(one[np.arange(600), truth], 1e-12)).mean() for one in (ours, posterior, plain)]
    assert loss[0] < min(loss[1:])


def test_the_evidence_names_who_said_what_how_good_they_are_and_which_models_disagree():
    votes, truth = made()
    labels, _ = corrupted(truth, np.random.default_rng(1))
    found = assay(votes)
    top = suspect_labels(votes, found.posterior, labels, skills=skills_of(found), models=["a05", "a07"]).ranked
    for one in top:
        task = votes.task_names.index(one.task)
        rows = votes.task == task
        assert {(said.annotator, said.label) for said in one.said} == {
            (votes.annotator_names[a], votes.classes[c])
            for a, c in zip(votes.annotator[rows], votes.label[rows], strict=True)
        }
        estimates = [said.skill.estimate for said in one.said]
        assert estimates == sorted(estimates, reverse=True)
        assert all(said.skill.low <= said.skill.estimate <= said.skill.high for said in one.said)
        models = [said for said in one.said if said.annotator in ("a05", "a07")]
        assert one.disagreeing_models == tuple(said.annotator for said in models if said.label != one.label)
        assert one.confidence == pytest.approx(found.posterior[task, votes.classes.index(one.suggested)])
    assert any(one.disagreeing_models for one in top)


def test_answers_of_people_who_guess_are_suspect():
    votes, truth = made()
    found = suspect_answers(votes, assay(votes).posterior, limit=60)
    right = {f"t{task:03}": NAMES[label] for task, label in enumerate(truth)}
    assert np.mean([one.label != right[one.task] for one in found.ranked]) > 0.85
    assert np.mean([one.annotator in ("a00", "a01", "a02") for one in found.ranked]) > 0.4
    assert found.n_checked == votes.n_votes
    assert 0 < found.n_contradicted < votes.n_votes


def test_an_answer_that_nobody_else_has_checked_is_not_judged():
    votes = Votes.from_columns(list("aab"), list("xyx"), list("010"))
    posterior = np.array([[0.5, 0.5], [0.4, 0.6]])
    found = suspect_answers(votes, posterior)
    assert {one.task for one in found.ranked} == {"a"}
    assert (found.n_checked, found.n_unchecked) == (2, 1)
    assert suspect_answers(votes, posterior, probabilities=np.full((2, 2), 0.5)).n_checked == 3


def test_labels_of_a_release_are_ranked_by_how_unsure_they_are():
    votes, _ = made()
    found = assay(votes)
    labels = dict(zip(votes.task_names, found.labels, strict=True))
    ranked = suspect_labels(votes, found.posterior, labels, limit=400)
    assert ranked.n_contradicted == 0
    assert [one.score for one in ranked.ranked] == pytest.approx(np.sort(1 - found.posterior.max(axis=1))[::-1])


def test_a_label_that_nobody_voted_for_says_so_and_tasks_without_votes_are_counted():
    votes = Votes.from_columns(list("aab"), list("xyx"), list("010"))
    found = suspect_labels(votes, np.array([[0.5, 0.5], [0.9, 0.1]]), {"a": "7", "b": "0", "c": "0"})
    first = found.ranked[0]
    assert (first.task, first.label, first.score) == ("a", "7", 1.0)
    assert "nobody voted" in first.note
    assert (found.n_checked, found.n_contradicted, found.n_unchecked) == (2, 1, 1)


def test_where_all_votes_are_for_one_class_nothing_else_is_suggested():
    votes = Votes.from_columns(list("aab"), list("xyx"), list("000"))
    (first, _) = suspect_labels(votes, np.ones((2, 1)), {"a": "0", "b": "0"}).ranked
    assert (first.suggested, first.score, first.confidence) == (None, 0.0, 0.0)


def test_without_skills_the_evidence_has_none():
    votes = Votes.from_columns(list("aa"), list("xy"), list("01"))
    posterior = np.array([[0.4, 0.6]])
    assert all(said.skill is None for said in suspect_answers(votes, posterior).ranked[0].said)
    skills = annotator_skills(votes, gold={"a": "1"}, rng=np.random.default_rng(0))
    shown = suspect_answers(votes, posterior, skills=skills).ranked[0].said
    assert [(said.annotator, said.skill.estimate) for said in shown] == [("y", 1.0), ("x", 0.0)]


def test_scores_are_missing_where_no_label_is_given():
    found = label_errors(np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]), np.array([-1, 0, -2], np.int32))
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx([0.8, 1.0])


def test_what_does_not_fit_is_refused():
    votes = Votes.from_columns(list("aab"), list("xyx"), list("010"))
    posterior = np.full((2, 2), 0.5)
    with pytest.raises(VotesError, match="none of the"):
        suspect_labels(votes, posterior, {"z": "0"})
    with pytest.raises(VotesError, match="does not fit"):
        suspect_answers(votes, posterior[:1])
    with pytest.raises(VotesError, match="do not fit"):
        joined(posterior, posterior[:1])
    for bad in (np.array([[0.0, 0.0], [0.5, 0.5]]), np.array([[np.nan, 1.0], [0.5, 0.5]]), posterior - 1):
        with pytest.raises(VotesError, match="no probabilities"):
            joined(posterior, bad)
