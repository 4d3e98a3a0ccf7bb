"""Inferring a project: the consensus and, by question, how good it is."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest

from goldsmith.labeling.handover import Answer, Inferred, KnownAnswer, Measured
from goldsmith.quality.assay import assay
from goldsmith.quality.routing import Routing
from goldsmith.quality.routing.judges import Judge
from goldsmith.quality.votes import Votes
from goldsmith.worker.computing import infer
from goldsmith.worker.frames import read_frames, write_frames
from goldsmith.worker.inferring.classes import cross_calibrated

CLASSES = ("good", "bad", "neither")
QUESTION = {
    "type": "choice",
    "name": "mood",
    "label": "How does it sound?",
    "options": [{"value": value, "label": value.title()} for value in CLASSES],
}
N_ITEMS = 200


class Silence:
    """Hears progress and says nothing."""

    def report(self, done: int, total: int | None, message: str) -> None:
        """Hear it."""


def crowd(accuracies: Mapping[str, float], *, n_items: int = N_ITEMS, seed: int = 0, copies: Mapping[str, str] = {}):
    """The answers of a crowd to items of known classes, and these; `copies` repeat what another one answers."""
    rng = np.random.default_rng(seed)
    truth = {f"item-{i:03}": str(rng.choice(CLASSES)) for i in range(n_items)}
    answers: list[Answer] = []
    for i, (item, label) in enumerate(truth.items()):
        said: dict[str, str] = {}
        for name, accuracy in accuracies.items():
            wrong = [one for one in CLASSES if one != label]
            said[name] = label if rng.random() < accuracy else str(rng.choice(wrong))
        said |= {name: said[original] for name, original in copies.items()}
        for name, value in said.items():
            slow = 9000 if name == "slow" else 3000
            at = 1_760_000_000_000_000 + i * 60_000_000
            answers.append(Answer(f"id of {item}", item, name, json.dumps({"mood": value}), at, slow + i))
    return answers, truth


@pytest.fixture
def inferred(tmp_path: Path) -> Callable[..., tuple[dict[str, Inferred], Measured]]:
    """Infers answers, given what is known."""

    def run(answers: list[Answer], *, gold=None, audit=None, question=QUESTION, **others):
        known = [KnownAnswer(item, "given", json.dumps({"mood": label})) for item, label in (gold or {}).items()]
        known += [KnownAnswer(item, "audit", json.dumps({"mood": label})) for item, label in (audit or {}).items()]
        write_frames(tmp_path / "answers", answers)
        write_frames(tmp_path / "known", known)
        names = sorted({one.annotator_id for one in answers})
        kinds = [{"id": n, "kind": "model" if "model" in n else "person", "name": n, "version": None} for n in names]
        parameters = {
            "schema": {"fields": [{"name": "text", "type": "text"}], "questions": [question]},
            **{name: str(tmp_path / name) for name in ("answers", "known", "inferred")},
            "annotators": kinds,
            "target_confidence": 0.95,
            "overlap": 2,
            "n_items": N_ITEMS,
            "n_people_answers": len(answers),
            **others,
        }
        result = infer.run(parameters, Silence())
        rows = [one for of_item in read_frames(tmp_path / "inferred", list[Inferred]) for one in of_item]
        return {one.item_id: one for one in rows}, msgspec.convert(result["measured"], Measured)

    return run


SOUND = {"ann": 0.9, "bob": 0.85, "cy": 0.8, "slow": 0.85}


def first(truth: dict[str, str], n: int, start: int = 0) -> dict[str, str]:
    return dict([*truth.items()][start : start + n])


def test_reliability_is_measured_on_the_audit_sample_and_says_so(inferred):
    answers, truth = crowd(SOUND)
    _, measured = inferred(answers, gold=first(truth, 40), audit=first(truth, 60, start=40))
    (quality,) = measured.quality
    found = quality.reliability
    assert (found.source, found.n, sum(one.n for one in found.bins)) == ("audit", 60, 60)
    accuracy = next(one for one in found.measures if one.name == "accuracy")
    assert accuracy.low < accuracy.value < accuracy.high
    assert accuracy.value > 0.85
    assert quality.n_gold == 40
    assert "calibrated on 40 known answers" in quality.calibration


def test_without_an_audit_the_gold_measures_and_too_little_gold_does_not(inferred):
    answers, truth = crowd(SOUND)
    _, measured = inferred(answers, gold=first(truth, 40))
    assert (measured.quality[0].reliability.source, measured.quality[0].reliability.n) == ("gold", 40)
    _, measured = inferred(answers, gold=first(truth, 19))
    found = measured.quality[0].reliability
    assert (found.source, found.bins, found.measures) == (None, [], [])
    assert "19 known answers are too few" in found.note


def test_what_measures_confidence_did_not_calibrate_it(inferred):
    """Gold that is right by chance alone calibrates labels down; each fifth is measured by the other four."""
    answers, truth = crowd(SOUND)
    rng = np.random.default_rng(1)
    noise = {item: str(rng.choice(CLASSES)) for item in truth}
    _, measured = inferred(answers, gold=noise)
    ece = next(one for one in measured.quality[0].reliability.measures if one.name == "expected-calibration-error")
    assert 0.0 < ece.value < 0.15


def test_the_label_of_a_gold_item_has_no_say_in_its_own_confidence():
    answers, truth = crowd(SOUND)
    labels = [json.loads(one.answers)["mood"] for one in answers]
    votes = Votes.from_columns([one.external_id for one in answers], [one.annotator_id for one in answers], labels)
    found = assay(votes)
    known = votes.codes_of(first(truth, 40))
    other = known.copy()
    other[0] = (known[0] + 1) % 3
    before, after = cross_calibrated(found, known), cross_calibrated(found, other)
    assert (before[0] == after[0]).all()
    assert (before[:40] != after[:40]).any()


def test_skills_are_told_with_intervals_and_a_spammer_is_named(inferred):
    answers, truth = crowd({**SOUND, "spam": 1 / 3})
    _, measured = inferred(answers, gold=first(truth, 60))
    rows = {one.annotator.name: one for one in measured.quality[0].annotators}
    assert all(one.low < one.accuracy < one.high for one in rows.values())
    assert rows["ann"].n_gold == 60
    assert rows["ann"].is_by_gold
    assert rows["spam"].is_warning
    assert "do not depend" in rows["spam"].verdict
    assert not rows["ann"].is_warning
    assert (rows["slow"].median_s > 9, rows["ann"].median_s < 4) == (True, True)
    assert [len(row) for row in rows["ann"].confusion] == [3, 3, 3]


def test_nothing_is_said_of_how_a_class_is_answered_that_has_hardly_been_met(inferred):
    answers = [
        Answer(f"id of item-{i}", f"item-{i}", "ann", json.dumps({"mood": "good"}), 1_760_000_000_000_000 + i, 3000)
        for i in range(2)
    ]
    _, measured = inferred(answers)
    (quality,) = measured.quality
    place = quality.classes.index("good")
    for matrix in (quality.confusion, quality.annotators[0].confusion):
        assert matrix[place][place] == 1.0
        assert [row for i, row in enumerate(matrix) if i != place] == [[None] * 3] * 2


def test_two_copies_of_one_model_are_named_and_count_once(inferred):
    accuracies = {"ann": 0.9, "bob": 0.9, "cy": 0.9, "model a": 0.6}
    alone, truth = crowd(accuracies)
    doubled, _ = crowd(accuracies, copies={"model b": "model a", "model c": "model a"})
    gold = first(truth, 120)
    _, measured = inferred(doubled, gold=gold)
    rows = {one.annotator.name: one for one in measured.quality[0].annotators}
    assert set(rows["model a"].alike) == {"model b", "model c"}
    assert rows["ann"].alike == []
    found, _ = inferred(doubled, gold=gold)
    expected, _ = inferred(alone, gold=gold)
    same = [found[item].value == expected[item].value for item in expected]
    assert np.mean(same) > 0.98


def test_suspects_are_gold_first_then_what_is_disputed_with_who_said_what(inferred):
    answers, truth = crowd({**SOUND, "model": 0.8})
    gold = first(truth, 60)
    (wrong, right) = next(iter(gold.items()))
    gold[wrong] = next(label for label in CLASSES if label != right)
    _, measured = inferred(answers, gold=gold)
    suspects = measured.quality[0].suspects
    assert (suspects[0].external_id, suspects[0].reason, suspects[0].suggested) == (wrong, "gold", right)
    assert {one.annotator.name for one in suspects[0].said} == {*SOUND, "model"}
    assert {one.reason for one in suspects} <= {"gold", "models", "contested", "answer"}
    assert len({one.item_id for one in suspects}) == len(suspects)
    disputed = [one.probability for one in suspects if one.reason in ("models", "contested")]
    assert disputed == sorted(disputed)
    assert len(disputed) > 5
    by_model = [one for one in suspects if one.reason == "models"]
    assert len(by_model) > 2
    for one in by_model:
        (said,) = (said.label for said in one.said if said.annotator.kind == "model")
        assert said != one.label


def test_the_plan_starts_today_and_more_answers_bring_more(inferred):
    answers, _ = crowd({"ann": 0.8, "bob": 0.75, "cy": 0.7})
    _, measured = inferred(answers, max_overlap=9)
    points = measured.plan
    assert points[0].n_answers == len(answers)
    assert points[0].low < measured.quality[0].expected_accuracy < points[0].high
    assert points[-1].accuracy > points[0].accuracy + 0.02
    assert all(one.low <= one.accuracy <= one.high for one in points)
    counts = [one.n_answers for one in points]
    assert counts == sorted(set(counts))


def test_items_that_more_answers_do_not_settle_are_contested_when_the_policy_asks_for_more(inferred):
    even = {f"name {i}": 0.55 for i in range(6)}
    answers, _ = crowd(even)
    found, _ = inferred(answers, max_overlap=6)  # all have the most answers there may be
    assert all(one.is_contested == (one.confidence < 0.95) for one in found.values())
    found, _ = inferred(answers, max_overlap=None)
    assert all(one.is_contested == (one.confidence < 0.5) for one in found.values())


def test_the_packed_model_judges_an_item_as_the_inference_does(inferred):
    answers, _ = crowd(SOUND)
    found, measured = inferred(answers)
    judge = Judge.unpacked(msgspec.json.decode(msgspec.json.encode(measured.live_models["mood"])))
    votes: dict[str, list[tuple[str, str]]] = {}
    for one in answers:
        votes.setdefault(one.item_id, []).append((one.annotator_id, json.loads(one.answers)["mood"]))
    judged = {item: judge.judge(said, Routing()) for item, said in votes.items()}
    assert [judged[item].label for item in found] == [json.loads(one.value) for one in found.values()]
    assert max(abs(judged[item].confidence - one.confidence) for item, one in found.items()) < 0.01


def test_items_that_all_agree_on_one_class_are_as_sure_as_the_other_options_allow(inferred):
    answers = [
        Answer(f"i{i}", f"i{i}", name, '{"mood":"good"}', i, 1000) for i in range(50) for name in ("ann", "bob", "cy")
    ]
    found, measured = inferred(answers)
    assert {json.loads(one.value) for one in found.values()} == {"good"}
    assert all(0.8 < one.confidence < 1 for one in found.values())
    assert measured.quality[0].classes == sorted(CLASSES)
    assert measured.quality[0].suspects == []
    alone = {**QUESTION, "options": QUESTION["options"][:1]}
    found, measured = inferred(answers, question=alone)
    assert {one.confidence for one in found.values()} == {None}  # nothing else could be answered
    assert measured.quality[0].expected_accuracy is None


def test_answers_of_a_single_annotator_have_no_plan_and_no_model(inferred):
    answers, _ = crowd({"ann": 0.9})
    found, measured = inferred(answers)
    assert measured.plan == []
    assert "two answers" in measured.plan_note
    assert measured.live_models == {}
    assert {one.confidence for one in found.values()} == {None}
    assert measured.quality[0].expected_accuracy is None


def test_answers_without_classes_tell_how_near_each_annotator_is_to_the_best(inferred):
    rng = np.random.default_rng(3)
    question = {
        "type": "spans",
        "name": "mood",
        "label": "?",
        "field": "text",
        "labels": [{"value": "x", "label": "X"}],
    }
    answers = []
    for i in range(60):
        start = int(rng.integers(0, 40))
        for name, off in (("near", 0), ("close", 1), ("far", 12)):
            shift = int(rng.integers(-off, off + 1))
            span = {"start": start + shift + 20, "end": start + shift + 40, "label": "x"}
            answers.append(Answer(f"i{i}", f"i{i}", name, json.dumps({"mood": [span]}), i, 1000))
    _, measured = inferred(answers, question=question)
    (quality,) = measured.quality
    rows = {one.annotator.name: one for one in quality.annotators}
    assert quality.kind == "distance"
    assert rows["near"].accuracy > rows["far"].accuracy + 0.1
    assert quality.expected_accuracy is None
