import copy

import pytest

from goldsmith.errors import AnswerError, SchemaError
from goldsmith.tasks.schemas import check_answers, parse_schema, question_type_rows, question_types, schema_json
from goldsmith.tasks.types.choice import Choice

LICENCE = {
    "fields": [{"name": "text", "type": "text"}, {"name": "Package Name", "type": "text", "label": "Package"}],
    "questions": [
        {
            "type": "choice",
            "name": "licence",
            "label": "Which licence is this?",
            "required": True,
            "options": [{"value": "MIT", "label": "MIT", "key": "1"}, {"value": "ISC", "label": "ISC", "help": "rare"}],
        },
        {
            "type": "spans",
            "name": "holder",
            "label": "Who holds the copyright?",
            "required": False,
            "field": "text",
            "labels": [{"value": "holder", "label": "Holder"}],
            "discontinuous": False,
        },
    ],
}
JOINED = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # Persian; its two parts meet in a joiner
JANE_DOE = "01332c876518a793"
ITEM = {"text": "Copyright Jane Doe", "Package Name": "attrs"}


def changed(path: str, value: object) -> dict[str, object]:
    schema = copy.deepcopy(LICENCE)
    *parents, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    here: object = schema
    for step in parents:
        here = here[step]  # type: ignore[index]
    here[last] = value  # type: ignore[index]
    return schema


def test_a_schema_round_trips_through_its_json():
    schema = parse_schema(LICENCE)

    assert schema_json(schema) == LICENCE
    assert parse_schema(schema_json(schema)) == schema
    assert isinstance(schema.questions[0], Choice)


def test_a_persian_label_with_joiners_is_a_label():
    schema = parse_schema(changed("questions/0/options/0/label", JOINED))

    assert schema_json(schema)["questions"][0]["options"][0]["label"] == JOINED  # type: ignore[index]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (None, r"\$: a schema is an object with fields and questions, not None"),
        ([], r"\$: a schema is an object"),
        ({**LICENCE, "question": []}, r"\$: there is no key 'question' here; did you mean 'questions'\?"),
        ({**LICENCE, 3: []}, r"\$: there is no key 3 here"),
        ({"questions": LICENCE["questions"]}, r"\$\.fields: give a list of fields, not None"),
        ({**LICENCE, "fields": []}, r"\$\.fields: there have to be 1 to 200 fields, not 0"),
        ({**LICENCE, "questions": []}, r"\$\.questions: there have to be 1 to 200 questions, not 0"),
        ({**LICENCE, "fields": "text"}, r"\$\.fields: give a list of fields, not 'text'"),
        (changed("fields/0", "text"), r"\$\.fields\[0\]: Expected `object`, got `str`"),
        (changed("fields/0/type", "txt"), r"\$\.fields\[0\]\.type: Invalid enum value 'txt'"),
        (changed("fields/0/name", "__proto__"), r"\$\.fields\[0\]: the name '__proto__' has a meaning of its own"),
        (changed("fields/0/name", ""), r"\$\.fields\[0\]: `name` is empty"),
        (changed("fields/0/name", " text"), r"begins or ends with white space"),
        (changed("fields/0/name", "te\x00xt"), r"cannot be seen"),
        (changed("fields/0/name", "te\ud800xt"), r"cannot be seen"),
        (changed("fields/0/name", "t" * 201), r"at most 200"),
        (changed("fields/1/name", "text"), r"\$\.fields\[1\]\.name: 'text' is already the name of \$\.fields\[0\]"),
        (changed("questions/0", 7), r"\$\.questions\[0\]: a question is an object with a `type`, not 7"),
        (changed("questions/0/type", "choise"), r"\$\.questions\[0\]\.type: .*'choise'; did you mean 'choice'\?"),
        (changed("questions/0/type", ["choice"]), r"\$\.questions\[0\]\.type: there is no question type \['choice'\]"),
        (
            changed("questions/0/type", None),
            r"\$\.questions\[0\]: the question has no `type`; give one of: audio_regions, ",
        ),
        (changed("questions/0/lable", "x"), r"\$\.questions\[0\]: .*'lable' here; did you mean 'label'\?"),
        (
            changed("questions/0/options/1/vlaue", "x"),
            r"\$\.questions\[0\]\.options\[1\]: .*'vlaue' here; did you mean 'value'\?",
        ),
        (changed("questions/0/options/1/value", 3), r"\$\.questions\[0\]\.options\[1\]\.value: Expected `str`"),
        (changed("questions/0/options/1/value", "MIT"), r"\$\.questions\[0\]: the value in `options` 'MIT' occurs twi"),
        (changed("questions/0/options/1/key", "1"), r"the key in `options` '1' occurs twice"),
        (changed("questions/0/options/1/key", "12"), r"\$\.questions\[0\]\.options\[1\]: `key` has to be one letter"),
        (changed("questions/0/options/1/key", "S"), r"`key` 'S' is used by the labelling screen"),
        (changed("questions/0/options", []), r"\$\.questions\[0\]: `options` is empty"),
        (changed("questions/0/options/0/value", ""), r"`value` is empty"),
        (changed("questions/0/options/0/help", "x" * 10_001), r"`help` has 10001 characters"),
        (changed("questions/0/required", "yes"), r"\$\.questions\[0\]\.required: Expected `bool`"),
        (changed("questions/0/label", "  "), r"`label` '  ' begins or ends with white space"),
        (changed("questions/0/name", "Licence"), r"\$\.questions\[0\]: the name 'Licence' has to be"),
        (changed("questions/0/name", "__proto__"), r"the name '__proto__' has to be"),
        (changed("questions/0/name", "licence\n"), r"has to be 1 to 64"),
        (changed("questions/0/name", "1st"), r"has to be 1 to 64"),
        (changed("questions/0/name", "l" * 65), r"has to be 1 to 64"),
        (changed("questions/1/name", "licence"), r"\$\.questions\[1\]\.name: 'licence' is already the name of"),
        (changed("questions/1/field", "txt"), r"\$\.questions\[1\]\.field: there is no field 'txt'; did you mean 'te"),
        (changed("questions/1/labels", []), r"\$\.questions\[1\]: `labels` is empty"),
        (
            changed("questions/0/options", [{"value": str(i), "label": str(i)} for i in range(1001)]),
            r"`options` has 1001 entries; at most 1000",
        ),
    ],
)
def test_a_malformed_schema_is_refused_with_its_place(raw: object, message: str):
    with pytest.raises(SchemaError, match=message):
        parse_schema(raw)


def test_a_key_that_is_no_text_is_refused():
    question: dict[object, object] = {**LICENCE["questions"][0], 3: "x"}  # type: ignore[dict-item]

    with pytest.raises(SchemaError, match=r"\$\.questions\[0\]: Expected `str`"):
        parse_schema(changed("questions/0", question))


def test_a_name_of_64_characters_is_a_name():
    assert parse_schema(changed("questions/0/name", "l" * 64)).questions[0].name == "l" * 64


def test_answers_come_back_in_the_order_of_the_questions():
    schema = parse_schema(LICENCE)
    span = {"start": 10, "end": 18, "label": "holder"}

    checked = check_answers(schema, {"holder": [span], "licence": "MIT"}, ITEM)

    assert list(checked.items()) == [("licence", "MIT"), ("holder", [{**span, "hash": JANE_DOE}])]


def test_an_unanswered_optional_question_is_left_out_and_an_empty_one_is_kept():
    schema = parse_schema(LICENCE)

    assert check_answers(schema, {"licence": "MIT", "holder": None}, ITEM) == {"licence": "MIT"}
    assert check_answers(schema, {"licence": "MIT"}, ITEM) == {"licence": "MIT"}
    assert check_answers(schema, {"licence": "MIT", "holder": []}, ITEM) == {"licence": "MIT", "holder": []}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (None, "None are no answers; send an object"),
        (["MIT"], "are no answers"),
        ({}, "question 'licence': it has to be answered; answer it, or skip the item"),
        ({"licence": ""}, "question 'licence': it has to be answered"),
        ({"licence": None}, "question 'licence': it has to be answered"),
        ({"licence": "MIT", "holdr": []}, "there is no question 'holdr'; did you mean 'holder'"),
        ({"licence": "MIT", 3: []}, "there is no question '3'"),
        ({"licence": "MTI"}, "question 'licence': 'MTI' is not one of its options; did you mean 'MIT'"),
        ({"licence": 1}, "question 'licence': 1 is not the value of an option"),
        ({"licence": ["MIT"]}, "is not the value of an option"),
    ],
)
def test_answers_that_do_not_fit_are_refused(answers: object, message: str):
    with pytest.raises(AnswerError, match=message):
        check_answers(parse_schema(LICENCE), answers, ITEM)


def test_the_question_types_of_the_api_are_found():
    assert {"choice", "spans"} <= question_types().keys()
    for row in question_type_rows():
        assert row.title
        assert row.widget
        assert "$defs" in row.json_schema
