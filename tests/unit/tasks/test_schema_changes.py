import copy
from typing import Any

import pytest

from goldsmith.tasks.schema_changes import can_affect, changes_between, migrated
from goldsmith.tasks.schemas import parse_schema

OLD: dict[str, Any] = {
    "fields": [{"name": "text", "type": "text"}, {"name": "title", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "mood",
            "label": "Mood?",
            "options": [{"value": "good", "label": "Good"}, {"value": "bad", "label": "Bad"}],
        },
        {"type": "rating", "name": "clear", "label": "Clear?", "required": False},
        {
            "type": "spans",
            "name": "names",
            "label": "Names?",
            "required": False,
            "field": "text",
            "labels": [{"value": "person", "label": "Person"}, {"value": "place", "label": "Place"}],
        },
    ],
}
ITEM = {"text": "Ada moved to Paris.", "title": "News"}
ANSWERS = {"mood": "good", "clear": 4, "names": [{"start": 0, "end": 3, "label": "person"}]}


def changed(*steps: tuple[str, Any]) -> dict[str, Any]:
    """The old schema with values at some places, such as `questions/0/label`; None takes one away."""
    schema = copy.deepcopy(OLD)
    for place, value in steps:
        *parents, last = [int(step) if step.isdigit() else step for step in place.split("/")]
        here: Any = schema
        for step in parents:
            here = here[step]
        if value is None:
            del here[last]
        elif isinstance(here, list) and last == len(here):
            here.append(value)
        else:
            here[last] = value
    return schema


def verdict(new: dict[str, Any], answers: dict[str, Any] = ANSWERS, *, is_partial: bool = False):
    return migrated(parse_schema(OLD), parse_schema(new), answers, ITEM, is_partial=is_partial)


@pytest.mark.parametrize(
    "steps",
    [
        [("questions/0/label", "How does it sound?")],
        [("questions/0/help", "Think.")],
        [("questions/0/options", OLD["questions"][0]["options"][::-1])],
        [("questions/0/options/2", {"value": "neither", "label": "Neither"})],
        [("questions/0/options/0/label", "Fine")],
        [("questions/0/required", False)],
        [("questions/1/low_label", "No")],
        [("questions/2/labels/2", {"value": "thing", "label": "Thing"})],
        [("questions", OLD["questions"][::-1])],
        [("fields/2", {"name": "more", "type": "text"})],
        [("questions/3", {"type": "text", "name": "note", "label": "Note?", "required": False})],
        [("questions/1", None)],
    ],
)
def test_changes_that_no_answer_depends_on_affect_nobody(steps: list[tuple[str, Any]]):
    new = changed(*steps)

    assert not can_affect(changes_between(parse_schema(OLD), parse_schema(new)))
    found = verdict(new)
    assert found.question is None
    assert found.answers["mood"] == "good"


def test_a_question_that_is_gone_takes_its_answer_with_it():
    found = verdict(changed(("questions/1", None)))

    assert found.answers.keys() == {"mood", "names"}
    changes = changes_between(parse_schema(OLD), parse_schema(changed(("questions/1", None))))
    assert [(one.question, one.effect) for one in changes] == [("clear", "gone")]


def test_a_removed_option_affects_those_who_picked_it():
    new = changed(("questions/0/options/0", None))
    changes = changes_between(parse_schema(OLD), parse_schema(new))

    assert [(one.question, one.effect) for one in changes] == [("mood", "changed")]
    assert can_affect(changes)
    found = verdict(new)
    assert found.question == "mood"
    assert "'good' is not one of its options" in found.reason
    assert found.answers.keys() == {"clear", "names"}
    assert verdict(new, {**ANSWERS, "mood": "bad"}).question is None


@pytest.mark.parametrize(
    ("steps", "question", "reason"),
    [
        ([("questions/1/high", 7)], "clear", "`high` changed"),
        ([("questions/1", {"type": "number", "name": "clear", "label": "C?"})], "clear", "was rating and is number"),
        ([("questions/2/field", "title")], "names", "`field` changed"),
        ([("questions/2/labels/0", None)], "names", "'person' is not one of its labels"),
        ([("questions/3", {"type": "text", "name": "why", "label": "Why?"})], "why", "it has to be answered"),
    ],
)
def test_other_changes_affect_those_whose_answers_do_not_fit(steps: list[tuple[str, Any]], question: str, reason: str):
    new = changed(*steps)

    assert can_affect(changes_between(parse_schema(OLD), parse_schema(new)))
    found = verdict(new)
    assert found.question == question
    assert reason in found.reason
    assert found.answers["mood"] == "good"


def test_who_left_a_remade_question_open_is_not_affected():
    assert verdict(changed(("questions/1/high", 7)), {"mood": "good"}).question is None


def test_a_new_required_question_affects_only_those_it_is_asked_of():
    why = {"type": "text", "name": "why", "label": "Why?", "when": [{"question": "mood", "is": ["bad"]}]}
    new = changed(("questions/3", why))

    assert verdict(new).question is None
    assert verdict(new, {**ANSWERS, "mood": "bad"}).question == "why"


def test_a_condition_that_no_longer_holds_takes_the_answer_with_it():
    found = verdict(changed(("questions/1/when", [{"question": "mood", "is": ["bad"]}])))

    assert found.question is None
    assert found.answers.keys() == {"mood", "names"}


def test_models_may_leave_a_new_question_open():
    new = changed(("questions/3", {"type": "text", "name": "why", "label": "Why?"}))

    assert verdict(new, {"mood": "good"}, is_partial=True).question is None


def test_several_answers_that_do_not_fit_leave_the_rest():
    new = changed(("questions/0/options/0", None), ("questions/2/labels/0", None), ("questions/1/high", 7))
    found = verdict(new)

    assert found.question == "clear"
    assert found.answers == {}
