import pytest

from goldsmith.errors import SchemaError
from goldsmith.tasks.schemas import parse_schema, schema_json

SPANS = {
    "type": "spans",
    "name": "names",
    "label": "Names",
    "field": "body",
    "labels": [{"value": "person", "label": "Person"}],
}


def test_spans_are_marked_on_text_and_code():
    for kind in ("text", "code"):
        assert parse_schema({"fields": [{"name": "body", "type": kind}], "questions": [SPANS]})


@pytest.mark.parametrize("kind", ["image", "audio", "json", "html", "chat"])
def test_a_question_that_cannot_work_on_its_field_is_refused(kind: str):
    message = rf"\$\.questions\[0\]\.field: the field 'body' is of the type {kind}, and .* only work on text or code"

    with pytest.raises(SchemaError, match=message):
        parse_schema({"fields": [{"name": "body", "type": kind}], "questions": [SPANS]})


def test_a_code_field_names_its_language():
    raw = {"fields": [{"name": "body", "type": "code", "language": "python"}], "questions": [SPANS]}

    assert schema_json(parse_schema(raw))["fields"] == raw["fields"]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"type": "text", "language": "python"}, "`language` is for fields of the type code, not text"),
        ({"type": "code", "language": "Py thon"}, "has to be a name such as 'python'"),
        ({"type": "code", "language": ""}, "has to be a name such as 'python'"),
    ],
)
def test_a_language_that_means_nothing_is_refused(field: dict[str, str], message: str):
    with pytest.raises(SchemaError, match=message):
        parse_schema({"fields": [{"name": "body", **field}], "questions": [SPANS]})


def test_examples_are_kept_with_the_help():
    question = {**SPANS, "examples": [{"text": "Ada went", "answer": "Ada", "note": "A first name is a name."}]}
    schema = parse_schema({"fields": [{"name": "body"}], "questions": [question]})

    assert schema_json(schema)["questions"][0]["examples"] == question["examples"]  # type: ignore[index]


def test_an_empty_example_is_refused():
    question = {**SPANS, "examples": [{"text": " "}]}

    with pytest.raises(SchemaError, match=r"\$\.questions\[0\]\.examples\[0\]: the `text` of an example is empty"):
        parse_schema({"fields": [{"name": "body"}], "questions": [question]})
