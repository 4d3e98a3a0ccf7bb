"""The law that disagreement counts: for every question type, through the inference that projects use."""

from itertools import combinations, groupby
from pathlib import Path
from typing import Any

import msgspec
import pytest

from goldsmith.tasks.questions import Question
from goldsmith.tasks.regions import Regions
from goldsmith.tasks.schemas import question_types
from goldsmith.tasks.types.choice import Choice
from goldsmith.tasks.types.rating import Rating
from tests.cases.answers import cases
from tests.laws.answer_changes import changes, keys_of, without_asides, words_of
from tests.laws.simulated_annotators import simulated

TYPES = question_types()
EVERY_TYPE = pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))
REGIONS = {name: kind for name, kind in TYPES.items() if issubclass(kind, Regions)}
CASES = cases()["answers"]
CLEARLY = 0.08


@EVERY_TYPE
def test_agreement_falls_as_annotators_err_more(kind: type[Question], tmp_path: Path):
    found = [simulated(kind, tmp_path, accuracy=accuracy).measures for accuracy in (1.0, 0.8, 0.5)]

    assert found[0]
    for name in found[0]:
        perfect, good, poor = (measures[name] for measures in found)
        assert perfect == pytest.approx(1.0), name
        assert perfect > good > poor, name


@EVERY_TYPE
def test_the_consensus_of_five_is_right_more_often_than_each_of_them(kind: type[Question], tmp_path: Path):
    found = simulated(kind, tmp_path, accuracy=0.8)

    assert found.consensus.keys() == found.truth.keys()
    judged = [without_asides(kind.example().question, found.truth[item]) for item in found.truth]
    decided = [without_asides(kind.example().question, found.consensus[item]) for item in found.truth]
    share = sum(one == other for one, other in zip(judged, decided, strict=True)) / len(judged)
    alone = [
        sum(answers[annotator] == found.truth[item] for item, answers in found.answers.items()) / len(found.truth)
        for annotator in range(5)
    ]
    assert share > max(alone) + CLEARLY


@EVERY_TYPE
def test_whatever_differs_in_a_judgement_is_a_distance(kind: type[Question]):
    example = kind.example()
    _refuse_blind_spots(example.question, example.item, example.answers)


@pytest.mark.parametrize("kind", REGIONS.values(), ids=list(REGIONS))
def test_what_is_said_about_a_region_counts(kind: type[Regions]):
    example = kind.example()
    colour = msgspec.convert(
        {"type": "choice", "name": "colour", "label": "Colour?", "required": False, "options": _options("red", "blue")},
        Choice,
    )
    attributes = (colour, Rating(name="sure", label="How sure?", required=False))
    question = msgspec.structs.replace(example.question, attributes=attributes)
    answers = [
        [{**region, "attributes": {"colour": "red", "sure": 4}} for region in answer]  # type: ignore[attr-defined]
        for answer in example.answers
    ]

    _refuse_blind_spots(question, example.item, answers)


@EVERY_TYPE
def test_answers_that_fit_and_differ_are_apart_for_every_set_of_parameters(kind: type[Question]):
    answers = [case for case in CASES if case["ok"] and TYPES[case["type"]] is kind]

    for _, group in groupby(answers, key=lambda case: (case["question"], case["item"])):
        listed = list(group)
        question, normal = msgspec.convert(listed[0]["question"], kind), [case["normal"] for case in listed]
        for one, other in combinations(normal, 2):
            is_same = without_asides(question, one) == without_asides(question, other)
            assert (question.distance(one, other) == 0) == is_same, (question, one, other)
        _ = _changed_keys(question, listed[0]["item"], normal)


def _refuse_blind_spots(question: Question, item: Any, answers: Any) -> None:
    normal = [question.check(answer, item) for answer in answers]
    keys = {key for answer in normal for key in keys_of(without_asides(question, answer))}
    unchanged = keys - _changed_keys(question, item, normal)
    assert unchanged <= {"size"}, "no change of these was possible: give the example answers that can differ in them"


def _changed_keys(question: Question, item: Any, answers: Any) -> set[str]:
    """The keys that could be changed in one of the answers; each change has to be a distance."""
    words, found = words_of(msgspec.to_builtins(question), *answers), set[str]()
    for answer in answers:
        for change in changes(question, item, answer, words):
            distance = question.distance(answer, change.answer)
            assert distance > 0, change
            assert question.distance(change.answer, answer) == distance, change
            found |= {step for path in change.paths for step in path if isinstance(step, str)}
    return found


def _options(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.title()} for value in values]
