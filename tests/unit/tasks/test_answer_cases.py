"""The verdicts that the browser is tested with, too."""

import msgspec
import pytest

from goldsmith.tasks.schemas import check_answers, parse_schema, question_types
from tests.cases.answers import FILE, cases, text

CASES = cases()
FEWEST_BAD = 8


def test_the_file_is_what_the_code_says_now():
    assert FILE.read_bytes() == text(), "run `python -m tests.cases.answers`"


@pytest.mark.parametrize("name", question_types())
def test_every_type_has_answers_that_fit_and_many_that_do_not(name: str):
    of_type = [case for case in CASES["answers"] if case["type"] == name]

    assert sum(not case["ok"] for case in of_type) >= FEWEST_BAD
    assert sum(case["ok"] for case in of_type) >= 2


def test_normal_forms_stay_as_they_are():
    kinds = question_types()

    for case in CASES["answers"]:
        if case["ok"]:
            question = msgspec.convert(case["question"], kinds[case["type"]])
            assert question.check(case["normal"], case["item"]) == case["normal"]
    for case in CASES["annotations"]:
        if case["ok"]:
            assert check_answers(parse_schema(case["schema"]), case["normal"], case["item"]) == case["normal"]
