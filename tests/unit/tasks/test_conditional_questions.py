import copy

import pytest

from goldsmith.errors import AnswerError, SchemaError
from goldsmith.tasks.schemas import check_answers, check_some_answers, parse_schema, schema_json

REVIEW = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choices",
            "name": "faults",
            "label": "What is wrong?",
            "required": False,
            "options": [{"value": "facts", "label": "Facts"}, {"value": "tone", "label": "Tone"}],
        },
        {
            "type": "rating",
            "name": "severity",
            "label": "How bad is it?",
            "when": [{"question": "faults", "is": ["facts"]}],
        },
        {
            "type": "text",
            "name": "reason",
            "label": "Why?",
            "when": [{"question": "severity", "at_least": 4}],
        },
        {
            "type": "text",
            "name": "praise",
            "label": "What is good?",
            "required": False,
            "when": [{"question": "faults", "is_answered": False}],
        },
    ],
}
ITEM = {"text": "The moon is a planet."}


def checked(answers: dict[str, object]) -> dict[str, object]:
    return check_answers(parse_schema(REVIEW), answers, ITEM)


def with_condition(condition: object) -> dict[str, object]:
    schema = copy.deepcopy(REVIEW)
    schema["questions"][2]["when"] = [condition]
    return schema


def test_a_question_that_is_not_asked_needs_no_answer():
    assert checked({"faults": ["tone"]}) == {"faults": ["tone"]}


def test_a_question_that_is_asked_does():
    with pytest.raises(AnswerError, match="question 'severity': it has to be answered"):
        checked({"faults": ["tone", "facts"]})


def test_an_answer_that_was_not_asked_for_is_left_out_whatever_it_is():
    assert checked({"faults": ["tone"], "severity": 99, "reason": "so"}) == {"faults": ["tone"]}


def test_a_condition_on_a_question_that_is_not_asked_does_not_hold():
    assert checked({"faults": ["facts"], "severity": 5, "reason": "so"})["reason"] == "so"
    assert "reason" not in checked({"faults": ["tone"], "severity": 5, "reason": "so"})
    assert "reason" not in checked({"faults": ["facts"], "severity": 3, "reason": "so"})


def test_the_lack_of_an_answer_can_be_a_condition():
    assert checked({"praise": "short"}) == {"praise": "short"}
    assert checked({"faults": [], "praise": "short"}) == {"faults": []}


def test_what_a_model_left_open_is_no_reason_to_leave_out_its_other_answers():
    schema = parse_schema(REVIEW)

    assert check_some_answers(schema, {"severity": 4}, ITEM) == {"severity": 4}
    assert check_some_answers(schema, {"faults": ["tone"], "severity": 4}, ITEM) == {"faults": ["tone"]}


def test_conditions_round_trip():
    schema = parse_schema(REVIEW)

    assert parse_schema(schema_json(schema)) == schema


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"question": "severety", "at_least": 1}, r"no question 'severety'; did you mean 'severity'\?"),
        ({"question": "reason", "is_answered": True}, "'reason' does not come before 'reason'; move it up"),
        ({"question": "praise", "is_answered": True}, "'praise' does not come before 'reason'; move it up"),
        ({"question": "faults", "is": ["fact"]}, r"'fact' is no answer to 'faults'; did you mean 'facts'\?"),
        ({"question": "faults", "at_least": 2}, "the answer to 'faults' is no number"),
        ({"question": "severity", "is": ["4"]}, "'4' is no rating of 'severity', from 1 to 5"),
        ({"question": "severity", "at_least": 6}, "6 is no rating of 'severity'"),
        ({"question": "severity"}, "a condition has either `is`"),
        ({"question": "severity", "is": [1], "at_least": 1}, "a condition has either `is`"),
        ({"question": "severity", "is": []}, "`is` has to list 1 to 1000 values, not 0"),
        ({"question": "severity", "at_least": 4, "at_most": 2}, "no answer is at least 4 and at most 2"),
        ({"question": "severity", "at_leat": 4}, r"no key 'at_leat' here; did you mean 'at_least'\?"),
        ("severity", "Expected `object`"),
    ],
)
def test_a_condition_that_cannot_work_is_refused_with_its_place(condition: object, message: str):
    with pytest.raises(SchemaError, match=message) as refused:
        parse_schema(with_condition(condition))
    assert str(refused.value).startswith("$.questions[2].when[0]")


def test_only_whether_it_is_answered_can_be_asked_of_a_text():
    schema = copy.deepcopy(REVIEW)
    schema["questions"][3]["when"] = [{"question": "reason", "is": ["so"]}]

    with pytest.raises(SchemaError, match=r"of 'reason' only `is_answered` can be asked"):
        parse_schema(schema)
